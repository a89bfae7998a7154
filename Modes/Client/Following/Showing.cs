using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Output.Live;

namespace Deploy.Modes.Client.Following;

/// <summary>In what form a job is shown.</summary>
internal enum ShowAs
{
    Text,
    Json,
    Events,
}

/// <summary>How a job is shown while it runs and when it has ended.</summary>
internal sealed record Showing
{
    public ShowAs As { get; init; }

    /// <summary>Nothing but what is not well.</summary>
    public bool Quiet { get; init; }

    public bool Color { get; init; }

    /// <summary>The terminal does not move its cursor: what is drawn again would stand there many times.</summary>
    public bool IsDumb { get; init; }

    /// <summary>Lists the names that a sync changes.</summary>
    public bool Changes { get; init; }

    /// <summary>Leaves nothing out for length.</summary>
    public bool All { get; init; }

    /// <summary>Exit code 10 where a plan shows changes.</summary>
    public bool DetailedExitCode { get; init; }

    /// <summary>How text is laid out on this terminal.</summary>
    public Layout LayoutOn(Terminal terminal) => new() { Color = Color, OnlyBad = Quiet, All = All, Width = terminal.OutColumns() };

    /// <summary>What shows a job while it runs.</summary>
    public Face FaceOn(Terminal terminal, JobPicture picture, TimeProvider time) =>
        As == ShowAs.Events ? new EventFace(terminal)
        : terminal.ErrorIsTerminal && !Quiet && !IsDumb ? new LiveFace(terminal, picture, time)
        : new PlainFace(terminal, picture, time, Quiet);
}
