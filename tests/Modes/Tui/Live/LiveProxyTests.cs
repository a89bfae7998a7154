using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Xunit;

namespace Deploy.Tests.Modes.Tui.Live;

/// <summary>The dashboard's fleet over a proxy and its agents, all in this process.</summary>
public class LiveProxyTests
{
    private static readonly Order Exec = Order.Exec;

    [Fact(Timeout = 120_000)]
    public async Task Hosts_are_asked_once_somebody_looks_and_told_as_they_say()
    {
        await using var fleet = await Fleet.StartAsync(3);
        using var folder = new TempFolder();
        Assert.All((await fleet.Jobs.KnownHostsAsync(null, CancellationToken.None)).Items, host => Assert.Null(host.LastContact));
        await fleet.StopAgentAsync(2);
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.UntilAsync(model => model.Hosts.Count == 3 && model.Hosts.Rows.All(row => row.Facts?.Reachable is not null && row.Groups.Count == 1));
        var hosts = stage.Model.Hosts.Rows.Select(row => row.Facts!).ToList();
        Assert.Equal([true, true, false], hosts.Select(host => host.Reachable));
        Assert.All(hosts.Take(2), host => Assert.Equal((true, true), (host.Version is not null && host.LastContact is not null, Math.Abs(host.ClockSkewSeconds!.Value) < 5)));
        Assert.All(stage.Model.Hosts.Rows, row => Assert.Equal(["web"], row.Groups));
        await fleet.StartAgentAsync(2);
        await stage.UntilAsync(model => model.Hosts.Rows.All(row => row.Facts?.Reachable == true)); // asked less often, and asked
    }

    [Fact(Timeout = 120_000)]
    public async Task A_wish_is_handed_in_followed_to_its_end_and_all_of_it_can_be_read()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.NextAsync<Message.Connected>();
        stage.Fleet.Ask(new Effect.Submit(7, new JobWish { Order = Exec, Command = "say", Arguments = ["hello"], Hosts = ["web-001", "web-002"], Reason = "a test" }));
        var answered = await stage.NextAsync<Message.Answered>();
        Assert.Equal((7L, (string?)null, false), (answered.Ticket, answered.Refusal, answered.MayHaveBeenTaken));
        var id = answered.Job!.Id;
        await stage.UntilAsync(model => model.Jobs.Find(id)?.View?.State == JobState.Done && model.Hosts.Rows.All(row => row.Standing?.State == HostState.Ok));

        stage.Fleet.Ask(new Effect.ReadJob(id));
        var whole = await stage.NextAsync<Message.StandingsTold>(told => told.Job == id && told.IsAll);
        Assert.Equal(["web-001", "web-002"], whole.Hosts.Select(host => host.Host));
        stage.Fleet.Ask(new Effect.ReadShapes(id));
        var shape = Assert.Single((await stage.NextAsync<Message.ShapesTold>()).Shapes!);
        stage.Fleet.Ask(new Effect.ReadContent(id, shape.Digest));
        Assert.Equal(shape.Digest, (await stage.NextAsync<Message.ContentTold>()).Content!.Digest());
        stage.Fleet.Ask(new Effect.ReadLog(id, "web-002"));
        Assert.Equal([new LogLine("stdout", "hello")], (await stage.NextAsync<Message.LogTold>()).Lines!);
        var query = new JobQuery { Order = Exec };
        stage.Fleet.Ask(new Effect.ReadJobs(query));
        Assert.Equal(id, Assert.Single((await stage.NextAsync<Message.JobsTold>(told => told.Of?.Query == query)).Jobs).Id);
        stage.Fleet.Ask(new Effect.ReadAudit(null));
        var record = (await stage.NextAsync<Message.AuditTold>()).Records[0];
        Assert.Equal(("exec", "say", id, "a test"), (record.What, record.Subject, record.Job, record.Reason));
    }

    [Fact(Timeout = 120_000)]
    public async Task Lines_of_the_job_whose_log_is_in_front_come_as_they_are_printed_and_of_no_other()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.NextAsync<Message.Connected>();
        var id = await SubmitAsync(1);
        stage.Fleet.Ask(new Effect.FollowLog(id));
        var printed = await stage.NextAsync<Message.Printed>();
        Assert.All(printed.Events, one => Assert.Equal((EventType.HostLog, id, true), (one.Type, one.Job, one.Log!.Text.StartsWith("tick", StringComparison.Ordinal))));
        stage.Fleet.Ask(new Effect.FollowLog(null));
        stage.Fleet.Ask(new Effect.Act(2, id, JobAct.Cancel));
        await stage.UntilAsync(model => model.Jobs.Find(id)?.View?.State.IsTerminal() == true);

        var other = await SubmitAsync(3); // followed by nobody
        await stage.UntilAsync(model => model.Hosts.Rows.All(row => row.Job == other && row.Standing?.State == HostState.Running));
        await Task.Delay(500);
        Assert.DoesNotContain(stage.Heard.OfType<Message.Printed>().SelectMany(told => told.Events), one => one.Job == other);
        stage.Fleet.Ask(new Effect.Act(4, other, JobAct.Cancel));
        await stage.UntilAsync(model => model.Jobs.Find(other)?.View?.State.IsTerminal() == true);

        async Task<JobId> SubmitAsync(long ticket)
        {
            stage.Fleet.Ask(new Effect.Submit(ticket, new JobWish { Order = Exec, Command = "ticks", Hosts = ["web-001", "web-002"] }));
            var answered = await stage.NextAsync<Message.Answered>(one => one.Ticket == ticket);
            Assert.Null(answered.Refusal);
            return answered.Job!.Id;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_refused_says_why_and_was_not_taken()
    {
        await using var fleet = await Fleet.StartAsync(1);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        stage.Fleet.Ask(new Effect.Submit(1, new JobWish { Order = Exec, Command = "true", Hosts = ["db-1"] }));
        var answered = await stage.NextAsync<Message.Answered>();
        Assert.Contains("does not know db-1", answered.Refusal, StringComparison.Ordinal);
        Assert.Equal((null, false), (answered.Job, answered.MayHaveBeenTaken));
        stage.Fleet.Ask(new Effect.Submit(2, new JobWish { Order = Exec, Command = "two\nlines", Hosts = ["web-001"] }));
        Assert.Contains("command", (await stage.NextAsync<Message.Answered>()).Refusal, StringComparison.Ordinal);
        var unknown = JobId.New(DateTimeOffset.UtcNow);
        stage.Fleet.Ask(new Effect.ReadJob(unknown));
        Assert.Contains("not known", (await stage.NextAsync<Message.Unanswered>()).Why, StringComparison.Ordinal);
        stage.Fleet.Ask(new Effect.Act(3, unknown, JobAct.Cancel));
        Assert.Contains("not known", (await stage.NextAsync<Message.Answered>()).Refusal, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_job_of_somebody_else_is_told_and_can_be_cancelled()
    {
        await using var fleet = await Fleet.StartAsync(1);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.NextAsync<Message.JobsTold>();
        var spec = fleet.Exec("sleep", null, "60");
        await fleet.SubmitAsync(spec);
        await stage.UntilAsync(model => model.Jobs.Find(spec.Id)?.View is not null && model.Hosts.Rows[0].Standing?.State == HostState.Running);
        stage.Fleet.Ask(new Effect.Act(4, spec.Id, JobAct.Cancel));
        Assert.Null((await stage.NextAsync<Message.Answered>()).Refusal);
        await stage.UntilAsync(model => model.Jobs.Find(spec.Id)!.View!.State == JobState.Cancelled && model.Hosts.Rows[0].Standing?.State == HostState.Cancelled);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_proxy_that_is_restarted_is_lost_and_found_and_its_jobs_are_right_again()
    {
        await using var fleet = await Fleet.StartAsync(2);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.NextAsync<Message.Connected>();
        var spec = fleet.Exec("sleep", null, "2");
        await fleet.SubmitAsync(spec);
        await stage.UntilAsync(model => model.Hosts.Rows.Count == 2 && model.Hosts.Rows.All(row => row.Standing?.State == HostState.Running));
        await fleet.RestartProxyAsync();
        var lost = await stage.NextAsync<Message.Lost>();
        Assert.NotNull(lost.Again);
        await stage.NextAsync<Message.Connected>();
        await stage.UntilAsync(model => model.Jobs.Find(spec.Id)?.View?.State == JobState.Done && model.Hosts.Rows.All(row => row.Standing?.State == HostState.Ok));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_restart_is_told_before_what_is_read_anew_so_that_lower_numbers_count()
    {
        await using var fleet = await Fleet.StartAsync(1);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        string epoch = (await stage.NextAsync<Message.Happened>()).Events[0].Epoch;
        await fleet.RestartProxyAsync();
        await stage.NextAsync<Message.Connected>();
        var told = (await stage.NextAsync<Message.Happened>()).Events;
        Assert.Equal(EventType.Hello, told[0].Type);
        Assert.NotEqual(epoch, told[0].Epoch);
        await stage.NextAsync<Message.HostsTold>(); // behind it
    }

    [Fact(Timeout = 180_000)]
    public async Task A_job_that_ended_while_nobody_could_hear_it_is_told_behind_the_gap()
    {
        await using var fleet = await Fleet.StartAsync(1);
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        await stage.NextAsync<Message.Connected>();
        var spec = fleet.Exec("sleep", null, "1");
        await fleet.SubmitAsync(spec);
        await stage.UntilAsync(model => model.Hosts.Rows is [{ Standing.State: HostState.Running }]);
        await fleet.RestartProxyAsync();
        await fleet.EndAsync(spec.Id); // most likely before the stage is there again
        await stage.UntilAsync(model => model.Jobs.Find(spec.Id)?.View?.State == JobState.Done && model.Hosts.Rows[0].Standing?.State == HostState.Ok);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_proxy_that_does_not_know_the_asker_is_not_asked_again()
    {
        await using var fleet = await Fleet.StartAsync(1, proxy: settings => settings with { UnsignedLoopback = false });
        using var folder = new TempFolder();
        await using var stage = LiveStage.OfProxy(fleet, folder);
        var lost = await stage.NextAsync<Message.Lost>();
        Assert.Equal(("proxy", null), (lost.Source, lost.Again));
        Assert.Contains("deploy client trust", lost.Why, StringComparison.Ordinal);
        stage.Fleet.Ask(new Effect.ReadHosts());
        Assert.NotEmpty((await stage.NextAsync<Message.Unanswered>()).Why);
    }
}
