using Deploy.Model;

namespace Deploy.Tui.Screens.Log;

/// <summary>A line of a log.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it came: of any length, and not safe to print.</param>
/// <param name="Host">Whose; null for none, of a group the first.</param>
internal sealed record LogEntry(LogKind Kind, string Text, string? Host)
{
    /// <summary>When it was printed; null where that is not known: what is kept has no times.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Of a group's first line: where its hosts stand.</summary>
    public HostState? State { get; init; }

    /// <summary>Whether it stands among lines of other hosts, so that it names its own.</summary>
    public bool IsLive { get; init; }
}

/// <summary>The kinds of <see cref="LogEntry"/>.</summary>
internal enum LogKind
{
    /// <summary>The first line of a group.</summary>
    Head,

    /// <summary>Printed on standard output.</summary>
    Out,

    /// <summary>Printed on standard error.</summary>
    Error,

    /// <summary>Said by the dashboard, or the daemon.</summary>
    Note,

    /// <summary>Put by the operator.</summary>
    Marker,

    /// <summary>Empty.</summary>
    Gap,
}
