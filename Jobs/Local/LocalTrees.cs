using Deploy.Jobs.Engine;
using Deploy.Jobs.Guards;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Rsync;

namespace Deploy.Jobs.Local;

/// <summary>The orders that look at a tree, status and rlist, and rkill.</summary>
internal sealed class LocalTrees(Previews previews, RunningSyncs running)
{
    /// <summary>A dry run; of an rlist every change of it is the host's shape.</summary>
    public async Task PreviewAsync(LocalRun run, AgentRules rules)
    {
        if (run.Operands(rules) is not SyncOperands.Resolved.Found found)
        {
            await run.EndAsync(Refused(run.Operands(rules))).ConfigureAwait(false);
            return;
        }

        if (found.Group.Hindrance(found.TargetKey) is { } missing)
        {
            await run.EndAsync(new HostEnd(HostState.Refused, missing)).ConfigureAwait(false);
            return;
        }

        using var stop = run.Stop();
        var most = run.Spec.HostTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : found.Group.HostTimeout;
        if (most is { } time)
        {
            stop.CancelAfter(time);
        }

        bool lists = run.Spec.Order == Order.Rlist;
        var result = await previews.RunAsync(found, lists ? PreviewKind.Lines : PreviewKind.Totals, stop.Token).ConfigureAwait(false);
        await run.EndAsync(
            result is null && run.IsStopping ? run.Stopped()
            : result is null ? new HostEnd(HostState.Timeout, $"the dry run was given up after {most!.Value.TotalSeconds:0} s (host_timeout)")
            : EndOf(result, found, lists)).ConfigureAwait(false);
    }

    /// <summary>Stops the sync that writes the target.</summary>
    public async Task StopAsync(LocalRun run, AgentRules rules)
    {
        if (run.Operands(rules) is not SyncOperands.Resolved.Found found)
        {
            await run.EndAsync(Refused(run.Operands(rules))).ConfigureAwait(false);
        }
        else if (running.Of(found.TargetKey, found.Group.Name) is not { } sync)
        {
            await run.EndAsync(new HostEnd(HostState.Unchanged, "nothing ran")).ConfigureAwait(false);
        }
        else
        {
            var pids = await sync.StopAsync(Limits.KillGrace).ConfigureAwait(false);
            var left = sync.LivePids();
            await run.EndAsync(
                left.Count > 0 ? LocalRun.Stuck(left)
                : !sync.Ended.IsCompleted ? new HostEnd(HostState.Failed, $"job {sync.Job} was told to stop and has not ended yet; order again")
                : new HostEnd(HostState.Ok, $"stopped job {sync.Job}{(pids.Count > 0 ? $", pids {string.Join(' ', pids)}" : string.Empty)}")).ConfigureAwait(false);
        }
    }

    /// <summary>How an order ends whose group or target is refused.</summary>
    public static HostEnd Refused(SyncOperands.Resolved resolved) => new(HostState.Refused, ((SyncOperands.Resolved.Refused)resolved).Reason);

    private HostEnd EndOf(SyncResult result, SyncOperands.Resolved.Found found, bool lists)
    {
        if (result.Outcome != SyncOutcome.Ok)
        {
            return new HostEnd(SyncCalls.State(result), SyncCalls.Reason(result)) { ExitCode = result.ExitCode, Log = result.Log };
        }

        if (lists && result.Changes!.Content is null)
        {
            return new HostEnd(HostState.Failed, "the changes are too many to be listed, over 64 MiB of lines; ask for the counts alone with the status order, and see that the origin is the right one");
        }

        var content = lists ? new ShapeContent(ShapeKind.Changes, result.Changes!.Content!.Value) : null;
        return new HostEnd(result.Changes!.IsEmpty ? HostState.Unchanged : HostState.Ok)
        {
            ExitCode = result.ExitCode,
            Totals = SyncCalls.Totals(result),
            Shape = content?.Digest(),
            Content = content,
            Log = result.Log,
            Warning = running.Of(found.TargetKey, found.Group.Name) is { } now ? $"job {now.Job} syncs this target now"
                : DeleteGuard.Watches(found.Group) && DeleteGuard.Judge(found.Group, null, result) is GuardVerdict.Refused no ? $"a sync would be refused: {no.Why}"
                : LastSync(found) ?? result.Warning,
        };
    }

    /// <summary>Without its time, by which equal hosts would differ.</summary>
    private string? LastSync(SyncOperands.Resolved.Found found) => running.BadEndOf(found.TargetKey) is { } end ? $"the last sync here: {end.State.Word()}: {end.Reason}" : null;
}
