using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Proxy;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Proxy;

/// <summary>A proxy and its agents, whole, in this process.</summary>
public class FleetTests
{
    [Fact]
    public async Task Every_host_runs_the_command_and_equal_outputs_are_one_shape()
    {
        await using var fleet = await Fleet.StartAsync(12);
        var spec = fleet.Exec("say", null, "hello");
        var taken = Assert.IsType<Submission.Taken>(await fleet.SubmitAsync(spec));
        Assert.True(taken.IsNew);
        var hosts = await fleet.EndAsync(spec.Id);
        Assert.Equal(12, hosts.Count);
        Assert.All(hosts, host => Assert.Equal((HostState.Ok, 0), (host.State, host.ExitCode)));
        var shape = Assert.Single((await fleet.Jobs.ShapesAsync(spec.Id, CancellationToken.None))!);
        Assert.Equal(("web-[001-012]", 12), (shape.Hosts, shape.HostCount));
        var content = await fleet.Jobs.ShapeAsync(spec.Id, shape.Digest, CancellationToken.None);
        Assert.Equal("exit 0\nstdout 6\nhello\nstderr 0\n", System.Text.Encoding.UTF8.GetString(content!.Bytes.Span));
        Assert.False(((Submission.Taken)await fleet.SubmitAsync(spec)).IsNew);
    }

    [Fact]
    public async Task A_host_that_nobody_knows_refuses_the_whole_job_by_name()
    {
        await using var fleet = await Fleet.StartAsync(2);
        var refused = Assert.IsType<Submission.Refused>(await fleet.SubmitAsync(fleet.Exec("true", "web-[001-004],db-1")));
        Assert.Equal((ProblemTypes.Invalid, 422), (refused.Problem.Type, refused.Problem.Status));
        Assert.Contains("db-1,web-[003-004]", refused.Problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await fleet.Jobs.ListAsync(new JobQuery(), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task An_agent_that_is_down_is_unreachable_and_costs_nobody_else()
    {
        await using var fleet = await Fleet.StartAsync(3);
        await fleet.StopAgentAsync(1);
        var spec = fleet.Exec("true");
        await fleet.SubmitAsync(spec);
        Assert.Equal([HostState.Ok, HostState.Unreachable, HostState.Ok], (await fleet.EndAsync(spec.Id)).Select(host => host.State));
        var known = (await fleet.Jobs.KnownHostsAsync(null, CancellationToken.None)).Items;
        Assert.Equal([true, false, true], known.Select(host => host.Reachable));
        Assert.All(known, host => Assert.Equal("v1", host.Wire));
        Assert.NotNull(known[0].ClockSkewSeconds);
    }

    [Fact]
    public async Task A_proxy_that_is_restarted_hears_what_became_of_it()
    {
        await using var fleet = await Fleet.StartAsync(3);
        var spec = fleet.Exec("sleep", null, "2");
        await fleet.SubmitAsync(spec);
        while ((await fleet.Jobs.FindAsync(spec.Id, CancellationToken.None))!.Summary.Counts.GetValueOrDefault("running") < 3)
        {
            await Task.Delay(20);
        }

        await fleet.RestartProxyAsync();
        Assert.All(await fleet.EndAsync(spec.Id), host => Assert.Equal((HostState.Ok, 0), (host.State, host.ExitCode)));
        Assert.Equal(3, fleet.AgentLog.Entries.Count(entry => entry.Message.Contains($"job {spec.Id} exec", StringComparison.Ordinal) && entry.Message.Contains(": ok", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cancelled_job_stops_what_runs()
    {
        await using var fleet = await Fleet.StartAsync(2);
        var spec = fleet.Exec("sleep", null, "60");
        await fleet.SubmitAsync(spec);
        while ((await fleet.Jobs.FindAsync(spec.Id, CancellationToken.None))!.Summary.Counts.GetValueOrDefault("running") < 2)
        {
            await Task.Delay(20);
        }

        Assert.IsType<Submission.Taken>(await fleet.Jobs.ActAsync(spec.Id, JobAct.Cancel, new Asker("test", "me"), CancellationToken.None));
        Assert.All(await fleet.EndAsync(spec.Id), host => Assert.Equal(HostState.Cancelled, host.State));
    }

    [Fact]
    public async Task An_agent_that_is_restarted_while_it_runs_says_that_it_was_interrupted()
    {
        await using var fleet = await Fleet.StartAsync(1);
        var spec = fleet.Exec("sleep", null, "60");
        await fleet.SubmitAsync(spec);
        while ((await fleet.Jobs.FindAsync(spec.Id, CancellationToken.None))!.Summary.Counts.GetValueOrDefault("running") < 1)
        {
            await Task.Delay(20);
        }

        await fleet.StopAgentAsync(0);
        await fleet.StartAgentAsync(0);
        var host = Assert.Single(await fleet.EndAsync(spec.Id));
        Assert.Equal((HostState.Failed, Reasons.Interrupted), (host.State, host.Cause));
    }

    [Fact]
    public async Task Groups_are_told_and_one_watcher_sees_every_host_end()
    {
        await using var fleet = await Fleet.StartAsync(5);
        var group = Assert.Single(await fleet.Jobs.GroupsAsync(CancellationToken.None));
        Assert.Equal(("web", "web-[001-005]", 5), (group.Name, group.Hosts, group.HostCount));
        var self = await fleet.Jobs.SelfAsync(CancellationToken.None);
        Assert.Equal(("proxy", true), (self.Daemon, self.IsKept));
        Assert.True(self.Started <= self.Time);
        var spec = fleet.Exec("false");
        var (stream, _) = await fleet.Jobs.SubmitAndFollowAsync(JobDocument.Of(spec), null, CancellationToken.None);
        using (stream)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var ends = new Dictionary<string, HostState>();
            EventType last = EventType.Hello;
            await foreach (var what in stream!.ReadAsync(limit.Token))
            {
                last = what.Type;
                if (what.Standing is { } standing)
                {
                    ends[standing.Host] = standing.State;
                }
            }

            Assert.Equal(EventType.End, last);
            Assert.Equal(5, ends.Count);
            Assert.All(ends.Values, state => Assert.Equal(HostState.Failed, state));
        }
    }

    [Fact]
    public async Task A_host_of_the_originals_wire_is_asked_by_it()
    {
        await using var fleet = await Fleet.StartAsync(2, null, settings => settings with
        {
            Hosts = settings.Hosts.ToDictionary(host => host.Key, host => host.Key == "web-001" ? host.Value with { Wire = HostWire.Legacy, KeyCipher = new Secret(AgentFixture.Key) } : host.Value, Deploy.Model.Hosts.HostName.Comparer),
        });
        var spec = fleet.Exec("say", null, "hello");
        await fleet.SubmitAsync(spec);
        Assert.All(await fleet.EndAsync(spec.Id), host => Assert.Equal((HostState.Ok, 0), (host.State, host.ExitCode)));
        Assert.Equal(2, Assert.Single((await fleet.Jobs.ShapesAsync(spec.Id, CancellationToken.None))!).HostCount);
        var plan = new JobSpec { Id = JobId.New(DateTimeOffset.UtcNow), Order = Order.Rlist, Hosts = "web-001", Group = "site", Keep = true };
        await fleet.SubmitAsync(plan);
        var refused = Assert.Single(await fleet.EndAsync(plan.Id));
        Assert.Equal(HostState.Refused, refused.State);
        Assert.Contains("original's wire", refused.Reason, StringComparison.Ordinal);
    }
}
