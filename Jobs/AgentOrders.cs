using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs;

/// <summary>Where an agent's orders come in that the original's wire brings: each becomes a job, runs, and comes to an outcome.</summary>
/// <param name="rules">The rules in force, asked for each order, so that a reload changes the next one.</param>
/// <param name="engine">Keeps the record of each.</param>
/// <param name="syncs">status, rlist, rsync, rkill.</param>
/// <param name="commands">exec.</param>
internal sealed class AgentOrders(Func<AgentRules> rules, JobEngine engine, SyncOrders syncs, CommandOrders commands)
{
    /// <summary>Runs one order; what goes wrong on this host is an outcome, not an exception. The job has ended, but for a sync that goes on.</summary>
    public async Task<(OrderOutcome Outcome, AdoptedJob Job)> RunAsync(OrderRequest request, CancellationToken cancellationToken)
    {
        var inForce = rules();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (inForce.MaxRequestTime is { } time)
        {
            limit.CancelAfter(time);
        }

        var job = await engine.AdoptAsync(new AdoptedOrder(request.Order, request.Subject, [inForce.Name], new Asker(request.Peer, null))).ConfigureAwait(false);
        try
        {
            var outcome = request.Order == Order.Exec
                ? await commands.RunAsync(job, request.Options, inForce, limit.Token).ConfigureAwait(false)
                : await syncs.RunAsync(job, request.Options, inForce, limit.Token).ConfigureAwait(false);
            return (outcome, job);
        }
        catch
        {
            await job.EndBrokenAsync().ConfigureAwait(false);
            throw;
        }
    }
}
