using Deploy.Model;

namespace Deploy.Modes.Client.Ordering;

/// <summary>A retry in the words of the command line; null where it says nothing.</summary>
internal sealed record RetryAsk
{
    /// <summary>The job's id, or a part of it.</summary>
    public required string Job { get; init; }

    /// <summary>Where the hosts stand that are asked again.</summary>
    public required IReadOnlyList<HostState> States { get; init; }

    /// <summary>Of these hosts so many.</summary>
    public string? Limit { get; init; }

    /// <summary>Why; null repeats what the job says.</summary>
    public string? Reason { get; init; }

    /// <summary>Waits for a lease.</summary>
    public bool Wait { get; init; }

    /// <summary>How long the client waits, and a rollout starts hosts.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Of this job alone: what the one before was allowed it was allowed once.</summary>
    public int? AllowDelete { get; init; }
}
