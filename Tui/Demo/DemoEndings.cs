using System.Globalization;
using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>What becomes of a host in a job: decided by seed, job and host, before it starts.</summary>
internal sealed class DemoEndings(DemoChance chance, DemoTrees trees)
{
    /// <summary>How long the proxy dials.</summary>
    private static readonly TimeSpan DialTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(20);

    /// <summary>The end of a host of a job that starts now.</summary>
    public DemoEnd Of(DemoJob job, DemoHost host, DateTimeOffset now)
    {
        string key = $"{job.Id} {host.Name}";
        if (!host.Answers(now))
        {
            return new DemoEnd(HostState.Unreachable, DialTime) { Reason = "can't connect: no answer within 5 s" };
        }

        return job.Spec.Order switch
        {
            Order.Exec => Command(job.Spec, host, key),
            Order.Rkill => new DemoEnd(HostState.Unchanged, Seconds(0.2, 0.9, key)) { Reason = "nothing ran" },
            Order.Rsync => Sync(job, host, key),
            _ => Counted(job, host, key),
        };
    }

    /// <summary>Of status, rlist and plans: a dry run.</summary>
    private DemoEnd Counted(DemoJob job, DemoHost host, string key)
    {
        var changes = trees.Of(host, job.Spec.Group ?? string.Empty);
        return new DemoEnd(IsEmpty(changes) ? HostState.Unchanged : HostState.Ok, Seconds(0.8, 2.8, key))
        {
            ExitCode = 0,
            Changes = changes,
            HasShape = job.Spec.Order == Order.Rlist,
            Warning = changes.Totals.Deleted > DemoTrees.Guard ? $"a sync would be refused: {GuardSays(changes)}" : null,
        };
    }

    private DemoEnd Sync(DemoJob job, DemoHost host, string key)
    {
        string group = job.Spec.Group ?? string.Empty;
        var changes = trees.Of(host, group);
        if (job.Spec.Plan is not null && job.Planned(host.Name) != changes.Digest)
        {
            return new DemoEnd(HostState.Refused, Seconds(0.8, 2, key)) { Reason = "the dry run gives another change set than the plan has: plan again", Cause = Reasons.PlanDrift };
        }

        if (changes.Totals.Deleted > Math.Max(DemoTrees.Guard, job.Spec.AllowDelete ?? 0))
        {
            return new DemoEnd(HostState.Refused, Seconds(0.8, 2, key))
            {
                Reason = $"{GuardSays(changes)}; look at what would go (deploy client plan); where that is right allow it once: --allow-delete {changes.Totals.Deleted.ToString(CultureInfo.InvariantCulture)}",
                Cause = Reasons.Guard,
            };
        }

        if (IsEmpty(changes))
        {
            return new DemoEnd(HostState.Unchanged, Seconds(0.6, 1.4, key)) { ExitCode = 0, Changes = changes, HasShape = true };
        }

        var whole = new DemoEnd(HostState.Ok, TimeSpan.FromSeconds(1 + (changes.Totals.Bytes / host.BytesPerSecond))) { ExitCode = 0, Changes = changes, HasShape = true, Takes = group };
        if (host.Name == DemoHosts.Broken && (group is "site" or "static"))
        {
            return Partial(whole, 0.94, "mkstemp \"img/.017.webp.x8Qe1z\" failed: Permission denied (13)");
        }

        return chance.Below(1000, $"{key} ends") switch
        {
            < 12 => Partial(whole, 0.97, "write failed on \"img/041.webp\": No space left on device (28)"),
            < 20 => whole with
            {
                State = HostState.Failed,
                Duration = whole.Duration * 0.4,
                Share = 0.4,
                ExitCode = 12,
                Reason = "the connection to origin origin-1 broke: connection unexpectedly closed (98304 bytes received so far); see that rsyncd runs there, then sync again",
                HasShape = false,
                Takes = null,
            },
            < 23 => whole with
            {
                State = HostState.Timeout,
                Duration = (whole.Duration * 0.3) + Still,
                Stalls = Still,
                Share = 0.3,
                ExitCode = null,
                Reason = "nothing has moved for 20 s, of host_timeout_seconds 300; look at the network between host and origin",
                Changes = null,
                HasShape = false,
                Takes = null,
            },
            _ => whole,
        };
    }

    private static DemoEnd Partial(DemoEnd whole, double share, string said) => whole with
    {
        State = HostState.Partial,
        Share = share,
        ExitCode = 23,
        Reason = $"some files were not transferred; first reason: {said}; see what rsync said below, mend what it names, and sync again",
        Takes = null,
    };

    private DemoEnd Command(JobSpec spec, DemoHost host, string key)
    {
        if (DemoOutputs.Of(spec, host) is not { } output)
        {
            return new DemoEnd(HostState.Refused, Seconds(0.1, 0.4, key)) { Reason = $"there is no command '{spec.Command}' here; there are {string.Join(", ", DemoOutputs.Commands)}" };
        }

        return new DemoEnd(output.ExitCode == 0 ? HostState.Ok : HostState.Failed, Seconds(0.3, 2.5, key))
        {
            ExitCode = output.ExitCode,
            Reason = output.ExitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"exit code {output.ExitCode}"),
            Output = ShapeContent.OfOutput(output.ExitCode, output.Out.Span, output.Error.Span),
        };
    }

    private static string GuardSays(DemoChanges changes) =>
        string.Create(CultureInfo.InvariantCulture, $"the delete guard refuses, nothing was touched: {changes.Totals.Deleted} of the target's 9312 entries would go, and {DemoTrees.Guard} may (max_delete): {FirstDeleted(changes)}, …");

    private static string FirstDeleted(DemoChanges changes) => string.Join(", ", Encoding.UTF8.GetString(changes.Content.Bytes.Span).Split('\n')
        .Where(line => line.StartsWith("deleted\t", StringComparison.Ordinal)).Take(3).Select(line => line[(line.LastIndexOf('\t') + 1)..]));

    private static bool IsEmpty(DemoChanges changes) => changes.Content.Bytes.IsEmpty;

    private TimeSpan Seconds(double least, double most, string key) => TimeSpan.FromSeconds(chance.Between(least, most, $"{key} takes"));
}

/// <summary>How a host of a made-up job ends.</summary>
/// <param name="State">Terminal.</param>
/// <param name="Duration">From its start; of an unreachable host, of the dialling.</param>
internal sealed record DemoEnd(HostState State, TimeSpan Duration)
{
    public string? Reason { get; init; }

    public string? Cause { get; init; }

    public string? Warning { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>What was changed, or would be; null where nothing is known.</summary>
    public DemoChanges? Changes { get; init; }

    /// <summary>Whether the changes are told as a shape.</summary>
    public bool HasShape { get; init; }

    /// <summary>What a command printed.</summary>
    public ShapeContent? Output { get; init; }

    /// <summary>How much of its bytes it has transferred at its end, 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The sync group whose release the host has from then on; null where it does not get it.</summary>
    public string? Takes { get; init; }

    /// <summary>How long nothing moves before it ends.</summary>
    public TimeSpan Stalls { get; init; }

    /// <summary>The content of its shape; null where it has none.</summary>
    public ShapeContent? Content => Output ?? (HasShape ? Changes?.Content : null);

    /// <summary>Where a host stands once it has ended so.</summary>
    public HostStanding Of(HostStanding standing, DateTimeOffset now) => standing with
    {
        State = State,
        Reason = Reason,
        Cause = Cause,
        Warning = Warning,
        Waiting = null,
        ExitCode = ExitCode,
        Ended = now,
        Progress = null,
        Totals = Changes?.Totals,
        Shape = Content?.Digest(),
    };

    /// <summary>What the host has and is from then on.</summary>
    public void Do(DemoJob job, DemoHost host, DemoTrees trees, DateTimeOffset now)
    {
        if (host.Running == job.Id)
        {
            host.Running = null;
        }

        if (State is not (HostState.Unreachable or HostState.Cancelled or HostState.Skipped) && now > host.LastContact)
        {
            host.LastContact = now;
        }

        if (Takes is { } group)
        {
            host.Releases[group] = trees.Origins.GetValueOrDefault(group);
        }

        if (job.Spec is { Order: Order.Rsync, Group: { } synced } && State is not (HostState.Unreachable or HostState.Skipped or HostState.Refused))
        {
            host.LastSyncs[synced] = new LastSync(job.Id, State, now);
        }
    }
}
