using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Output.Live;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Output.Live;

public class PlainFaceTests
{
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);
    private readonly Terminal terminal = new(new StringWriter(), new StringWriter { NewLine = "\n" });
    private readonly JobPicture picture = new(JobCases.Job(Order.Rsync, [.. JobCases.Hosts("web-[1-9]", HostState.Queued)], state: JobState.Running));

    [Fact]
    public void Bad_hosts_of_a_moment_are_one_line_and_silence_is_broken()
    {
        using var face = new PlainFace(terminal, picture, time, onlyBad: false);
        Hear(face, JobCases.Hosts("web-[1-2]", HostState.Failed, host => host with { Reason = "no room", Rev = 2 }));
        face.Tick();
        Assert.Empty(terminal.Error.ToString()!); // it may be over in a moment
        time.Advance(TimeSpan.FromSeconds(1));
        Hear(face, JobCases.Hosts("web-3", HostState.Ok));
        face.Tick();
        time.Advance(PlainFace.Silence);
        face.Tick();
        face.Tick();
        Assert.Equal("web-[1-2]: failed: no room\n0 of 9 hosts after 0:31: 9 queued\n", terminal.Error.ToString());
    }

    [Fact]
    public void Quiet_says_bad_hosts_alone()
    {
        using var face = new PlainFace(terminal, picture, time, onlyBad: true);
        time.Advance(TimeSpan.FromMinutes(5));
        face.Tick();
        Assert.Empty(terminal.Error.ToString()!);
        Hear(face, JobCases.Hosts("web-3", HostState.Timeout));
        face.Tick();
        Assert.Equal("web-3: timeout\n", terminal.Error.ToString());
    }

    [Fact]
    public void A_batch_is_told_when_it_begins()
    {
        using var face = new PlainFace(terminal, picture, time, onlyBad: false);
        foreach (int batch in new[] { 0, 0, 1, 2 })
        {
            picture.Take(new JobEvent { Seq = 1, Epoch = "e", Time = default, Type = EventType.JobSummary, Summary = picture.Job.Summary with { Batch = batch, Batches = 2 } });
            face.Tick();
        }

        Assert.Equal("the canary: 9 queued\nbatch 1 of 2: 9 queued\nbatch 2 of 2: 9 queued\n", terminal.Error.ToString());
    }

    private void Hear(PlainFace face, IEnumerable<HostStanding> hosts)
    {
        foreach (var host in hosts)
        {
            var what = new JobEvent { Seq = 1, Epoch = "e", Time = default, Type = EventType.HostState, Host = host.Host, Standing = host };
            face.Heard(what, picture.Take(what));
        }
    }
}
