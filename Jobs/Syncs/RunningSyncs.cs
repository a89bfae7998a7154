using System.Diagnostics.CodeAnalysis;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>The syncs that write now, by target: the agent's own table, which status and rkill read. At most one a target.</summary>
internal sealed class RunningSyncs
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, RunningSync> byTarget = new(StringComparer.Ordinal);

    /// <summary>The sync of this target, or null.</summary>
    /// <param name="targetKey">The target's real path.</param>
    public RunningSync? Of(string targetKey)
    {
        lock (gate)
        {
            return byTarget.GetValueOrDefault(targetKey);
        }
    }

    /// <summary>Claims a target for a job, before anything is started; false gives the sync that has it.</summary>
    public bool TryClaim(string targetKey, Job job, [NotNull] out RunningSync? sync)
    {
        lock (gate)
        {
            if (byTarget.TryGetValue(targetKey, out sync))
            {
                return false;
            }

            sync = new RunningSync(job, () => Release(targetKey));
            byTarget.Add(targetKey, sync);
            return true;
        }
    }

    /// <summary>Waits for every sync to end until <paramref name="grace"/> fires, then stops the rest.</summary>
    public async Task DrainAsync(TimeSpan killGrace, CancellationToken grace)
    {
        var all = All();
        try
        {
            await Task.WhenAll(all.Select(sync => sync.Ended)).WaitAsync(grace).ConfigureAwait(false);
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

    private void Release(string targetKey)
    {
        lock (gate)
        {
            byTarget.Remove(targetKey);
        }
    }
}

/// <summary>One sync that writes its target: claimed first, then followed to its end.</summary>
internal sealed class RunningSync(Job job, Action release)
{
    private readonly TaskCompletionSource<RsyncRun> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Job Job => job;

    /// <summary>Ends when the target is free again; never faults.</summary>
    public Task Ended => ended.Task;

    /// <summary>Its live processes; empty in the moment before it starts.</summary>
    public IReadOnlyList<int> LivePids() => started.Task.IsCompletedSuccessfully ? started.Task.Result.LivePids() : [];

    /// <summary>Follows a run from its start to its end, then frees the target, whatever happened.</summary>
    /// <param name="starting">The run that is being started.</param>
    /// <param name="onEnd">Called before the target is free again.</param>
    public async Task<SyncResult> FollowAsync(Task<RsyncRun> starting, Action<SyncResult> onEnd)
    {
        try
        {
            var run = await starting.ConfigureAwait(false);
            started.SetResult(run);
            var result = await run.Completion.ConfigureAwait(false);
            onEnd(result);
            return result;
        }
        finally
        {
            release();
            started.TrySetCanceled();
            ended.SetResult();
        }
    }

    /// <summary>Stops it; ends when none of its processes is left and the target is free. Returns the pids that ran.</summary>
    public async Task<IReadOnlyList<int>> StopAsync(TimeSpan grace)
    {
        var run = await started.Task.ConfigureAwait(false);
        var pids = run.LivePids();
        await run.StopAsync(grace).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        return pids;
    }
}
