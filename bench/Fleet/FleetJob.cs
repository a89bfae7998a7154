using System.Diagnostics;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Fleet;

/// <summary>One job through a proxy, as one watcher sees it.</summary>
/// <param name="Time">From before it was handed in to the last host's end.</param>
/// <param name="Bytes">How many bytes came.</param>
/// <param name="OtherBytes">How many of them were not of <c>host.state</c>, which is told for every host in any case.</param>
internal sealed record FleetJob(TimeSpan Time, long Bytes, long OtherBytes)
{
    /// <summary>The order: <c>true</c> on these hosts.</summary>
    public static JobDocument Order(string hosts) =>
        JobDocument.Of(new JobSpec { Id = JobId.New(TimeProvider.System.GetUtcNow()), Order = Model.Order.Exec, Hosts = hosts, Command = "true", NotAfter = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3600) });

    /// <summary>Runs it; every host must be ok.</summary>
    /// <exception cref="BenchError">One is not, or the stream broke.</exception>
    public static async Task<FleetJob> RunAsync(V1Client proxy, string hosts, int count, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        var (stream, problem) = await proxy.SubmitAndFollowAsync(Order(hosts), null, cancellationToken);
        using var own = stream ?? throw new BenchError($"the proxy refused the job: {problem!.Detail}");
        var last = TimeSpan.Zero;
        long others = 0;
        var ended = new Dictionary<string, HostStanding>();
        await foreach (var what in stream.ReadAsync(cancellationToken))
        {
            if (what.Type != EventType.HostState)
            {
                others += JsonSerializer.SerializeToUtf8Bytes(what, V1Json.Default.JobEvent).Length + 1;
            }
            else if (what.Standing is { } standing && standing.State.IsTerminal())
            {
                last = Stopwatch.GetElapsedTime(began);
                ended[standing.Host] = standing;
            }
        }

        var bad = ended.Values.FirstOrDefault(host => host.State != HostState.Ok);
        return bad is not null ? throw new BenchError($"{bad.Host} is {bad.State.Word()}: {bad.Reason}")
            : ended.Count != count ? throw new BenchError($"{ended.Count} of {count} hosts ended")
            : new FleetJob(last, stream.BytesRead, others);
    }
}
