using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output.Live;
using Xunit;

namespace Deploy.Tests.Output.Live;

public class LiveTextTests
{
    [Fact]
    public void The_block_of_a_rollout()
    {
        HostStanding[] hosts =
        [
            .. JobCases.Hosts("web-[001-300]", HostState.Ok),
            .. JobCases.Hosts("web-[301-302]", HostState.Failed, host => host with { Reason = "rsync: No space left on device (28); make room on the host and give the order again, for it is not done" }),
            .. JobCases.Hosts("web-303", HostState.Running, host => host with { Progress = new HostProgress { BytesDone = 10, BytesTotal = 100, FilesDone = 1, StalledSeconds = 45 } }),
            .. JobCases.Hosts("web-[304-305]", HostState.Running, host => host with { Waiting = "a free connection at the origin (max connections)" }),
            .. JobCases.Hosts("web-306", HostState.Running, host => host with { Progress = new HostProgress { BytesDone = 41_200_000, BytesTotal = 82_400_000, FilesDone = 1, BytesPerSecond = 1_200_000 } }),
            .. JobCases.Hosts("web-[307-310]", HostState.Running, host => host with { Progress = new HostProgress { BytesDone = 80_000_000, BytesTotal = 82_400_000, FilesDone = 1, BytesPerSecond = 11_200_000 } }),
            .. JobCases.Hosts("web-[311-500]", HostState.Queued),
        ];
        var job = JobCases.Job(Order.Rsync, hosts, state: JobState.Running);
        var picture = new JobPicture(job with
        {
            Summary = job.Summary with { Batch = 2, Batches = 4, BytesDone = 12_000_000_000, BytesTotal = 41_000_000_000, BytesPerSecond = 112_000_000, EtaSeconds = 259, Stalled = 1, Slow = 1 },
        });
        picture.Take(picture.Job, hosts);
        var text = new StringBuilder();
        foreach (var (width, rows) in new[] { (80, 24), (120, 24), (40, 5) })
        {
            var lines = LiveText.Lines(picture, TimeSpan.FromSeconds(83), width, rows - 1);
            Assert.True(lines.Count <= Math.Min(10, rows - 1));
            Assert.All(lines, line => Assert.True(line.Length < width, line));
            text.Append($"--- {width} columns, {rows} rows\n").AppendJoin('\n', lines).Append('\n');
        }

        Golden.Golden.Verify(text.ToString(), "Block");
    }

    [Fact]
    public void Text_of_a_peer_moves_no_cursor()
    {
        HostStanding[] hosts = [.. JobCases.Hosts("a", HostState.Failed, host => host with { Reason = "\e[2J\nboo" })];
        var picture = new JobPicture(JobCases.Job(Order.Exec, hosts) with { What = "x\ay" });
        picture.Take(picture.Job, hosts);
        string all = string.Concat(LiveText.Lines(picture, default, 80, 24));
        Assert.DoesNotContain(all, letter => letter < ' ');
    }

    [Fact]
    public void A_picture_takes_the_newest_and_keeps_it()
    {
        var hosts = JobCases.Hosts("a,b", HostState.Queued).ToList();
        var picture = new JobPicture(JobCases.Job(Order.Rsync, hosts));
        Assert.NotNull(Take(hosts[0] with { State = HostState.Running, Rev = 3 }));
        Assert.Null(Take(hosts[0] with { State = HostState.Connecting, Rev = 2 }));
        Assert.Null(Take(hosts[0] with { State = HostState.Running, Rev = 4 }));
        Assert.NotNull(Take(hosts[0] with { State = HostState.Ok, Rev = 5 }));
        Assert.Null(Take(hosts[0] with { State = HostState.Failed, Rev = 5 }));
        Assert.False(picture.IsWhole);
        Take(hosts[1] with { State = HostState.Unknown, Rev = 2 });
        Assert.True(picture.IsWhole);
        Assert.Equal((1, 1), (picture.Summary.Counts["ok"], picture.Summary.Counts["unknown"]));

        HostStanding? Take(HostStanding standing) => picture.Take(new JobEvent { Seq = 1, Epoch = "e", Time = default, Type = EventType.HostState, Host = standing.Host, Standing = standing });
    }
}
