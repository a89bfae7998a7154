using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Plan;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

public class PlanScreenTests
{
    private readonly PlanScreen screen = new();

    [Fact]
    public void The_newest_plan_is_shown_or_the_one_that_was_opened()
    {
        var old = JobModels.Job("8A0", Order.Rlist, [.. JobModels.Hosts("db-001", HostState.Ok)], isPlan: true).Viewed(job => job with { Accepted = JobModels.Now.AddDays(-1) });
        var model = JobModels.Empty().With(JobModels.Plan(), old, JobModels.Rollout());
        Assert.Equal(JobModels.Id("8K1"), screen.Open(model.At(ScreenName.Plan)).Model.Plan.Job);
        Assert.Equal(old.Id, screen.Open(model.At(ScreenName.Plan, old.Id)).Model.Plan.Job);
    }

    [Fact]
    public void Without_a_plan_plans_are_asked_for_and_the_first_that_is_told_is_opened()
    {
        var step = screen.Open(JobModels.Empty().At(ScreenName.Plan));
        var question = Assert.IsType<Effect.ReadJobs>(Assert.Single(step.Effects));
        Assert.Equal(Order.Rlist, question.Query.Order);
        var told = screen.Hear(step.Model.With(JobModels.Plan()), new Message.JobsTold([JobModels.Plan().View!], question));
        Assert.Contains(new Effect.ReadJob(JobModels.Id("8K1")), told.Effects);
        Assert.Equal(JobModels.Id("8K1"), told.Model.Plan.Job);
    }

    [Fact]
    public void The_content_of_the_shape_under_the_cursor_is_asked_for_once()
    {
        var plan = JobModels.Plan() with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty };
        var opened = Opened(plan);
        var asked = opened.Effects.OfType<Effect.ReadContent>().Single();
        Assert.Equal(opened.Model.Plan.Rows!.Usual!.Digest, asked.Digest);
        Assert.Empty(screen.Hear(opened.Model, new Message.Heard("proxy01")).Effects);
        var moved = screen.Do(opened.Model, KeyAction.Down);
        Assert.NotEqual(asked, moved.Effects.OfType<Effect.ReadContent>().Single());
        Assert.Contains("could not be read: gone", Drawn.Text(screen, screen.Hear(moved.Model, new Message.Unanswered(moved.Effects.OfType<Effect.ReadContent>().Single(), "gone")).Model));
    }

    [Fact]
    public void A_plan_that_runs_is_not_done_and_its_contents_are_not_asked_for()
    {
        var plan = JobModels.Plan().Viewed(job => job with { State = JobState.Running, Ended = null }) with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty };
        var step = Opened(plan);
        Assert.Equal([new Effect.ReadJob(plan.Id)], step.Effects);
        Assert.Equal("the plan has not ended", screen.WhyNot(step.Model, KeyAction.Deploy));
    }

    [Fact]
    public void Deploying_asks_with_what_is_left_out_and_what_deletes_much()
    {
        var model = Do(Opened(JobModels.Plan()).Model, KeyAction.Down, KeyAction.ExcludeShape);
        var asked = Assert.IsType<Overlay.Confirm>(screen.Do(model, KeyAction.Deploy).Model.Overlay);
        Assert.Equal(37, asked.Hosts);
        Assert.False(asked.IsAboveGuard);
        Assert.Equal("web-[001-037]", Assert.Single(asked.Wish!.Plan!).Value);
        Assert.Contains(asked.Warnings, line => line == "left out by hand: 2 hosts, web-[038-039]");
        Assert.Contains(asked.Warnings, line => line == "not planned, so left out: 1 host, web-040");

        asked = Assert.IsType<Overlay.Confirm>(screen.Do(Do(model, KeyAction.ExcludeShape), KeyAction.Deploy).Model.Overlay);
        Assert.Equal(39, asked.Hosts);
        Assert.True(asked.IsAboveGuard);
        Assert.Contains(asked.Warnings, line => line == "more than the others: 212 deletions on each of web-[038-039]");
        Assert.Contains(asked.Warnings, line => line == "deletes 572 entries in all, 212 on one host at most");
    }

    [Fact]
    public void Hosts_without_a_plan_cannot_be_left_out_and_with_every_shape_left_out_nothing_can_be_deployed()
    {
        var model = Do(Opened(JobModels.Plan()).Model, KeyAction.Last);
        Assert.NotNull(screen.WhyNot(model, KeyAction.ExcludeShape));
        model = Do(model, KeyAction.First, KeyAction.ExcludeShape, KeyAction.Down, KeyAction.ExcludeShape);
        Assert.Equal("every shape is left out", screen.WhyNot(model, KeyAction.Deploy));
        Assert.Null(screen.Do(model, KeyAction.Deploy).Model.Overlay);
    }

    [Fact]
    public void Planning_again_is_of_all_of_its_hosts_and_asks_nothing()
    {
        var step = screen.Do(Opened(JobModels.Plan()).Model with { ArmedUntil = null }, KeyAction.Again);
        var submitted = Assert.Single(step.Effects.OfType<Effect.Submit>());
        Assert.Equal(40, submitted.Wish.Hosts.Count);
        Assert.True(submitted.Wish.IsPlan);
        Assert.Null(step.Model.Overlay);
    }

    [Fact]
    public void An_old_plan_is_called_stale()
    {
        var plan = JobModels.Plan().Viewed(job => job with { Accepted = JobModels.Now.AddMinutes(-31), Started = null, Ended = JobModels.Now.AddMinutes(-30) });
        var model = Opened(plan).Model;
        Assert.EndsWith("STALE", screen.Title(model, 80)!.Text);
        Assert.Contains(Assert.IsType<Overlay.Confirm>(screen.Do(model, KeyAction.Deploy).Model.Overlay).Warnings, line => line.StartsWith("the plan is 30 minutes old", StringComparison.Ordinal));
    }

    [Fact]
    public void Unfolding_shows_the_hosts_and_why_they_have_no_plan()
    {
        var model = Do(Opened(JobModels.Plan()).Model, KeyAction.Unfold);
        Assert.Contains("web-001", Drawn.Text(screen, model));
        model = Do(model, KeyAction.Unfold, KeyAction.Last);
        Assert.Contains("no answer within 5 s", Drawn.Text(screen, model));
    }

    [Fact]
    public void Of_a_hundred_thousand_changes_those_are_read_that_are_seen()
    {
        var content = JobModels.Changes(100_000, 3, 5);
        var host = JobModels.Hosts("web-001", HostState.Ok, one => one with { Shape = content.Digest(), Totals = new SyncTotals { New = 100_000, Changed = 3, Deleted = 5 } });
        var plan = JobModels.Job("8B1", Order.Rlist, [.. host], isPlan: true) with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(content.Digest(), content) };
        var model = Opened(plan).Model;
        var changes = model.Plan.Changes;
        Assert.Equal(100_008, changes!.Count(isDeletions: false));
        model = Do(model, KeyAction.NextPane, KeyAction.Last);
        Assert.Same(changes, model.Plan.Changes);
        Assert.Contains("uploads/2026/11/22/0005.jpg", Drawn.Text(screen, model));
        Assert.Equal("uploads/2026/11/22/0005.jpg", screen.Copy(model));
        long before = GC.GetAllocatedBytesForCurrentThread();
        screen.Draw(model, 80, 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 200_000);
        Assert.Contains("1-5 of 5", Drawn.Text(screen, Do(model, KeyAction.Deletions)));
    }

    [Fact]
    public void What_is_no_change_set_is_never_more_than_lines_that_cannot_be_read()
    {
        var random = new Random(7);
        byte[] whole = JobModels.Changes(20, 20, 20).Bytes.ToArray();
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = [.. whole];
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var changes = PlanChanges.Of(new ShapeContent(ShapeKind.Changes, bytes.AsMemory(0, random.Next(bytes.Length))));
            for (int place = 0; place < changes.Count(isDeletions: false); place++)
            {
                Assert.True(PlanTable.Changed(80, changes.At(place, isDeletions: false), isAt: false).Text.Length <= 80);
            }
        }

        Assert.False(PlanChanges.Of(JobModels.Output(0, "new\tf\n")).IsWhole);
    }

    [Fact]
    public void Names_and_warnings_of_hosts_stay_in_their_cells()
    {
        var content = new ShapeContent(ShapeKind.Changes, "new\tf\t1\t\t\\x1b]52;c;QUFB\\x07\\xff\u202E\n"u8.ToArray());
        var hosts = JobModels.Hosts("web-001", HostState.Ok, host => host with { Shape = content.Digest(), Totals = new SyncTotals { New = 1 }, Warning = "\e[2Jgone\r\n" });
        var model = Opened(JobModels.Job("8B2", Order.Rlist, [.. hosts, new HostStanding { Host = "\e]0;x\a", State = HostState.Refused, Rev = 1, Reason = "\e[31m" }], isPlan: true, what: "a\e[1m") with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(content.Digest(), content) }).Model;
        Assert.Contains(@"\x1b]52", Drawn.Text(screen, model));
        Drawn.Of(screen, Do(model, KeyAction.Last));
        Assert.DoesNotContain('\e', screen.Export(model)!);
    }

    [Fact]
    public void Ten_thousand_hosts_are_folded_once()
    {
        var shape = JobModels.Changes(1, 0, 0);
        var record = JobModels.Job("8B3", Order.Rlist, [.. JobModels.Hosts("web-[00001-10000]", HostState.Ok, host => host with { Shape = shape.Digest(), Totals = new SyncTotals { New = 1 } })], isPlan: true);
        var model = Opened(record).Model;
        var rows = model.Plan.Rows;
        Assert.Equal("web-[00001-10000]", Assert.Single(rows!.Rows).Folded);
        Assert.Same(rows, screen.Hear(model, new Message.Heard("proxy01")).Model.Plan.Rows);
        Assert.Same(rows, Do(model, KeyAction.Unfold, KeyAction.NextPane, KeyAction.Down, KeyAction.PageDown).Plan.Rows);
    }

    private Step Opened(JobRecord plan) => screen.Open(JobModels.Empty().With(plan).At(ScreenName.Plan, plan.Id));

    private TuiModel Do(TuiModel model, params KeyAction[] actions) => actions.Aggregate(model, (now, action) => screen.Do(now, action).Model);
}
