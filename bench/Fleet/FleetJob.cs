using System.Diagnostics;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Fleet;

/// <summary>One job through a proxy, as one watcher sees it.</summary>
/// <param name="Time">From before it was handed in to the last host's end.</param>
/// <param name="Events">How many came.</param>
/// <param name="Bytes">How many bytes.</param>
internal sealed record FleetJob(TimeSpan Time, long Events, long Bytes)
{
    /// <summary>Runs <c>true</c> on these hosts; every one must be ok.</summary>
    /// <exception cref="BenchError">One is not, or the stream broke.</exception>
    public static async Task<FleetJob> RunAsync(V1Client proxy, string hosts, int count, CancellationToken cancellationToken)
    {
        var document = JobDocument.Of(new JobSpec { Id = JobId.New(TimeProvider.System.GetUtcNow()), Order = Order.Exec, Hosts = hosts, Command = "true" });
        long began = Stopwatch.GetTimestamp();
        var (stream, problem) = await proxy.SubmitAndFollowAsync(document, null, cancellationToken);
        using var own = stream ?? throw new BenchError($"the proxy refused the job: {problem!.Detail}");
        var last = TimeSpan.Zero;
        long events = 0;
        var ended = new Dictionary<string, HostStanding>();
        await foreach (var what in stream.ReadAsync(cancellationToken))
        {
            events++;
            if (what is { Type: EventType.HostState, Standing: { } standing } && standing.State.IsTerminal())
            {
                last = Stopwatch.GetElapsedTime(began);
                ended[standing.Host] = standing;
            }
        }

        var bad = ended.Values.FirstOrDefault(host => host.State != HostState.Ok);
        return bad is not null ? throw new BenchError($"{bad.Host} is {bad.State.Word()}: {bad.Reason}")
            : ended.Count != count ? throw new BenchError($"{ended.Count} of {count} hosts ended")
            : new FleetJob(last, events, stream.BytesRead);
    }
}
