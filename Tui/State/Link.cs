using Deploy.Model.Jobs;

namespace Deploy.Tui.State;

/// <summary>How a daemon is reached.</summary>
internal sealed record Link
{
    /// <summary>What it tells of itself; null before it was reached.</summary>
    public DaemonSelf? Self { get; init; }

    /// <summary>How long a question took last.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>When something was heard of it last.</summary>
    public DateTimeOffset? Heard { get; init; }

    /// <summary>Why it is not reached; null while it is.</summary>
    public string? Trouble { get; init; }

    /// <summary>When it is asked again; null while it is reached, and where it is not asked.</summary>
    public DateTimeOffset? Again { get; init; }
}
