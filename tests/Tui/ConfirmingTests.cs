using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Screens;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui;

public class ConfirmingTests
{
    [Fact]
    public void Nothing_is_changed_before_it_is_armed()
    {
        var dashboard = new Dashboard().Connected().Press("D");
        Assert.Null(dashboard.Model.Overlay);
        Assert.Contains("W arms", dashboard.Frame, StringComparison.Ordinal);
        dashboard.Press(":deploy site<enter>");
        Assert.Empty(Submitted(dashboard));
        Assert.Contains("W arms", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_armed_for_15_minutes_and_says_until_when()
    {
        var dashboard = new Dashboard().Connected().Press("W");
        Assert.True(dashboard.Model.IsArmed);
        Assert.Contains("[WRITE 14:17]", dashboard.Frame, StringComparison.Ordinal);
        Assert.False(dashboard.Later(TimeSpan.FromMinutes(14)).Press("j").Later(TimeSpan.FromMinutes(1)).Model.IsArmed);
        Assert.Contains("[RO]", dashboard.Frame, StringComparison.Ordinal);
        Assert.False(dashboard.Press("WW").Model.IsArmed);
    }

    [Fact]
    public void Read_only_is_never_armed()
    {
        var dashboard = new Dashboard(setup: setup => setup with { IsReadOnly = true }).Connected().Press("W");
        Assert.False(dashboard.Model.IsArmed);
        Assert.Contains("--read-only", dashboard.Frame, StringComparison.Ordinal);
        dashboard.Press("D:arm<enter>:deploy site<enter>");
        Assert.False(dashboard.Model.IsArmed);
        Assert.Empty(Submitted(dashboard));
    }

    [Fact]
    public void One_host_is_y_and_nothing_else()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>");
        Assert.Equal(Rung.Letter, Confirming.RungOf((Overlay.Confirm)dashboard.Model.Overlay!));
        Assert.Empty(Submitted(dashboard.Press("x7 <tab>")));
        Assert.Single(Submitted(dashboard.Press("y")));
        Assert.Single(Submitted(dashboard.Press("yy<enter>"))); // two fast presses are one wish
        Assert.Equal(["rsync site on 1 host (cache-001)"], dashboard.Model.Asked.Values);
    }

    [Fact]
    public void Enter_alone_does_nothing_to_one_host_or_to_some()
    {
        Assert.Empty(Submitted(new Dashboard().Connected().Press("WDsite<enter><enter>")));
        Assert.Empty(Submitted(new Dashboard().Connected().Press("W   Dsite<enter><enter>")));
    }

    [Theory]
    [InlineData("<enter>", 0)]
    [InlineData("<tab><enter>", 1)]
    [InlineData("<right><enter>", 1)]
    [InlineData("<tab><left><enter>", 0)]
    [InlineData("<tab><escape>", 0)]
    [InlineData("y", 0)]
    public void Some_hosts_are_a_button_and_cancel_is_the_default(string keys, int wishes) =>
        Assert.Equal(wishes, Submitted(new Dashboard().Connected().Press("W   Dsite<enter>").Press(keys)).Count);

    [Theory]
    [InlineData("y<enter>", 0)]
    [InlineData("<tab><enter>", 0)]
    [InlineData("117<enter>", 0)]
    [InlineData("118<enter>", 1)]
    [InlineData("117<backspace>8<enter>", 1)]
    [InlineData("12<enter>118<enter>", 1)]
    [InlineData("118<escape><enter>", 0)]
    public void Ten_or_more_hosts_are_typed(string keys, int wishes) =>
        Assert.Equal(wishes, Submitted(new Dashboard().Connected().Press("WaDsite<enter>").Press(keys)).Count);

    [Fact]
    public void Deletions_above_a_guard_are_typed_also_for_one_host()
    {
        var dashboard = new Dashboard().Connected().Press(":allow-delete 500<enter>WDsite<enter>");
        Assert.Equal(Rung.Number, Confirming.RungOf((Overlay.Confirm)dashboard.Model.Overlay!));
        Assert.Equal(500, Assert.Single(Submitted(dashboard.Press("1<enter>"))).AllowDelete);
        Assert.Null(dashboard.Model.AllowDelete); // for that one alone
    }

    [Fact]
    public void Marked_hosts_that_the_filter_hides_are_named_in_the_question()
    {
        var dashboard = new Dashboard().Connected().Press("W   /image<enter>Dsite<enter>");
        Assert.Contains("marked, but hidden by the filter: 3 hosts", ((Overlay.Confirm)dashboard.Model.Overlay!).Warnings);
        Assert.Contains("hidden by the filter", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Ordered_from_another_screen_the_question_says_whose_hosts_they_are()
    {
        var dashboard = new Dashboard().Connected().Press("/cache<enter>W2:deploy site<enter>");
        Assert.Contains("these are all hosts of 1 Fleet, filter cache", ((Overlay.Confirm)dashboard.Model.Overlay!).Warnings);
    }

    [Fact]
    public void A_long_command_does_not_hide_its_host()
    {
        var dashboard = new Dashboard().Connected().Press("WE").Tell(new Message.Pasted("echo -n " + new string('x', 1000))).Press("<enter>");
        Assert.Contains("on 1 host: cache-001", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void To_cancel_a_job_is_asked_by_what_it_does()
    {
        var dashboard = new Dashboard().Connected().Tell(new Message.JobsTold([Dashboard.View(Dashboard.Job)])).Press("W2K");
        Assert.Contains("(rsync site) on 40 hosts", ((Overlay.Confirm)dashboard.Model.Overlay!).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_quits_before_an_answer_is_told_so()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>yq");
        Assert.Contains("rsync site on 1 host (cache-001)", Assert.Single(dashboard.Effects.OfType<Effect.Quit>()).Say, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pasted_text_never_confirms()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>").Tell(new Message.Pasted("y\n"));
        Assert.Empty(Submitted(dashboard));
    }

    [Fact]
    public void Being_armed_may_end_while_it_is_asked()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>").Later(TimeSpan.FromMinutes(16)).Press("y");
        Assert.Empty(Submitted(dashboard));
        Assert.Contains("nothing was done", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_needs_neither()
    {
        var wish = Assert.Single(Submitted(new Dashboard().Connected().Press("aPsite<enter>")));
        Assert.True(wish is { IsPlan: true, Order: Order.Rlist, Group: "site", Hosts.Count: 118 });
    }

    [Fact]
    public void A_command_is_words_and_no_shell()
    {
        var wish = Assert.Single(Submitted(new Dashboard().Connected().Press("WEnginx reload 'a b' ''<enter>y")));
        Assert.True(wish is { Order: Order.Exec, Command: "nginx" });
        Assert.Equal(["reload", "a b", ""], wish.Arguments!);
    }

    [Fact]
    public void The_question_shows_the_command_line()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>");
        Assert.Contains("deploy client rsync site", dashboard.Frame, StringComparison.Ordinal);
        Assert.Contains("nothing was planned", dashboard.Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_asked_for_is_opened()
    {
        var dashboard = new Dashboard().Connected().Press("WDsite<enter>y").Tell(new Message.Answered(1, Dashboard.View(Dashboard.Job, hosts: 1), null));
        Assert.Equal(new Place(ScreenName.Rollout, Dashboard.Job), dashboard.Model.Place);
        Assert.Empty(dashboard.Model.Asked);
        dashboard.Press("1").Tell(new Message.Answered(1, Dashboard.View(Dashboard.Job), null)); // told twice
        Assert.Equal(ScreenName.Fleet, dashboard.Model.Place.Screen);
    }

    [Fact]
    public void A_plan_opens_the_plan_but_not_below_what_is_being_typed()
    {
        var plan = Dashboard.View(Dashboard.Job) with { Order = Order.Rlist, IsPlan = true };
        Assert.Equal(ScreenName.Plan, new Dashboard().Connected().Press("Psite<enter>").Tell(new Message.Answered(1, plan, null)).Model.Place.Screen);
        Assert.Equal(ScreenName.Fleet, new Dashboard().Connected().Press("Psite<enter>/we").Tell(new Message.Answered(1, plan, null)).Model.Place.Screen);
    }

    [Fact]
    public void A_lost_answer_says_that_it_may_have_been_taken()
    {
        var dashboard = new Dashboard(120).Connected().Press("WDsite<enter>y").Tell(new Message.Answered(1, null, "the connection broke", MayHaveBeenTaken: true));
        Assert.Contains("may have been taken; look at 2 Jobs", dashboard.Frame, StringComparison.Ordinal);
        Assert.Contains("not done: leased", new Dashboard().Connected().Press("WDsite<enter>y").Tell(new Message.Answered(1, null, "leased")).Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void An_act_is_asked_for_too_and_opens_nothing()
    {
        var dashboard = new Dashboard().Connected().Rolling().Press("W");
        var model = Confirming.Ask(dashboard.Model, Dashboard.Job, JobAct.Cancel, 40).Model;
        Assert.Equal(Rung.Number, Confirming.RungOf((Overlay.Confirm)model.Overlay!));
        Assert.Equal(Rung.Button, Confirming.RungOf((Overlay.Confirm)Confirming.Ask(dashboard.Model, Dashboard.Job, JobAct.Pause, 40).Model.Overlay!));
        foreach (char key in "40")
        {
            model = Updating.Update(model, new Message.Pressed(Deploy.Tui.Keys.Key.Of(key)) { At = dashboard.Now }).Model;
        }

        var step = Updating.Update(model, new Message.Pressed(new Deploy.Tui.Keys.Key(Deploy.Tui.Keys.KeyName.Enter)) { At = dashboard.Now });
        Assert.Equal(new Effect.Act(1, Dashboard.Job, JobAct.Cancel), Assert.Single(step.Effects));
        var after = Updating.Update(step.Model, new Message.Answered(1, Dashboard.View(Dashboard.Job, JobState.Cancelled), null) { At = dashboard.Now }).Model;
        Assert.Equal(ScreenName.Fleet, after.Place.Screen);
        Assert.Equal(JobState.Cancelled, after.Jobs.Find(Dashboard.Job)!.View!.State);
    }

    private static IReadOnlyList<JobWish> Submitted(Dashboard dashboard) => [.. dashboard.Effects.OfType<Effect.Submit>().Select(submit => submit.Wish)];
}
