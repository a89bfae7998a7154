using Deploy.Model;
using Deploy.Rsync;

namespace Deploy.Jobs.Syncs;

/// <summary>The four orders about a tree: status and rlist preview it, rsync writes it, rkill stops that. One sync at a time writes a target.</summary>
internal sealed class SyncOrders(RsyncRunner rsync, JobTable jobs, RunningSyncs running, TimeProvider time)
{
    /// <summary>Runs one of them. <paramref name="cancellationToken"/> fires when the request's time is up.</summary>
    public async Task<OrderOutcome> RunAsync(OrderRequest request, AgentRules rules, CancellationToken cancellationToken)
    {
        var job = jobs.Open(request.Order, request.Options, request.Peer);
        switch (SyncOperands.Resolve(rules, request.Options))
        {
            case SyncOperands.Resolved.Refused refused:
                jobs.End(job, HostState.Refused, refused.Reason);
                return refused.Outcome;
            case SyncOperands.Resolved.Found found when request.Order == Order.Rkill:
                return await StopAsync(job, found.TargetKey).ConfigureAwait(false);
            case SyncOperands.Resolved.Found found when request.Order == Order.Rsync:
                return await SyncAsync(job, found, rules).ConfigureAwait(false);
            case SyncOperands.Resolved.Found found:
                return await PreviewAsync(job, found, rules, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException();
        }
    }

    private async Task<OrderOutcome> PreviewAsync(Job job, SyncOperands.Resolved.Found found, AgentRules rules, CancellationToken cancellationToken)
    {
        if (job.Order == Order.Status && running.Of(found.TargetKey) is { } sync)
        {
            jobs.End(job, HostState.Ok, $"job {sync.Job.Id} syncs this target now");
            return new OrderOutcome.AlreadyRunning(sync.LivePids());
        }

        var run = await rsync.StartAsync(CallOf(found.Group) with { DryRun = true, KeepNames = job.Order == Order.Rlist }).ConfigureAwait(false);
        bool late = false;
        try
        {
            await run.Completion.WaitAsync(Limits.DryRunTime, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            late = true;
            await run.StopAsync(Limits.KillGrace).ConfigureAwait(false);
        }

        var result = await run.Completion.ConfigureAwait(false);
        if (late)
        {
            jobs.End(job, HostState.Timeout, $"the dry run was stopped after {(time.GetUtcNow() - job.Accepted).TotalSeconds:0} s");
            return new OrderOutcome.TimedOut(time.GetUtcNow() - job.Accepted);
        }

        if (result.Outcome != SyncOutcome.Ok)
        {
            jobs.End(job, StateOf(result), Why(result));
            return new OrderOutcome.SyncFailed(TextOf(result, rules));
        }

        jobs.End(job, result.Counts.ChangeLines + result.Counts.Deletions == 0 ? HostState.Unchanged : HostState.Ok, result.Warning);
        return new OrderOutcome.Previewed(result.Counts.Deletions + result.Counts.FilesTransferred, result.Counts.BytesTransferred)
        {
            NewNames = result.NewNames.Select(name => name.LegacyText()),
            DeletedNames = result.DeletedNames.Select(name => name.LegacyText()),
        };
    }

    private async Task<OrderOutcome> SyncAsync(Job job, SyncOperands.Resolved.Found found, AgentRules rules)
    {
        if (!running.TryClaim(found.TargetKey, job, out var sync))
        {
            jobs.End(job, HostState.Refused, $"job {sync.Job.Id} syncs this target now");
            return new OrderOutcome.AlreadyRunning(sync.LivePids());
        }

        var end = sync.FollowAsync(rsync.StartAsync(CallOf(found.Group)), result => jobs.End(job, StateOf(result), Why(result) ?? result.Warning));
        await Task.WhenAny(end, Task.Delay(Limits.SyncStartTime, time)).ConfigureAwait(false);
        if (end.IsCompleted && await end.ConfigureAwait(false) is { Outcome: not SyncOutcome.Ok } early)
        {
            return new OrderOutcome.SyncFailed(TextOf(early, rules));
        }

        return new OrderOutcome.SyncUnderWay(SyncChecksum.Of(found.Group.Origin, found.Group.Target));
    }

    private async Task<OrderOutcome> StopAsync(Job job, string targetKey)
    {
        var pids = running.Of(targetKey) is { } sync ? await sync.StopAsync(Limits.KillGrace).ConfigureAwait(false) : [];
        jobs.End(job, pids.Count == 0 ? HostState.Unchanged : HostState.Ok, pids.Count == 0 ? "nothing ran" : $"stopped pids {string.Join(' ', pids)}");
        return new OrderOutcome.Stopped(pids);
    }

    private static SyncCall CallOf(SyncGroup group) => new()
    {
        Program = group.Rsync,
        Origin = group.Origin,
        Target = group.Target,
        Options = group.Options,
        Excludes = group.Excludes,
        Includes = group.Includes,
        Rsh = group.Rsh,
    };

    private static HostState StateOf(SyncResult result) => result.Outcome switch
    {
        SyncOutcome.Ok when result.Counts.ChangeLines + result.Counts.Deletions == 0 => HostState.Unchanged,
        SyncOutcome.Ok => HostState.Ok,
        SyncOutcome.Partial => HostState.Partial,
        SyncOutcome.Cancelled => HostState.Cancelled,
        _ => HostState.Failed,
    };

    private static string? Why(SyncResult result) => result.Diagnosis is { } diagnosis ? $"{diagnosis.What}; {diagnosis.NextStep}" : null;

    /// <summary>What rsync said, then our reading of it: host, thing, next step.</summary>
    private static string TextOf(SyncResult result, AgentRules rules)
    {
        string said = result.Said.Length == 0 || result.Said.EndsWith('\n') ? result.Said : result.Said + "\n";
        return result.Diagnosis is { } diagnosis
            ? $"{said}deploy: error: {rules.Name}: {diagnosis.What}\ndeploy: hint: on {rules.Name}: {diagnosis.NextStep}\n"
            : said + $"deploy: error: {rules.Name}: the sync was stopped\n";
    }
}
