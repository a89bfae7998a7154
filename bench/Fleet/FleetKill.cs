using System.Diagnostics;
using Deploy.Bench.Stage;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Fleet;

/// <summary>A proxy that is killed when half of the hosts have ended, and started again: how long until every host has an end.</summary>
internal static class FleetKill
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>From the kill on.</summary>
    /// <exception cref="BenchError">A host is missing, is not ok, or has no end in time.</exception>
    public static async Task<TimeSpan> RunAsync(Proxy proxy, V1Client client, string hosts, int count, CancellationToken cancellationToken)
    {
        var order = FleetJob.Order(hosts);
        await WaitForHalfAsync(client, order, count, cancellationToken);
        long killed = Stopwatch.GetTimestamp();
        proxy.KillAndStartAgain();
        while (true)
        {
            var took = Stopwatch.GetElapsedTime(killed);
            if (await client.FindAsync(order.Spec.Id, cancellationToken) is { Ended: not null })
            {
                await CheckAsync(client, order.Spec.Id, count, cancellationToken);
                return took;
            }

            if (took > Patience)
            {
                throw new BenchError($"not every host had ended {took.TotalSeconds:0} s after the proxy was killed");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task WaitForHalfAsync(V1Client client, JobDocument order, int count, CancellationToken cancellationToken)
    {
        var (stream, problem) = await client.SubmitAndFollowAsync(order, null, cancellationToken);
        using var own = stream ?? throw new BenchError($"the proxy refused the job: {problem!.Detail}");
        int ended = 0;
        await foreach (var what in stream.ReadAsync(cancellationToken))
        {
            if (what is { Type: EventType.HostState, Standing: { } standing } && standing.State.IsTerminal() && ++ended == count / 2)
            {
                return;
            }
        }

        throw new BenchError("the job ended before half of its hosts had");
    }

    private static async Task CheckAsync(V1Client client, JobId id, int count, CancellationToken cancellationToken)
    {
        var hosts = new Dictionary<string, HostStanding>();
        string? cursor = null;
        do
        {
            var page = await client.HostsAsync(id, [], cursor, cancellationToken) ?? throw new BenchError("the job is not known any more");
            foreach (var host in page.Items)
            {
                hosts.Add(host.Host, host);
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
        var bad = hosts.Values.FirstOrDefault(host => host.State != HostState.Ok);
        if (hosts.Count != count || bad is not null)
        {
            throw new BenchError($"{hosts.Count} of {count} hosts are there; {bad?.Host} is {bad?.State.Word()}: {bad?.Reason}");
        }
    }
}
