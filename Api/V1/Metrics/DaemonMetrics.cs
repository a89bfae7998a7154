using Deploy.Jobs.Engine.Telling;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Api.V1.Metrics;

/// <summary>What a daemon's engine and its server count.</summary>
internal static class DaemonMetrics
{
    /// <param name="counters">The engine's, of now.</param>
    /// <param name="connections">Those that are open.</param>
    public static IEnumerable<MetricFamily> Of(EngineCounters counters, int connections) =>
    [
        new("deploy_jobs", "Jobs that have not ended, by state and order.", false, [.. counters.Live.OrderBy(one => one.Key).Select(one => Sample(one.Key, one.Value))]),
        new("deploy_jobs_ended_total", "Jobs that ended, by state and order.", true, [.. counters.Ended.OrderBy(one => one.Key).Select(one => Sample(one.Key, one.Value))]),
        new("deploy_hosts_ended_total", "Hosts of jobs that ended, by state.", true, [.. counters.HostsEnded.OrderBy(one => one.Key).Select(one => new MetricSample(one.Value, ("state", one.Key.Word())))]),
        MetricFamily.Gauge("deploy_hosts_running", "Hosts of jobs that run.", counters.HostsRunning),
        MetricFamily.Gauge("deploy_hosts_waiting", "Hosts of jobs that wait for their turn.", counters.HostsWaiting),
        MetricFamily.Counter("deploy_store_errors_total", "Writes of the store that failed.", counters.StoreErrors),
        MetricFamily.Gauge("deploy_connections", "Connections that are open.", connections),
    ];

    private static MetricSample Sample((JobState State, Order Order) of, double value) => new(value, ("state", of.State.Word()), ("order", of.Order.Word()));
}
