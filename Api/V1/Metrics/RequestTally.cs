using System.Collections.Concurrent;
using System.Globalization;

namespace Deploy.Api.V1.Metrics;

/// <summary>How often which route of v1 was answered how, since the start; and how many read events just now. Bounded: routes are few, and what is no route counts as one.</summary>
internal sealed class RequestTally
{
    private readonly ConcurrentDictionary<(string Route, int Status), long> answers = new();
    private int readers;

    /// <summary>Streams of events that are open.</summary>
    public int Readers => Volatile.Read(ref readers);

    public void Answered(string route, int status) => answers.AddOrUpdate((route, status), 1, (_, before) => before + 1);

    public int ReaderCame() => Interlocked.Increment(ref readers);

    public void ReaderLeft() => Interlocked.Decrement(ref readers);

    public IEnumerable<MetricFamily> Families() =>
    [
        new("deploy_v1_requests_total", "Requests of the v1 API that were answered, by route and status.", true,
            [.. answers.OrderBy(one => one.Key.Route, StringComparer.Ordinal).ThenBy(one => one.Key.Status).Select(one =>
                new MetricSample(one.Value, ("route", one.Key.Route), ("status", one.Key.Status.ToString(CultureInfo.InvariantCulture))))]),
        MetricFamily.Gauge("deploy_event_readers", "Streams of events that are open.", Readers),
    ];
}
