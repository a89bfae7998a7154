using Deploy.Jobs.Engine;
using Deploy.Jobs.Plans;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;

namespace Deploy.Jobs.Local;

/// <summary>rsync: claims the target, syncs it, holds it against plan and guard, looks after the host's health, and tells how it goes.</summary>
internal sealed class LocalSyncs(SyncWork work, RunningSyncs running, LocalCommands commands, TimeProvider time)
{
    public async Task RunAsync(LocalRun run, AgentRules rules)
    {
        if (run.Operands(rules) is not SyncOperands.Resolved.Found found)
        {
            await run.EndAsync(LocalTrees.Refused(run.Operands(rules))).ConfigureAwait(false);
            return;
        }

        string? planned = run.Spec.Plan is { } plan ? PlanCheck.DigestOf(plan, run.Run.Host) : null;
        if (run.Spec.Plan is not null && planned is null)
        {
            await run.EndAsync(Ended(PlanCheck.NotPlanned(run.Run.Host))).ConfigureAwait(false);
            return;
        }

        if (found.Group.Hindrance(found.TargetKey) is { } missing)
        {
            await run.EndAsync(new HostEnd(HostState.Refused, missing)).ConfigureAwait(false);
            return;
        }

        switch (running.Claim(found.TargetKey, found.Group.Name, run.Spec.Id))
        {
            case SyncClaim.Busy { Sync: var other }:
                await run.EndAsync(new HostEnd(HostState.Refused, $"job {other.Job} syncs this target, or one above or below it, now; wait for it, or cancel it") { Cause = Reasons.Busy }).ConfigureAwait(false);
                break;
            case SyncClaim.Full:
                await run.EndAsync(new HostEnd(HostState.Refused, $"{Limits.SyncsAtOnce} syncs run already, none was started; order again when some have ended") { Cause = Reasons.Busy }).ConfigureAwait(false);
                break;
            case SyncClaim.Closed:
                await run.EndAsync(LocalRun.Interrupted(Order.Rsync) with { Reason = "the agent is stopping, no sync was started; order again when it is back" }).ConfigureAwait(false);
                break;
            case SyncClaim.Claimed { Sync: var sync }:
                await FollowAsync(run, sync, found, planned, rules).ConfigureAwait(false);
                break;
        }
    }

    private async Task FollowAsync(LocalRun run, RunningSync sync, SyncOperands.Resolved.Found found, string? planned, AgentRules rules)
    {
        var group = found.Group;
        SyncResult? counted = null;
        var wish = new SyncWish
        {
            Hold = found.Hold,
            AllowDelete = run.Spec.AllowDelete,
            Plan = planned,
            Report = ChangeReport.Lines,
            Timeout = run.Spec.HostTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : group.HostTimeout,
            WaitsForOrigin = true,
            Waiting = run.Run.Waiting,
            Counted = count => Volatile.Write(ref counted, count),
        };
        using var stop = run.Stop();
        var stopped = stop.Token; // a sync that is stuck ends long after this method
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var told = new LocalProgress(run.Run, sync, () => Volatile.Read(ref counted), time).TellAsync(over.Token);
        var end = sync.FollowAsync(() => work.RunAsync(sync, group, wish), done => EndAsync(run, sync, done, group, rules, stopped), time);
        var asked = Task.Delay(Timeout.InfiniteTimeSpan, over.Token);
        try
        {
            if (await Task.WhenAny(end, asked).ConfigureAwait(false) == asked)
            {
                await sync.StopAsync(Limits.KillGrace).ConfigureAwait(false);
                if (sync.LivePids() is { Count: > 0 } left)
                {
                    await run.EndAsync(LocalRun.Stuck(left)).ConfigureAwait(false); // the target stays taken; who waits for it is the table of syncs
                    return;
                }
            }

            await end.ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await told.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the job while the target is still its own: the health check belongs to it.</summary>
    private async Task EndAsync(LocalRun run, RunningSync sync, SyncDone done, SyncGroup group, AgentRules rules, CancellationToken stop)
    {
        var end = done.State == HostState.Cancelled
            ? run.Stopped() with { Log = (done.Run ?? done.Counted)?.Log ?? [] } // no totals: rsync tells what it will do before it is in place
            : Ended(done);
        bool checks = end.State.IsGood() && group.HealthCheck is not null && run.Spec.Rollout is { HealthCheck: not false };
        if (checks)
        {
            run.Run.Waiting($"the health check {group.HealthCheck}");
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var check = commands.CheckAsync(group.HealthCheck!, rules, over.Token);
            if (await Task.WhenAny(check, sync.Stopping).ConfigureAwait(false) == sync.Stopping)
            {
                await over.CancelAsync().ConfigureAwait(false); // an rkill
            }

            end = await check.ConfigureAwait(false) switch
            {
                null => end,
                _ when run.IsStopping || sync.Stopping.IsCompleted => run.Stopped() with { Reason = "it was stopped during the health check; the sync itself was done", Totals = end.Totals, Shape = end.Shape, Content = end.Content },
                var (why, said) => end with { State = HostState.Failed, Reason = why, Cause = Reasons.HealthCheck, Log = [.. end.Log, .. said] },
            };
        }

        await run.EndAsync(end).ConfigureAwait(false);
    }

    private static HostEnd Ended(SyncDone done)
    {
        var end = new HostEnd(done.State, done.Reason) { Cause = done.Cause, Warning = done.Warning, ExitCode = (done.Run ?? done.Counted)?.ExitCode, Log = (done.Run ?? done.Counted)?.Log ?? [] };
        if (done.Run is not { Changes: { } changes } run)
        {
            return end;
        }

        const string TooMany = "what was changed is too much to be kept, over 64 MiB of lines";
        var content = changes.Content is { } lines && (done.State.IsGood() || done.State == HostState.Partial) ? new ShapeContent(ShapeKind.Changes, lines) : null;
        return end with
        {
            // Directories that differ in time alone are no change, as in a plan.
            State = !done.State.IsGood() ? done.State : changes.IsEmpty ? HostState.Unchanged : HostState.Ok,
            Totals = done.State == HostState.Timeout ? null : SyncCalls.Totals(run),
            Shape = content?.Digest(),
            Content = content,
            Warning = changes.Content is not null || !done.State.IsGood() ? end.Warning : end.Warning is null ? TooMany : $"{end.Warning}; {TooMany}",
        };
    }
}
