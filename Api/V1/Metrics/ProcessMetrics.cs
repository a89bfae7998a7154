namespace Deploy.Api.V1.Metrics;

/// <summary>What the process costs, by the names that Prometheus' own libraries give it; and which program it is.</summary>
/// <param name="started">When it began.</param>
internal sealed class ProcessMetrics(DateTimeOffset started)
{
    private const string Descriptors = "/proc/self/fd"; // proc(5)

    /// <param name="self">Which program it is.</param>
    public IEnumerable<MetricFamily> Families(Model.Jobs.DaemonSelf self) =>
    [
        new("deploy_build_info", "Always 1; the labels say which program this is.", false, [new MetricSample(1, ("version", self.Version), ("daemon", self.Daemon), ("name", self.Name))]),
        MetricFamily.Gauge("process_resident_memory_bytes", "Resident memory size in bytes.", Environment.WorkingSet),
        MetricFamily.Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", Environment.CpuUsage.TotalTime.TotalSeconds),
        MetricFamily.Gauge("process_start_time_seconds", "Start time of the daemon since the Unix epoch in seconds.", started.ToUnixTimeMilliseconds() / 1000.0),
        MetricFamily.Gauge("process_open_fds", "Number of open file descriptors.", Directory.EnumerateFileSystemEntries(Descriptors).Count()),
    ];
}
