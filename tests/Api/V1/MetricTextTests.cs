using System.Text;
using System.Text.RegularExpressions;
using Deploy.Api.V1.Metrics;
using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Api.V1;

public partial class MetricTextTests
{
    [Fact]
    public void Helps_and_labels_are_escaped_and_numbers_are_plain() => Assert.Equal(
        "# HELP a_total One\\\\two\\nthree \"four\".\n# TYPE a_total counter\na_total{x=\"q\\\"\\\\\\n\",y=\"\"} 1.5\na_total 1E+20\n# HELP b Nothing.\n# TYPE b gauge\nb NaN\n",
        Encoding.UTF8.GetString(MetricText.Of(
        [
            new MetricFamily("a_total", "One\\two\nthree \"four\".", true, [new MetricSample(1.5, ("x", "q\"\\\n"), ("y", "")), new MetricSample(1e20)]),
            MetricFamily.Gauge("b", "Nothing.", double.NaN),
        ])));

    [Fact(Timeout = 60_000)]
    public async Task A_daemon_s_metrics_are_lines_that_prometheus_reads()
    {
        await using var host = await V1Host.StartAsync(new ScriptedJobs());
        using var client = host.Client();
        await client.GetStringAsync("/v1/self");
        await client.GetAsync("/v1/nothing");
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        string text = await answer.Content.ReadAsStringAsync();
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        foreach (string there in new[] { "deploy_build_info{version=\"0.1.0\",daemon=\"proxy\",name=\"px.example.net\"} 1\n", "deploy_v1_requests_total{route=\"GET /v1/self\",status=\"200\"} 1\n", "deploy_v1_requests_total{route=\"none\",status=\"404\"} 1\n", "process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds " })
        {
            Assert.Contains(there, text, StringComparison.Ordinal);
        }

        var families = TypeLine().Matches(text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(families.Distinct(), families);
    }

    [Fact]
    public void What_an_engine_counts_has_its_labels() => Assert.Contains(
        "deploy_jobs{state=\"running\",order=\"rsync\"} 2\n# HELP deploy_jobs_ended_total Jobs that ended, by state and order.\n# TYPE deploy_jobs_ended_total counter\ndeploy_jobs_ended_total{state=\"done\",order=\"exec\"} 3\n",
        Encoding.UTF8.GetString(MetricText.Of(DaemonMetrics.Of(
            new Deploy.Jobs.Engine.Telling.EngineCounters
            {
                Live = new Dictionary<(JobState, Order), int> { [(JobState.Running, Order.Rsync)] = 2 },
                Ended = new Dictionary<(JobState, Order), long> { [(JobState.Done, Order.Exec)] = 3 },
                HostsEnded = new Dictionary<HostState, long> { [HostState.Ok] = 4 },
                HostsRunning = 5,
                HostsWaiting = 6,
                StoreErrors = 7,
            },
            8))),
        StringComparison.Ordinal);

    [GeneratedRegex("^(# HELP [a-z0-9_]+ .+|# TYPE [a-z0-9_]+ (counter|gauge)|[a-z0-9_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? [0-9.E+-]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("# TYPE ([a-z0-9_]+) ")]
    private static partial Regex TypeLine();
}
