using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Model;

namespace Deploy.Jobs;

/// <summary>Where an agent's orders come in, whatever wire they came by: each becomes a job, runs, and comes to an outcome.</summary>
/// <param name="rules">The rules in force, asked for each order, so that a reload changes the next one.</param>
/// <param name="syncs">status, rlist, rsync, rkill.</param>
/// <param name="commands">exec.</param>
internal sealed class AgentOrders(Func<AgentRules> rules, SyncOrders syncs, CommandOrders commands)
{
    /// <summary>Runs one order; what goes wrong on this host is an outcome, not an exception.</summary>
    public async Task<OrderOutcome> RunAsync(OrderRequest request, CancellationToken cancellationToken)
    {
        var inForce = rules();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (inForce.MaxRequestTime is { } time)
        {
            limit.CancelAfter(time);
        }

        return request.Order == Order.Exec
            ? await commands.RunAsync(request, inForce, limit.Token).ConfigureAwait(false)
            : await syncs.RunAsync(request, inForce, limit.Token).ConfigureAwait(false);
    }
}
