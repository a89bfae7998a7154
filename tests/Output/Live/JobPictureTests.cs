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

    private static JobEvent Event(string epoch, EventType type) => new() { Seq = 1, Epoch = epoch, Time = default, Type = type };

    private static JobEvent Host(string epoch, HostState state, long rev) =>
        Event(epoch, EventType.HostState) with { Host = "web-1", Standing = new HostStanding { Host = "web-1", State = state, Rev = rev } };
}
