using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Demo;
using Xunit;

namespace Deploy.Tests.Tui.Demo;

/// <summary>What the made-up fleet does of what an operator orders.</summary>
public class DemoOrderTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 14, 2, 0, TimeSpan.Zero);

    private readonly DemoWorld world = new(1, 100, Begin);
    private readonly IReadOnlyList<string> web;

    public DemoOrderTests() => web = [.. world.Hosts.In("web").Select(host => host.Name)];

    [Fact]
    public void A_plan_is_done_as_it_was_shown_and_then_nothing_is_left()
    {
        var plan = Ordered(new JobWish { Order = Order.Rlist, IsPlan = true, Group = "site", Hosts = web });
        var shapes = Shapes(plan);
        Assert.Equal(3, shapes.Count);
        var shape = shapes[0];
        Assert.True(FrozenHosts.TryParse(shape.Hosts, out var hosts, out _));
        var sync = Ordered(new JobWish { Order = Order.Rsync, Group = "site", Hosts = [.. hosts.Expand()], Plan = new Dictionary<string, string> { [shape.Digest] = shape.Hosts }, OfPlan = plan.Id });
        var done = Standings(sync).Where(standing => standing.State == HostState.Ok).ToList();
        Assert.True(done.Count > shape.HostCount / 2);
        Assert.All(done, standing => Assert.Equal((shape.Digest, shape.Totals), (standing.Shape, standing.Totals)));
        Assert.DoesNotContain(Standings(sync), standing => standing.Cause == Reasons.PlanDrift);
        var again = Ordered(new JobWish { Order = Order.Rlist, IsPlan = true, Group = "site", Hosts = [.. done.Select(standing => standing.Host)] });
        Assert.All(Standings(again), standing => Assert.Equal(HostState.Unchanged, standing.State));
    }

    [Fact]
    public void A_plan_that_holds_no_more_is_refused()
    {
        var sync = Ordered(new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-001"], Plan = new Dictionary<string, string> { [new string('0', 64)] = "web-001" } });
        Assert.Equal((HostState.Refused, Reasons.PlanDrift), (Standings(sync)[0].State, Standings(sync)[0].Cause));
    }

    [Fact]
    public void Many_deletions_are_refused_until_they_are_allowed()
    {
        var wish = new JobWish { Order = Order.Rsync, Group = "site", Hosts = ["web-010"] };
        var refused = Standings(Ordered(wish))[0];
        Assert.Equal((HostState.Refused, Reasons.Guard), (refused.State, refused.Cause));
        Assert.Contains("216 of the target's", refused.Reason, StringComparison.Ordinal);
        Assert.NotEqual(HostState.Refused, Standings(Ordered(wish with { AllowDelete = 216 }))[0].State);
    }

    [Fact]
    public void A_command_gives_outputs_that_fold()
    {
        var job = Ordered(new JobWish { Order = Order.Exec, Command = "check", Hosts = ["web-003", "web-004", "web-005"] });
        var shapes = Shapes(job);
        Assert.Equal([(2, 0), (1, 1)], shapes.Select(shape => (shape.HostCount, shape.ExitCode!.Value)));
        var content = world.Answer(new Effect.ReadContent(job.Id, shapes[1].Digest)).OfType<Message.ContentTold>().Single().Content!;
        Assert.Contains("Permission denied", CommandOutput.Text(CommandOutput.Read(content)!.Error), StringComparison.Ordinal);
        var log = world.Answer(new Effect.ReadLog(job.Id, "web-004")).OfType<Message.LogTold>().Single().Lines!;
        Assert.Contains(log, line => line.Text.Contains("Permission denied", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_job_ends_is_answered_then_and_stands_in_the_audit_log()
    {
        var rollout = world.Jobs[^1];
        Assert.Equal(JobState.Running, rollout.State);
        Assert.Empty(world.Answer(new Effect.Act(9, rollout.Id, JobAct.Cancel)).OfType<Message.Answered>());
        var told = DemoWorldTests.Play(world, TimeSpan.FromSeconds(2));
        var answer = Assert.Single(told.OfType<Message.Answered>());
        Assert.Equal((9L, JobState.Cancelled, null), (answer.Ticket, answer.Job!.State, answer.Refusal));
        Assert.All(rollout.Standings, standing => Assert.True(standing.State.IsTerminal()));
        var record = world.Answer(new Effect.ReadAudit(null)).OfType<Message.AuditTold>().Single().Records[0];
        Assert.Equal(("cancel", rollout.Id, DemoAudit.You), (record.What, record.Job!.Value, record.Who));
        Assert.NotNull(world.Answer(new Effect.Act(10, rollout.Id, JobAct.Cancel)).OfType<Message.Answered>().Single().Refusal);
    }

    [Fact]
    public void A_paused_rollout_starts_no_host_until_it_goes_on()
    {
        var rollout = world.Jobs[^1];
        Assert.Equal(JobState.Paused, world.Answer(new Effect.Act(1, rollout.Id, JobAct.Pause)).OfType<Message.Answered>().Single().Job!.State);
        DemoWorldTests.Play(world, TimeSpan.FromMinutes(3));
        Assert.Equal(0, rollout.Count(HostState.Running));
        int queued = rollout.Count(HostState.Queued);
        Assert.True(queued > 0);
        world.Answer(new Effect.Act(2, rollout.Id, JobAct.Resume));
        DemoWorldTests.Play(world, TimeSpan.FromSeconds(2));
        Assert.True(rollout.Count(HostState.Queued) < queued);
    }

    [Theory]
    [InlineData("4", "10%,100%", 3, 2)]
    [InlineData(null, "1,100%", 2, 2)]
    public void A_rollout_goes_by_batches(string? canary, string batches, int parts, int of)
    {
        var job = Ordered(new JobWish { Order = Order.Exec, Command = "version", Hosts = [.. web.Where(host => host != "web-009")], Rollout = new RolloutSpec { Canary = canary, Batches = batches } });
        Assert.Equal(JobState.Done, job.State);
        Assert.Equal(of, job.Summary.Batches);
        Assert.Equal(parts, Standings(job).Select(standing => standing.Batch).Distinct().Count());
    }

    [Fact]
    public void Too_many_failures_stop_a_rollout()
    {
        var job = Ordered(new JobWish { Order = Order.Exec, Command = "nothing", Hosts = web, Rollout = new RolloutSpec { MaxFailures = "2", MaxParallel = 1 } });
        Assert.Equal((JobState.Stopped, 3), (job.State, job.Summary.Counts["refused"]));
        Assert.Equal(web.Count - 3, job.Summary.Counts["skipped"]);
    }

    [Fact]
    public void What_cannot_be_done_is_refused_in_words()
    {
        string Refusal(JobWish wish) => world.Answer(new Effect.Submit(1, wish)).OfType<Message.Answered>().Single().Refusal!;
        Assert.Contains("no host is called web-999", Refusal(new JobWish { Order = Order.Status, Group = "site", Hosts = ["web-999"] }), StringComparison.Ordinal);
        Assert.Contains("'blog'", Refusal(new JobWish { Order = Order.Rsync, Group = "blog", Hosts = ["web-001"] }), StringComparison.Ordinal);
        Assert.Contains("leased", Refusal(new JobWish { Order = Order.Rsync, Group = DemoRollouts.Group, Hosts = ["web-001"] }), StringComparison.Ordinal);
        Assert.Contains("command", Refusal(new JobWish { Order = Order.Exec, Hosts = ["web-001"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_and_records_are_read_page_by_page()
    {
        var seen = new List<JobId>();
        for (string? cursor = null; ;)
        {
            var page = world.Answer(new Effect.ReadJobs(new JobQuery { Cursor = cursor })).OfType<Message.JobsTold>().Single();
            seen.AddRange(page.Jobs.Select(job => job.Id));
            if ((cursor = page.Cursor) is null)
            {
                break;
            }
        }

        Assert.Equal(world.Jobs.OrderByDescending(job => job.Accepted).Select(job => job.Id), seen);
        var records = new List<AuditRecord>();
        for (string? cursor = null; ;)
        {
            var page = world.Answer(new Effect.ReadAudit(cursor)).OfType<Message.AuditTold>().Single();
            records.AddRange(page.Records);
            if ((cursor = page.Cursor) is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, world.Audit.Count).Select(seq => (long)seq).Reverse(), records.Select(record => record.Seq));
        Assert.Equal(records.Select(record => record.Time).OrderDescending(), records.Select(record => record.Time));
    }

    /// <summary>Orders it, and plays on to its end.</summary>
    private JobView Ordered(JobWish wish)
    {
        var answer = world.Answer(new Effect.Submit(1, wish)).OfType<Message.Answered>().Single();
        Assert.Null(answer.Refusal);
        for (int minute = 0; minute < 30 && !View(answer.Job!.Id).State.IsTerminal(); minute++)
        {
            DemoWorldTests.Play(world, TimeSpan.FromMinutes(1));
        }

        return View(answer.Job!.Id);
    }

    private JobView View(JobId id) => world.Answer(new Effect.ReadJob(id)).OfType<Message.JobsTold>().Single().Jobs[0];

    private IReadOnlyList<HostStanding> Standings(JobView job) => world.Answer(new Effect.ReadJob(job.Id)).OfType<Message.StandingsTold>().Single().Hosts;

    private IReadOnlyList<Shape> Shapes(JobView job) => world.Answer(new Effect.ReadShapes(job.Id)).OfType<Message.ShapesTold>().Single().Shapes!;
}
