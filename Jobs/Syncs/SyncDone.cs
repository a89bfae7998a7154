using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>How one sync ended.</summary>
/// <param name="State">A terminal state.</param>
/// <param name="Reason">Why and the next step, one line; null where the state says it all.</param>
internal sealed record SyncDone(HostState State, string? Reason)
{
    /// <summary>One of <see cref="Model.Jobs.Reasons"/>, or null.</summary>
    public string? Cause { get; init; }

    /// <summary>What the operator should hear though it is well; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>The run itself; null where none was started: then the target is as it was.</summary>
    public SyncResult? Run { get; init; }

    /// <summary>The dry run before it; null where none was made.</summary>
    public SyncResult? Counted { get; init; }

    /// <summary>What was wrong and the next step, where no rsync said so: the guard, a plan; null else.</summary>
    public (string What, string NextStep)? Refusal { get; init; }

    /// <summary>The origin has its greatest number of connections: worth waiting for.</summary>
    public bool IsOriginBusy => (Run ?? Counted) is { Outcome: SyncOutcome.Failed, Diagnosis.Fault: Fault.OriginBusy };

    /// <summary>As the legacy answer of a failed order has it: what rsync said, then our reading of it; ByteText.</summary>
    public string Text(string hostName) => Refusal is { } no
        ? SyncCalls.Text(no.What, no.NextStep, hostName)
        : State == HostState.Refused ? $"deploy: error: {hostName}: {Reason}\n"
        : SyncCalls.Text(Run ?? Counted ?? new SyncResult { Outcome = SyncOutcome.Cancelled }, hostName);
}
