using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>
/// One sync that writes its target: claimed first, then followed to its end. It is one piece of work with several runs of rsync, the dry run that counts and the run itself; it counts as
/// running all the while, and a stop ends all of it.
/// </summary>
/// <param name="job">Its job.</param>
/// <param name="group">The group's name, or the request's own origin and target.</param>
/// <param name="release">Frees the target; told how it ended.</param>
internal sealed class RunningSync(JobId job, string group, Action<SyncEnd> release)
{
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Task<RsyncRun>? starting;

    public JobId Job => job;

    /// <summary>The group's name, or the request's own origin and target.</summary>
    public string Group => group;

    /// <summary>Ends once its first run of rsync was started, or starting it failed.</summary>
    public Task Started => started.Task;

    /// <summary>Ends when the target is free again; never faults.</summary>
    public Task Ended => ended.Task;

    /// <summary>Ends when somebody asks it to stop.</summary>
    public Task Stopping => stopping.Task;

    /// <summary>The newest run; null before the first.</summary>
    public RsyncRun? Current
    {
        get
        {
            lock (gate)
            {
                return starting is { IsCompletedSuccessfully: true } run ? run.Result : null;
            }
        }
    }

    /// <summary>Its live processes; empty in the moments between its runs.</summary>
    public IReadOnlyList<int> LivePids() => Current?.LivePids() ?? [];

    /// <summary>Starts its next run; null where it was asked to stop: then nothing starts any more.</summary>
    public async Task<RsyncRun?> StartAsync(Func<Task<RsyncRun>> start)
    {
        Task<RsyncRun> run;
        lock (gate)
        {
            if (stopping.Task.IsCompleted)
            {
                return null;
            }

            starting = run = start();
        }

        try
        {
            return await run.ConfigureAwait(false);
        }
        finally
        {
            started.TrySetResult();
        }
    }

    /// <summary>Does its work to the end, then frees the target, whatever happened.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onEnd">Called before the target is free again: ends the job.</param>
    /// <param name="time">The clock.</param>
    public async Task<SyncDone> FollowAsync(Func<Task<SyncDone>> work, Func<SyncDone, Task> onEnd, TimeProvider time)
    {
        SyncEnd? end = null;
        try
        {
            var done = await work().ConfigureAwait(false);
            await onEnd(done).ConfigureAwait(false);
            end = new SyncEnd(done.State, done.Reason, time.GetUtcNow());
            return done;
        }
        finally
        {
            if (LivePids().Count > 0)
            {
                await Current!.Completion.ConfigureAwait(false); // it outlives KILL: the target is not free before it is gone, whatever was said of the job
            }

            release(end ?? new SyncEnd(HostState.Failed, "an error inside the agent; its log says which", time.GetUtcNow()));
            started.TrySetResult();
            ended.SetResult();
        }
    }

    /// <summary>Stops it; ends when none of its processes is left and the target is free. Returns the pids that ran and run no more.</summary>
    public async Task<IReadOnlyList<int>> StopAsync(TimeSpan grace)
    {
        Task<RsyncRun>? last;
        lock (gate)
        {
            stopping.TrySetResult();
            last = starting;
        }

        var run = last is null ? null : await last.ConfigureAwait(false);
        var pids = run?.LivePids() ?? [];
        if (run is not null)
        {
            await run.StopAsync(grace).ConfigureAwait(false);
        }

        // A process that outlives KILL is stuck in the kernel: nobody may wait for it, and the target stays taken. A health check gets its grace too.
        await Task.WhenAny(ended.Task, Task.Delay((pids.Count == 0 ? grace : TimeSpan.Zero) + Limits.EndTime)).ConfigureAwait(false);
        return [.. pids.Except(LivePids())];
    }
}
