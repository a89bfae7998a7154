using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output.Folded;
using Xunit;

namespace Deploy.Tests.Output.Folded;

public class SummaryTextTests
{
    private static readonly List<HostStanding> Sync =
    [
        .. JobCases.Hosts("web-[001-497]", HostState.Ok, host => host with { Totals = JobCases.Totals(12, 3, 0, 41_200_000) }),
        .. JobCases.Hosts("db-1", HostState.Ok, host => host with { Totals = JobCases.Totals(12, 4, 1, 41_200_001), Warning = "2 links lead outside of the origin\u202e and were left out" }),
        .. JobCases.Hosts("db-[2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42],old[1-9],x,y", HostState.Unchanged, host => host with { Totals = new SyncTotals() }),
        .. JobCases.Hosts("web-[498-499]", HostState.Failed, host => host with { Reason = "rsync: No space left on device (28); make room on the host", ExitCode = 11 }),
        .. JobCases.Hosts("web-500", HostState.Unreachable, host => host with { Reason = "can't connect to web-500:3440: \e[31mconnection refused" }),
        .. JobCases.Hosts("web-[501-510]", HostState.Skipped),
    ];

    [Fact]
    public void Equal_results_are_one_line_and_what_differs_has_its_own()
    {
        var text = new StringBuilder();
        var job = JobCases.Job(Order.Rsync, Sync, state: JobState.Stopped, reason: "2 hosts failed, 1 may");
        foreach (int? width in new int?[] { null, 80, 120 })
        {
            Add(text, $"width {width?.ToString() ?? "-"}", SummaryText.Lines(job, Sync, new Layout { Width = width }));
        }

        Add(text, "quiet", SummaryText.Lines(job, Sync, new Layout { OnlyBad = true }));
        Add(text, "color", SummaryText.Lines(job, Sync, new Layout { Color = true, Width = 80 }).Select(line => line.Replace("\e", "ESC", StringComparison.Ordinal)));
        var good = Sync.Where(host => host.State.IsGood()).ToList();
        Add(text, "good, quiet", SummaryText.Lines(JobCases.Job(Order.Rsync, good), good, new Layout { OnlyBad = true }));
        var plain = JobCases.Hosts("a", HostState.Ok).ToList();
        Add(text, "one host without numbers", SummaryText.Lines(JobCases.Job(Order.Rkill, plain), plain, new Layout()));
        Golden.Golden.Verify(text.ToString(), "Summary");
    }

    [Fact]
    public void Hosts_that_all_differ_are_bounded_unless_all_are_asked_for()
    {
        var hosts = JobCases.Hosts("web-[001-500]", HostState.Ok).Select((host, place) => host with { Totals = JobCases.Totals(place, 0, 0, 0) }).ToList();
        var job = JobCases.Job(Order.Rsync, hosts);
        var lines = SummaryText.Lines(job, hosts, new Layout()).ToList();
        Assert.InRange(lines.Count, 40, 50);
        Assert.Contains(lines, line => line.TrimStart().StartsWith("461  ok", StringComparison.Ordinal));
        Assert.Contains("500 hosts: 500 ok", lines);
        Assert.True(SummaryText.Lines(job, hosts, new Layout { All = true }).Count() > 500);
    }

    [Fact]
    public void Links_that_were_left_out_are_counted_and_shown()
    {
        var hosts = JobCases.Hosts("web-[1-2]", HostState.Unchanged, host => host with { Totals = new SyncTotals { SkippedLinks = 2 } }).ToList();
        Assert.Contains("       2 links left out", SummaryText.Lines(JobCases.Job(Order.Status, hosts), hosts, new Layout()));
        Assert.Equal("2 hosts: no changes, 2 links left out", PlanText.Lines(hosts, _ => null, names: false, new Layout()).First());
        Assert.Equal("+1 ~0 -0, 5 B, 1 link left out", TotalsText.Whole(JobCases.Totals(1, 0, 0, 5) with { SkippedLinks = 1 }));
    }

    [Fact]
    public void Every_host_is_named_whatever_the_width()
    {
        foreach (int width in new[] { 1, 40, 80, 10_000 })
        {
            string text = string.Concat(SummaryText.Lines(JobCases.Job(Order.Rsync, Sync), Sync, new Layout { Width = width }).Select(line => line.Trim()));
            Assert.Contains("web-[001-497]", text, StringComparison.Ordinal);
            Assert.Contains("db-[2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42],old[1-9],x,y", text.Replace("\n", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static void Add(StringBuilder text, string title, IEnumerable<string> lines) => text.Append("--- ").Append(title).Append('\n').AppendJoin('\n', lines).Append('\n');
}
