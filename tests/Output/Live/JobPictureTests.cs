using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output.Live;
using Xunit;

namespace Deploy.Tests.Output.Live;

public class JobPictureTests
{
    private readonly JobPicture picture = new(JobCases.Job(Order.Rsync, [.. JobCases.Hosts("web-1", HostState.Queued)], state: JobState.Running));

    [Fact]
    public void A_daemon_that_was_restarted_counts_anew()
    {
        picture.Take(Event("one", EventType.Hello));
        picture.Take(Host("one", HostState.Running, 1_000_026));
        Assert.Null(picture.Take(Host("one", HostState.Connecting, 3)));
        Assert.Equal(HostState.Running, Assert.Single(picture.Hosts).State);
        picture.Take(Event("two", EventType.Hello));
        Assert.NotNull(picture.Take(Host("two", HostState.Ok, 1_000_014)));
        Assert.True(picture.IsWhole);
        picture.Take(Event("two", EventType.Hello));
        Assert.Null(picture.Take(Host("two", HostState.Running, 1_000_013)));
    }

    [Fact]
    public void What_GET_says_is_the_truth()
    {
        picture.Take(Host("one", HostState.Running, 1_000_026));
        picture.Take(picture.Job, JobCases.Hosts("web-1", HostState.Ok, host => host with { Rev = 4 }));
        Assert.Equal(HostState.Ok, Assert.Single(picture.Hosts).State);
    }

    [Fact]
    public void A_host_that_was_not_asked_is_not_heard_of()
    {
        Assert.Null(picture.Take(Event("one", EventType.HostState) with { Standing = new HostStanding { Host = "web-2", State = HostState.Ok } }));
        Assert.Empty(picture.Hosts);
        Assert.NotNull(picture.Take(Event("one", EventType.HostState) with { Standing = new HostStanding { Host = "WEB-1", State = HostState.Ok } }));
        Assert.True(picture.IsWhole);
    }

    [Fact]
    public void A_terminal_state_that_is_told_otherwise_later_is_unknown_and_stays_so()
    {
        picture.Take(Host("one", HostState.Failed, 5));
        Assert.Null(picture.Take(Host("one", HostState.Running, 4))); // older, and late
        Assert.Equal(HostState.Failed, Assert.Single(picture.Hosts).State);
        picture.Take(Host("one", HostState.Ok, 6));
        Assert.Equal((HostState.Unknown, Reasons.BadAnswer), (picture.Hosts[0].State, picture.Hosts[0].Cause));
        picture.Take(picture.Job, JobCases.Hosts("web-1", HostState.Ok));
        Assert.Equal(HostState.Unknown, Assert.Single(picture.Hosts).State);
    }

    [Fact]
    public void A_host_of_which_no_end_was_told_is_unknown_in_the_end()
    {
        var three = new JobPicture(picture.Job, ["web-1", "web-2", "web-3"]);
        three.Take(Host("one", HostState.Ok, 1));
        Assert.False(three.IsWhole);
        three.Take(picture.Job with { State = JobState.Done }, JobCases.Hosts("web-3", HostState.Running));
        Assert.Equal(["ok web-1", "unknown web-2", "unknown web-3"], three.Hosts.Select(host => $"{host.State.Word()} {host.Host}").Order());
    }

    private static JobEvent Event(string epoch, EventType type) => new() { Seq = 1, Epoch = epoch, Time = default, Type = type };

    private static JobEvent Host(string epoch, HostState state, long rev) =>
        Event(epoch, EventType.HostState) with { Host = "web-1", Standing = new HostStanding { Host = "web-1", State = state, Rev = rev } };
}
