using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Model;

namespace Deploy.Jobs;

/// <summary>Where an agent's orders come in, whatever wire they came by: each becomes a job, runs, and comes to an outcome.</summary>
/// <param name="rules">The rules in force, asked for each order, so that a reload changes the next one.</param>
/// <param name="jobs">Keeps the record of each.</param>
/// <param name="syncs">status, rlist, rsync, rkill.</param>
/// <param name="commands">exec.</param>
internal sealed class AgentOrders(Func<AgentRules> rules, JobTable jobs, SyncOrders syncs, CommandOrders commands)
{
    /// <summary>Runs one order; what goes wrong on this host is an outcome, not an exception. The job has ended, but for a sync that goes on.</summary>
    public async Task<(OrderOutcome Outcome, Job Job)> RunAsync(OrderRequest request, CancellationToken cancellationToken)
    {
        var inForce = rules();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (inForce.MaxRequestTime is { } time)
        {
            limit.CancelAfter(time);
        }

        var job = jobs.Open(request.Order, request.Subject, request.Peer);
        try
        {
            var outcome = request.Order == Order.Exec
                ? await commands.RunAsync(job, request.Options, inForce, limit.Token).ConfigureAwait(false)
                : await syncs.RunAsync(job, request.Options, inForce, limit.Token).ConfigureAwait(false);
            return (outcome, job);
        }
        catch
        {
            jobs.EndBroken(job);
            throw;
        }
    }
}
