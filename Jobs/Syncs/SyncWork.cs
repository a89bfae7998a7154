using Deploy.Jobs.Guards;
using Deploy.Jobs.Plans;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>
/// Does one sync, on whatever wire it was ordered: a dry run counts where the options delete or a plan is given, guard and plan judge it, and only then rsync writes. What the run deletes is
/// bounded by what was counted.
/// </summary>
internal sealed class SyncWork(RsyncRunner rsync, TimeProvider time)
{
    /// <summary>The first wait for a busy origin, half to all of it; doubled up to <see cref="LongestWait"/>. // ours</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Brings a claimed sync to its end; what goes wrong is a state.</summary>
    public async Task<SyncDone> RunAsync(RunningSync sync, SyncGroup group, SyncWish wish)
    {
        using var limit = new CancellationTokenSource(wish.Timeout ?? Timeout.InfiniteTimeSpan, time);
        var wait = FirstWait;
        long begun = time.GetTimestamp();
        while (true)
        {
            var done = await OnceAsync(sync, group, wish, limit.Token).ConfigureAwait(false);
            if (!wish.WaitsForOrigin || !done.IsOriginBusy || (wish.Timeout is null && time.GetElapsedTime(begun) > Limits.DryRunTime))
            {
                return done;
            }

            wish.Waiting($"a free connection: {(done.Run ?? done.Counted)!.Diagnosis!.What}");
            if (!await WaitAsync(sync, wait * (0.5 + (Random.Shared.NextDouble() / 2)), limit.Token).ConfigureAwait(false))
            {
                wish.Waiting(null);
                return limit.IsCancellationRequested ? TimedOut(wish, null, $"; {done.Reason}") : Stopped(null);
            }

            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            wish.Waiting(null);
        }
    }

    private async Task<SyncDone> OnceAsync(RunningSync sync, SyncGroup group, SyncWish wish, CancellationToken limit)
    {
        bool watches = DeleteGuard.Watches(group);
        if (watches && wish.Plan is null && DeleteGuard.Glances(group))
        {
            var (top, seen) = await StepAsync(sync, SyncCalls.Glance(group) with { Hold = wish.Hold }, limit).ConfigureAwait(false);
            watches = !(seen && top is { Outcome: SyncOutcome.Ok, IsOriginEmpty: false }); // else it is counted, and said what is wrong
        }

        var call = SyncCalls.Of(group) with { Hold = wish.Hold, Changes = wish.Report, DeleteLate = true };
        SyncResult? counted = null;
        if (watches || wish.Plan is not null)
        {
            wish.Waiting("the dry run that counts what would change");
            var (count, inTime) = await StepAsync(sync, SyncCalls.Count(group, wish.Plan is null ? ChangeReport.Counts : ChangeReport.Lines) with { Hold = wish.Hold }, limit).ConfigureAwait(false);
            wish.Waiting(null);
            counted = count;
            if (!inTime)
            {
                return TimedOut(wish, null, Stuck(sync)) with { Counted = count };
            }

            if (count is null || count.Outcome == SyncOutcome.Cancelled)
            {
                return Stopped(null);
            }

            if (!IsUsable(count))
            {
                return new SyncDone(SyncCalls.State(count), SyncCalls.Reason(count)) { Counted = count };
            }

            if ((PlanCheck.Refusal(wish.Plan, count) ?? (watches ? Judge(group, wish, ref call, count) : null)) is { } refused)
            {
                return refused with { Counted = count };
            }

            wish.Counted(count);
        }

        // Again, and last of all: what was there when the order came may be gone since, and hours may lie between.
        if (group.Hindrance(group.Target) is { } missing)
        {
            return new SyncDone(HostState.Refused, missing) { Counted = counted };
        }

        var (run, ended) = await StepAsync(sync, call, limit).ConfigureAwait(false);
        return (ended ? run is null ? Stopped(null) : Ended(run, watches ? counted : null) : TimedOut(wish, run, Stuck(sync))) with { Counted = counted };
    }

    private static SyncDone? Judge(SyncGroup group, SyncWish wish, ref SyncCall call, SyncResult count)
    {
        switch (DeleteGuard.Judge(group, wish.AllowDelete, count))
        {
            case GuardVerdict.Refused(var why, var nextStep):
                return new SyncDone(HostState.Refused, $"{why}; {nextStep}") { Cause = Reasons.Guard, Refusal = (why, nextStep) };
            case GuardVerdict.Passed(var deletions):
                call = call with { MaxDelete = (int)Math.Min(deletions, int.MaxValue) };
                return null;
            default:
                throw new InvalidOperationException();
        }
    }

    /// <summary>One run of rsync to its end, or to the end of the time, and whether it came in time; null where a stop came first.</summary>
    private async Task<(SyncResult? Result, bool InTime)> StepAsync(RunningSync sync, SyncCall call, CancellationToken limit)
    {
        if (limit.IsCancellationRequested)
        {
            return (null, false);
        }

        if (await sync.StartAsync(() => rsync.StartAsync(call)).ConfigureAwait(false) is not { } run)
        {
            return (null, true);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit);
        if (call.DryRun)
        {
            either.CancelAfter(Limits.DryRunTime); // rsync 3.0.9 can hang in one
        }

        try
        {
            return (await run.Completion.WaitAsync(either.Token).ConfigureAwait(false), true);
        }
        catch (OperationCanceledException)
        {
            return (await run.StopAsync(Limits.KillGrace).ConfigureAwait(false), false);
        }
    }

    /// <summary>True where something was listed: files of the origin that cannot be read fail the run as they always did, and rsync deletes nothing then.</summary>
    private static bool IsUsable(SyncResult count) => count.Outcome == SyncOutcome.Ok || (count is { Outcome: SyncOutcome.Partial, Counts.FilesListed: > 0, IsOriginEmpty: false });

    private static SyncDone Ended(SyncResult run, SyncResult? counted)
    {
        var done = new SyncDone(SyncCalls.State(run), run.Diagnosis is null ? null : SyncCalls.Reason(run)) { Run = run, Warning = run.Warning };
        if (counted is null || run.Outcome is not (SyncOutcome.Ok or SyncOutcome.Partial))
        {
            return done;
        }

        // rsync's own text would have the limit raised; here it is what was counted.
        string? reason = run.DeletionsStopped
            ? $"deletions stopped at {run.Counts.Deletions}: more would go than was counted a moment before, {counted.Changes!.Deleted}; look at the origin, which may have lost files, then sync again"
            : done.Reason;
        return done with { Reason = reason, Warning = Joined(done.Warning, Drift(run, counted)) };
    }

    /// <summary>What was done, held against what was counted; null where it is the same.</summary>
    private static string? Drift(SyncResult run, SyncResult counted) => run.Counts.Deletions == counted.Changes!.Deleted
        ? null
        : $"drift: the dry run counted {counted.Changes.Deleted} deletions and the run did {run.Counts.Deletions}: origin or target changed between the two, or what was left could not be deleted; look at both and sync again";

    private static string? Joined(string? one, string? other) => one is null || other is null ? one ?? other : $"{one}; {other}";

    private static SyncDone Stopped(SyncResult? run) => new(HostState.Cancelled, null) { Run = run };

    private static SyncDone TimedOut(SyncWish wish, SyncResult? run, string more) => new(
        HostState.Timeout,
        $"stopped after {(wish.Timeout ?? Limits.DryRunTime).TotalSeconds:0} s ({(wish.Timeout is null ? "the longest time of a dry run" : "host_timeout")}); {(run is null ? "nothing was written" : "a part may be written")}, sync again{more}")
    { Run = run };

    /// <summary>What is to be added where its processes outlive KILL.</summary>
    private static string Stuck(RunningSync sync) => sync.LivePids() is { Count: > 0 } left ? $"; {SyncCalls.Stuck(left)}" : string.Empty;

    /// <summary>False where a stop or the end of the time came first.</summary>
    private async Task<bool> WaitAsync(RunningSync sync, TimeSpan wait, CancellationToken limit)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var delay = Task.Delay(wait, time, either.Token);
        await Task.WhenAny(delay, sync.Stopping).ConfigureAwait(false);
        bool waited = delay.IsCompletedSuccessfully;
        await either.CancelAsync().ConfigureAwait(false);
        return waited;
    }
}
