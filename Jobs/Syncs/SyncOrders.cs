using Deploy.Jobs.Engine;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>The four orders about a tree: status and rlist preview it, rsync writes it, rkill stops that.</summary>
internal sealed class SyncOrders(SyncWork work, Previews previews, RunningSyncs running, TimeProvider time, ILog log)
{
    /// <summary>Runs one of them. <paramref name="cancellationToken"/> fires when the request's time is up.</summary>
    public async Task<OrderOutcome> RunAsync(AdoptedJob job, string options, AgentRules rules, CancellationToken cancellationToken)
    {
        switch (SyncOperands.Resolve(rules, options))
        {
            case SyncOperands.Resolved.Refused refused:
                await job.EndAsync(HostState.Refused, refused.Reason).ConfigureAwait(false);
                return refused.Outcome;
            case SyncOperands.Resolved.Found found when job.Order == Order.Rkill:
                return await StopAsync(job, found).ConfigureAwait(false);
            case SyncOperands.Resolved.Found found when found.Group.Hindrance(found.TargetKey) is { } missing:
                await job.EndAsync(HostState.Refused, missing).ConfigureAwait(false);
                return new OrderOutcome.SyncFailed($"deploy: error: {rules.Name}: {missing}\n");
            case SyncOperands.Resolved.Found found when job.Order == Order.Rsync:
                return await SyncAsync(job, found, rules).ConfigureAwait(false);
            case SyncOperands.Resolved.Found found:
                return await PreviewAsync(job, found, rules, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException();
        }
    }

    private async Task<OrderOutcome> PreviewAsync(AdoptedJob job, SyncOperands.Resolved.Found found, AgentRules rules, CancellationToken cancellationToken)
    {
        if (job.Order == Order.Status && running.Of(found.TargetKey, found.Group.Name) is { } sync)
        {
            await job.EndAsync(HostState.Ok, $"job {sync.Job} syncs this target now").ConfigureAwait(false);
            return new OrderOutcome.AlreadyRunning(sync.LivePids());
        }

        var result = await previews.RunAsync(found, job.Order == Order.Rlist ? PreviewKind.Names : PreviewKind.Counts, cancellationToken).ConfigureAwait(false);
        if (result is null)
        {
            var took = time.GetUtcNow() - job.Accepted;
            await job.EndAsync(HostState.Timeout, $"the dry run was given up after {took.TotalSeconds:0} s (max_process_timeout)").ConfigureAwait(false);
            return new OrderOutcome.TimedOut(took);
        }

        if (result.Outcome != SyncOutcome.Ok)
        {
            await job.EndAsync(SyncCalls.State(result), SyncCalls.Reason(result)).ConfigureAwait(false);
            return new OrderOutcome.SyncFailed(SyncCalls.Text(result, rules.Name));
        }

        string? reason = running.Of(found.TargetKey, found.Group.Name) is { } now ? $"job {now.Job} syncs this target now" : result.Warning;
        await job.EndAsync(SyncCalls.State(result), reason).ConfigureAwait(false);
        return new OrderOutcome.Previewed(result.Counts.Deletions + result.Counts.FilesTransferred, result.Counts.BytesTransferred)
        {
            NewNames = result.NewNames.Select(name => name.LegacyUtf8()),
            DeletedNames = result.DeletedNames.Select(name => name.LegacyUtf8()),
            Changes = result.Counts.ChangeLines + result.Counts.Deletions,
            LastSync = running.BadEndOf(found.TargetKey),
        };
    }

    private async Task<OrderOutcome> SyncAsync(AdoptedJob job, SyncOperands.Resolved.Found found, AgentRules rules)
    {
        switch (running.Claim(found.TargetKey, found.Group.Name, job.Id))
        {
            case SyncClaim.Busy { Sync: var other }:
                await job.EndAsync(HostState.Refused, $"job {other.Job} syncs this target, or one above or below it, now").ConfigureAwait(false);
                return new OrderOutcome.AlreadyRunning(other.LivePids());
            case SyncClaim.Closed:
                await job.EndAsync(HostState.Refused, "the agent is stopping").ConfigureAwait(false);
                return new OrderOutcome.SyncFailed($"deploy: error: {rules.Name}: the agent is stopping, no sync was started\ndeploy: hint: order again when it is back\n");
            case SyncClaim.Full:
                await job.EndAsync(HostState.Refused, "too many syncs run").ConfigureAwait(false);
                return new OrderOutcome.SyncFailed($"deploy: error: {rules.Name}: {Limits.SyncsAtOnce} syncs run already, none was started\ndeploy: hint: order again when some have ended\n");
            case SyncClaim.Claimed { Sync: var sync }:
                var end = FollowAsync(job, sync, found);
                await sync.Started.ConfigureAwait(false); // the second counts from when rsync runs
                await Task.WhenAny(end, Task.Delay(Limits.SyncStartTime, time)).ConfigureAwait(false);
                return end.IsCompleted && await end.ConfigureAwait(false) is { State: not (HostState.Ok or HostState.Unchanged) } early
                    ? new OrderOutcome.SyncFailed(early.Text(rules.Name))
                    : new OrderOutcome.SyncUnderWay(SyncChecksum.Of(found.Group.Origin, found.Group.Target));
            default:
                throw new InvalidOperationException();
        }
    }

    /// <summary>Follows a sync to its end, long after its order was answered: whatever happens, its job ends and the log says how.</summary>
    private async Task<SyncDone> FollowAsync(AdoptedJob job, RunningSync sync, SyncOperands.Resolved.Found found)
    {
        try
        {
            return await sync.FollowAsync(
                () => work.RunAsync(sync, found.Group, new SyncWish { Hold = found.Hold, Timeout = found.Group.HostTimeout }),
                done => job.EndAsync(new HostEnd(done.State, done.Warning is not null && done.Reason is null ? done.Warning : done.Reason)
                {
                    Cause = done.Cause,
                    Warning = done.Warning,
                    ExitCode = (done.Run ?? done.Counted)?.ExitCode,
                    Totals = done.Run is { } run ? SyncCalls.Totals(run) : null,
                    Log = (done.Run ?? done.Counted)?.Log ?? [],
                }),
                time).ConfigureAwait(false);
        }
        catch (Exception bug)
        {
            log.Error($"job {sync.Job} failed inside the agent: {bug}");
            await job.EndBrokenAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<OrderOutcome> StopAsync(AdoptedJob job, SyncOperands.Resolved.Found found)
    {
        if (running.Of(found.TargetKey, found.Group.Name) is not { } sync)
        {
            await job.EndAsync(HostState.Unchanged, "nothing ran").ConfigureAwait(false);
            return new OrderOutcome.Stopped([]);
        }

        var pids = await sync.StopAsync(Limits.KillGrace).ConfigureAwait(false);
        var left = sync.LivePids();
        await job.EndAsync(
            left.Count == 0 && sync.Ended.IsCompleted ? HostState.Ok : HostState.Failed,
            left.Count > 0 ? SyncCalls.Stuck(left)
            : !sync.Ended.IsCompleted ? $"job {sync.Job} was told to stop and has not ended yet; order again"
            : $"stopped job {sync.Job}{(pids.Count > 0 ? $", pids {string.Join(' ', pids)}" : string.Empty)}").ConfigureAwait(false);
        return new OrderOutcome.Stopped(pids);
    }
}
