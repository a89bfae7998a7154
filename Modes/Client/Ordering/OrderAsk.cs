using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Ordering;

/// <summary>An order in the words of the command line; null where it says nothing.</summary>
internal sealed record OrderAsk
{
    public required Order Order { get; init; }

    /// <summary>An rlist that is kept.</summary>
    public bool IsPlan { get; init; }

    /// <summary>A sync group; or origin and target; or a command and its arguments.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    public HostWords Hosts { get; init; } = new();

    public RolloutSpec? Rollout { get; init; }

    public TimeSpan? HostTimeout { get; init; }

    /// <summary>How long the client waits; the rollout's own is in <see cref="Rollout"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>A moment or a time from now.</summary>
    public string? NotAfter { get; init; }

    public int? AllowDelete { get; init; }

    /// <summary>The plan's id, or a part of it.</summary>
    public string? Plan { get; init; }

    public string? Reason { get; init; }

    /// <summary>Waits for a lease.</summary>
    public bool Wait { get; init; }
}
