using System.Runtime.CompilerServices;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Acts;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Tests.Output;
using Xunit;

namespace Deploy.Tests.Modes.Client.Following;

/// <summary>A result is neither lost nor half told, however a command ends: interrupted, out of time, on a full disk.</summary>
public sealed class OutcomeTests : IDisposable
{
    private const int Patience = 60_000;

    private readonly ScriptedPlace place = new();
    private readonly Terminal terminal = new(new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
    private readonly Interrupts interrupts = new();
    private readonly List<HostStanding> hosts = [.. JobCases.Hosts("web-[1-2]", HostState.Ok, host => host with { Shape = new string('a', 64) })];

    [Theory(Timeout = Patience)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Interrupted_while_outputs_are_fetched_the_hosts_are_told_all_the_same(bool json)
    {
        var job = Ended(Order.Exec);
        place.Scripted.Fetching = async cancellationToken =>
        {
            interrupts.Interrupt();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        Assert.Equal(ExitCodes.Interrupted, await FollowAsync(job, new Showing { As = json ? ShowAs.Json : ShowAs.Text }));
        if (json)
        {
            using var document = JsonDocument.Parse(terminal.Out.ToString()!);
            Assert.Equal(["ok", "ok"], document.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("state").GetString()));
            Assert.False(document.RootElement.TryGetProperty("shapes", out _)); // not known is not none
        }
        else
        {
            Assert.Contains("2 hosts: 2 ok", terminal.Out.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains($"deploy: warning: interrupted: the job has ended, and what its hosts printed or changed is not all here\ndeploy: hint: deploy client watch {job.Id} --via proxy-01\n", terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory(Timeout = Patience)]
    [InlineData(true, ExitCodes.Interrupted)]
    [InlineData(false, ExitCodes.DeadlinePassed)]
    public async Task A_job_that_is_left_is_a_document_too(bool interrupted, int exitCode)
    {
        var job = JobCases.Job(Order.Exec, hosts, state: JobState.Running);
        place.Scripted.Known.Add(job);
        place.Scripted.Events = (_, cancellationToken) => Script(cancellationToken);
        Assert.Equal(exitCode, await FollowAsync(job, new Showing { As = ShowAs.Json }, TimeSpan.FromMilliseconds(300)));
        using var document = JsonDocument.Parse(terminal.Out.ToString()!);
        Assert.Equal(job.Id.ToString(), document.RootElement.GetProperty("job").GetProperty("id").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("job").GetProperty("summary").GetProperty("hosts").GetInt32());
        Assert.Equal(1, document.RootElement.GetProperty("hosts").GetArrayLength());
        Assert.False(document.RootElement.TryGetProperty("shapes", out _));

        async IAsyncEnumerable<JobEvent> Script([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return Host(0);
            if (interrupted)
            {
                interrupts.End();
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Theory(Timeout = Patience)]
    [InlineData(false, "an event")]
    [InlineData(true, "the result")]
    public async Task What_cannot_be_written_is_4_and_not_a_connection_that_broke(bool json, string what)
    {
        using var full = new FullDisk();
        var job = Ended(Order.Rsync);
        var run = new JobRun(place, new Showing { As = json ? ShowAs.Json : ShowAs.Events }, new Terminal(full, terminal.Error), TimeProvider.System);
        var error = await Assert.ThrowsAsync<UserError>(() => run.FollowAsync(job, null, interrupts));
        Assert.Equal((ExitCodes.HostUnreachable, $"{what} could not be written to standard output", $"it is kept: deploy client watch {job.Id} --via proxy-01"), (error.ExitCode, error.Message, error.Hint));
        Assert.Single(place.Scripted.Since);
    }

    [Fact(Timeout = Patience)]
    public async Task An_act_tells_the_hosts_that_the_job_has()
    {
        var job = Ended(Order.Rsync);
        Assert.Equal(0, await new Acting(place, new Showing { As = ShowAs.Json }, terminal).RunAsync(job.Id.ToString(), JobAct.Cancel, CancellationToken.None));
        using var document = JsonDocument.Parse(terminal.Out.ToString()!);
        Assert.Equal(["web-1", "web-2"], document.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("host").GetString()));
        Assert.False(document.RootElement.TryGetProperty("shapes", out _));
    }

    [Fact(Timeout = Patience)]
    public async Task A_retry_with_nothing_to_do_is_a_document_too()
    {
        var job = Ended(Order.Exec);
        place.Scripted.Known[0] = job with { Spec = new JobSpec { Id = job.Id, Order = Order.Exec, Hosts = "web-[1-2]", Command = "true" } };
        var again = new Again(place, new Showing { As = ShowAs.Json }, new ClientContext(new ClientOptions(), terminal, TimeProvider.System, []));
        Assert.Equal(0, await again.RunAsync(new RetryAsk { Job = job.Id.ToString(), States = Retrying.Default }, interrupts));
        using var document = JsonDocument.Parse(terminal.Out.ToString()!);
        Assert.Equal((JsonValueKind.Null, 0), (document.RootElement.GetProperty("job").ValueKind, document.RootElement.GetProperty("hosts").GetArrayLength()));
        Assert.Empty(place.Scripted.Submitted);
    }

    [Fact]
    public void A_daemon_that_refuses_is_11_and_a_journal_that_cannot_be_written_1()
    {
        foreach (string type in new[] { ProblemTypes.StoreUnwritable, ProblemTypes.Stopping, ProblemTypes.NotAllowed })
        {
            Assert.Equal(ExitCodes.Refused, JobExit.Refused(place, new Problem(type, 503, "no", "not now")).ExitCode);
        }

        place.Here = true;
        Assert.Equal(ExitCodes.Failed, JobExit.Refused(place, new Problem(ProblemTypes.StoreUnwritable, 503, "no", "not now")).ExitCode);
    }

    [Fact(Timeout = Patience)]
    public async Task The_log_of_a_command_is_its_output_for_people_and_for_programs()
    {
        var output = ShapeContent.OfOutput(0, "one\ntwo\n"u8, "no\n"u8);
        place.Scripted.Contents[output.Digest()] = output;
        place.Scripted.Known.Add(JobCases.Job(Order.Exec, hosts));
        place.Scripted.HostsOf[JobCases.Id] = [hosts[0] with { State = HostState.Ok, Shape = output.Digest() }];
        place.Scripted.Logs["web-1"] = [];
        var context = new ClientContext(new ClientOptions(), terminal, TimeProvider.System, []);
        await new JobLists(place, new Showing(), context).LogAsync(JobCases.Id.ToString(), "web-1", CancellationToken.None);
        await new JobLists(place, new Showing { As = ShowAs.Events }, context).LogAsync(JobCases.Id.ToString(), "web-1", CancellationToken.None);
        Assert.Equal("""
            one
            two
            stderr:
              no
            {"stream":"stdout","text":"one"}
            {"stream":"stdout","text":"two"}
            {"stream":"stderr","text":"no"}

            """, terminal.Out.ToString());
    }

    [Fact]
    public void A_terminal_that_does_not_move_its_cursor_gets_lines()
    {
        var drawn = new Terminal(new StringWriter(), new StringWriter(), errorIsTerminal: true);
        var picture = new Deploy.Output.Live.JobPicture(JobCases.Job(Order.Rsync, hosts));
        using var live = new Showing().FaceOn(drawn, picture, TimeProvider.System);
        using var plain = new Showing { IsDumb = true }.FaceOn(drawn, picture, TimeProvider.System);
        Assert.Equal((typeof(Deploy.Output.Live.LiveFace), typeof(Deploy.Output.Live.PlainFace)), (live.GetType(), plain.GetType()));
    }

    [Fact]
    public void Exit_codes_are_the_hosts_bits_and_11_where_nothing_was_started()
    {
        Assert.Equal(0, Of(HostState.Ok, HostState.Unchanged));
        Assert.Equal(2, Of(HostState.Ok, HostState.Refused));
        Assert.Equal(11, Of(HostState.Refused, HostState.Refused));
        Assert.Equal(4, Of(HostState.Unknown, HostState.Ok));
        Assert.Equal(6, Of(HostState.Unreachable, HostState.Cancelled));
        Assert.Equal(4, Of(HostState.Running));

        static int Of(params HostState[] states) => JobExit.Of([.. states.Select(state => new HostStanding { Host = "h", State = state })]);
    }

    public void Dispose() => interrupts.Dispose();

    private Task<int> FollowAsync(JobView job, Showing showing, TimeSpan? deadline = null) => new JobRun(place, showing, terminal, TimeProvider.System).FollowAsync(job, deadline, interrupts);

    /// <summary>A job that has ended, and whose events say so.</summary>
    private JobView Ended(Order order)
    {
        var job = JobCases.Job(order, hosts);
        place.Scripted.Known.Add(job);
        place.Scripted.HostsOf[job.Id] = hosts;
        place.Scripted.Events = (_, cancellationToken) => ScriptedJobs.Of([Host(0), Host(1), new JobEvent { Seq = 3, Epoch = "e", Time = default, Type = EventType.End }], cancellationToken: cancellationToken);
        return job;
    }

    private JobEvent Host(int host) => new() { Seq = host + 1, Epoch = "e", Time = default, Type = EventType.HostState, Host = hosts[host].Host, Standing = hosts[host] with { Rev = 5 } };

    /// <summary>Standard output on a disk that has no room.</summary>
    private sealed class FullDisk : StringWriter
    {
        public override void Flush() => throw new IOException("cannot write to descriptor 1: errno 28");
    }
}
