using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui;

/// <summary>A job that the operator wants: its document without what the fleet puts there (id, time, who).</summary>
internal sealed record JobWish
{
    public required Order Order { get; init; }

    /// <summary>The hosts, each once, in the order of the list.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>As of <see cref="JobSpec"/>.</summary>
    public string? Group { get; init; }

    public string? Origin { get; init; }

    public string? Target { get; init; }

    public string? Command { get; init; }

    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Of rlist: makes it a plan.</summary>
    public bool IsPlan { get; init; }

    /// <summary>The plan that it does, for the command line that is shown; the digests are in <see cref="Plan"/>.</summary>
    public JobId? OfPlan { get; init; }

    /// <summary>By digest the hosts, folded; as of <see cref="JobSpec"/>.</summary>
    public IReadOnlyDictionary<string, string>? Plan { get; init; }

    public int? AllowDelete { get; init; }

    public RolloutSpec? Rollout { get; init; }

    public string? Reason { get; init; }

    /// <summary>The job whose hosts are asked again, for the command line that is shown; null for none.</summary>
    public JobId? Again { get; init; }

    /// <summary>Where the hosts stand there that are asked again, where they are all of those that do; empty for those that a retry takes by itself, null where the hosts were chosen otherwise.</summary>
    public IReadOnlyList<HostState>? AgainStates { get; init; }

    /// <summary>As of <see cref="JobSpec"/>.</summary>
    public int? HostTimeoutSeconds { get; init; }
}
