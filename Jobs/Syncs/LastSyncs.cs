using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;

namespace Deploy.Jobs.Syncs;

/// <summary>How the last syncs ended, from the store, for an agent that starts: a failure must not be forgotten because of a restart.</summary>
internal static class LastSyncs
{
    /// <summary>Syncs that are looked through at a start; a target whose last one is further back is not known.</summary>
    private const int Most = Limits.FinishedJobs;

    /// <summary>Takes them over; before the engine goes on with what had not ended.</summary>
    public static void Restore(JobStore store, AgentRules rules, RunningSyncs running, ILog log)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in store.List(new JobQuery { Order = Order.Rsync }, Most).Items)
        {
            if (store.Hosts(job.Id, [], 0, 1) is not [(_, var standing)] || !Touched(standing) || Operands(job, rules) is not SyncOperands.Resolved.Found found || !seen.Add(found.TargetKey))
            {
                continue;
            }

            running.Restore(found.TargetKey, standing.State.IsTerminal()
                ? new SyncEnd(standing.State, standing.Reason, standing.Ended ?? job.Accepted)
                : new SyncEnd(HostState.Failed, "interrupted: the agent was restarted while it ran; the target may be partial, sync again", standing.Started ?? job.Accepted));
        }

        if (seen.Count > 0)
        {
            log.Info($"how the last syncs of {seen.Count} targets ended is known from before");
        }
    }

    /// <summary>It had the target: what was refused for another reason says nothing of it.</summary>
    private static bool Touched(HostStanding standing) => standing.State != HostState.Queued && (standing.State != HostState.Refused || standing.Cause is Reasons.Guard or Reasons.PlanDrift);

    private static SyncOperands.Resolved? Operands(StoredJob job, AgentRules rules) =>
        job.Wire != "v1" ? SyncOperands.Resolve(rules, job.What)
        : JobDocument.TryParse(job.Document, out var document, out _) ? SyncOperands.Resolve(rules, document.Spec.Group, document.Spec.Origin, document.Spec.Target)
        : null;
}
