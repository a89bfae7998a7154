using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>One sync that writes its target: claimed first, then followed to its end.</summary>
/// <param name="job">Its job.</param>
/// <param name="group">The group's name, or the request's own origin and target.</param>
/// <param name="release">Frees the target; told how it ended.</param>
internal sealed class RunningSync(Job job, string group, Action<SyncEnd> release)
{
    private readonly TaskCompletionSource<RsyncRun?> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Job Job => job;

    /// <summary>The group's name, or the request's own origin and target.</summary>
    public string Group => group;

    /// <summary>Its run once it was started; null where starting it failed inside the agent.</summary>
    public Task<RsyncRun?> Started => started.Task;

    /// <summary>Ends when the target is free again; never faults.</summary>
    public Task Ended => ended.Task;

    /// <summary>Its live processes; empty in the moment before it starts.</summary>
    public IReadOnlyList<int> LivePids() => started.Task is { IsCompletedSuccessfully: true, Result: { } run } ? run.LivePids() : [];

    /// <summary>Follows a run from its start to its end, then frees the target, whatever happened.</summary>
    /// <param name="starting">The run that is being started.</param>
    /// <param name="most">How long it may run; then it is stopped. Null is without limit.</param>
    /// <param name="time">The clock of that.</param>
    /// <param name="onEnd">Called before the target is free again, with whether it ended in time: ends the job and says how.</param>
    public async Task<SyncResult> FollowAsync(Task<RsyncRun> starting, TimeSpan? most, TimeProvider time, Func<SyncResult, bool, SyncEnd> onEnd)
    {
        SyncEnd? end = null;
        try
        {
            var run = await starting.ConfigureAwait(false);
            started.SetResult(run);
            bool inTime = await EndsWithinAsync(run, most, time).ConfigureAwait(false);
            var result = inTime ? await run.Completion.ConfigureAwait(false) : await run.StopAsync(Limits.KillGrace).ConfigureAwait(false);
            end = onEnd(result, inTime);
            return result;
        }
        finally
        {
            release(end ?? new SyncEnd(HostState.Failed, "an error inside the agent; its log says which", job.Accepted));
            started.TrySetResult(null);
            ended.SetResult();
        }
    }

    private static async Task<bool> EndsWithinAsync(RsyncRun run, TimeSpan? most, TimeProvider time)
    {
        try
        {
            await run.Completion.WaitAsync(most ?? Timeout.InfiniteTimeSpan, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Stops it; ends when none of its processes is left and the target is free. Returns the pids that ran and run no more.</summary>
    public async Task<IReadOnlyList<int>> StopAsync(TimeSpan grace)
    {
        if (await started.Task.ConfigureAwait(false) is not { } run)
        {
            return [];
        }

        var pids = run.LivePids();
        await run.StopAsync(grace).ConfigureAwait(false);

        // A process that outlives KILL is stuck in the kernel: nobody may wait for it, and the target stays taken.
        await Task.WhenAny(ended.Task, Task.Delay(Limits.EndTime)).ConfigureAwait(false);
        return [.. pids.Except(run.LivePids())];
    }
}
