using Deploy.Model;
using Deploy.Security;

namespace Deploy.Jobs.Syncs;

/// <summary>
/// The syncs that write now, by target: the agent's own table, which status and rkill read. One sync at a time writes a directory, or anything
/// above or below it: two would undo each other. Remembers of each target how its last sync ended, where that was not well.
/// </summary>
internal sealed class RunningSyncs
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RunningSync> byTarget = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SyncEnd> badEnds = new(StringComparer.Ordinal);
    private bool closed;

    /// <summary>The sync that writes this target, or one above or below it, or that this group started when a link led elsewhere; null for none.</summary>
    /// <param name="targetKey">The target's real path.</param>
    /// <param name="group">The group's name, or the request's own origin and target.</param>
    public RunningSync? Of(string targetKey, string group)
    {
        lock (gate)
        {
            return Find(targetKey, group);
        }
    }

    /// <summary>How the last sync of this target ended, when that was not well; null after a good one, and when none is known.</summary>
    public SyncEnd? BadEndOf(string targetKey)
    {
        lock (gate)
        {
            return badEnds.GetValueOrDefault(targetKey);
        }
    }

    /// <summary>Takes over from before a restart how a target's last sync ended.</summary>
    public void Restore(string targetKey, SyncEnd end)
    {
        lock (gate)
        {
            Remember(targetKey, end);
        }
    }

    /// <summary>Claims a target for a job, before anything is started.</summary>
    public SyncClaim Claim(string targetKey, string group, JobId job)
    {
        lock (gate)
        {
            if (closed)
            {
                return new SyncClaim.Closed();
            }

            if (Find(targetKey, group) is { } other)
            {
                return new SyncClaim.Busy(other);
            }

            if (byTarget.Count >= Limits.SyncsAtOnce)
            {
                return new SyncClaim.Full();
            }

            var sync = new RunningSync(job, group, end => Release(targetKey, end));
            byTarget.Add(targetKey, sync);
            return new SyncClaim.Claimed(sync);
        }
    }

    /// <summary>No claim from here on.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }
    }

    /// <summary>No claim from here on; waits for every sync to end until <paramref name="grace"/> fires, then stops the rest.</summary>
    public async Task DrainAsync(TimeSpan killGrace, CancellationToken grace)
    {
        Close();
        try
        {
            await Task.WhenAll(All().Select(sync => sync.Ended)).WaitAsync(grace).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(All().Select(sync => sync.StopAsync(killGrace))).ConfigureAwait(false);
        }
    }

    /// <summary>Those that run now.</summary>
    public IReadOnlyList<RunningSync> All()
    {
        lock (gate)
        {
            return [.. byTarget.Values];
        }
    }

    private RunningSync? Find(string targetKey, string group) => byTarget.FirstOrDefault(running =>
        TargetRules.IsBelow(running.Key, targetKey) || TargetRules.IsBelow(targetKey, running.Key) || running.Value.Group == group).Value;

    private void Release(string targetKey, SyncEnd end)
    {
        lock (gate)
        {
            byTarget.Remove(targetKey);
            Remember(targetKey, end);
        }
    }

    private void Remember(string targetKey, SyncEnd end)
    {
        badEnds.Remove(targetKey);
        if (end.State is HostState.Failed or HostState.Partial or HostState.Timeout or HostState.Refused)
        {
            if (badEnds.Count >= Limits.FinishedJobs)
            {
                badEnds.Remove(badEnds.MinBy(bad => bad.Value.At).Key);
            }

            badEnds.Add(targetKey, end);
        }
    }
}

/// <summary>How a sync ended.</summary>
/// <param name="State">A terminal state.</param>
/// <param name="Reason">Why, with the next step; null where the state says it all.</param>
/// <param name="At">When.</param>
internal sealed record SyncEnd(HostState State, string? Reason, DateTimeOffset At);

/// <summary>What claiming a target came to.</summary>
internal abstract record SyncClaim
{
    private SyncClaim()
    {
    }

    /// <summary>The target is ours.</summary>
    internal sealed record Claimed(RunningSync Sync) : SyncClaim;

    /// <summary>This one writes there now, or above or below.</summary>
    internal sealed record Busy(RunningSync Sync) : SyncClaim;

    /// <summary>As many run as may.</summary>
    internal sealed record Full : SyncClaim;

    /// <summary>The agent is stopping.</summary>
    internal sealed record Closed : SyncClaim;
}
