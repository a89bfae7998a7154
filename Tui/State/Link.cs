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

    /// <summary>When it was reached first, or again after it was lost; null before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How far its clock is ahead of the dashboard's; what it tells moments by.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>The epoch of its last event; null before. Another one means that it was started anew, and its numbers with it.</summary>
    public string? Epoch { get; init; }
}
