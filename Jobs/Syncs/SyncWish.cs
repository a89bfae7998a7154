using Deploy.Model.Targets;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>What an order says of one sync, beside the group.</summary>
internal sealed record SyncWish
{
    /// <summary>Opens the target, right before each run; see <see cref="SyncCall.Hold"/>.</summary>
    public Func<TargetHold>? Hold { get; init; }

    /// <summary>Deletions that are allowed above the guard's limits, this once; null for none.</summary>
    public int? AllowDelete { get; init; }

    /// <summary>The digest that the dry run must give; null where no plan is asked for.</summary>
    public string? Plan { get; init; }

    /// <summary>How much is kept of what the run itself changes.</summary>
    public ChangeReport Report { get; init; } = ChangeReport.Counts;

    /// <summary>Longest time of all of it; null is without limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Wait while the origin has its greatest number of connections. // original: no</summary>
    public bool WaitsForOrigin { get; init; }

    /// <summary>Told what it waits for, null when it goes on; from any thread.</summary>
    public Action<string?> Waiting { get; init; } = _ => { };

    /// <summary>Told what a dry run counted, before the run itself.</summary>
    public Action<SyncResult> Counted { get; init; } = _ => { };
}
