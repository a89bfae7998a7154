using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.History;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

public class JobListScreenTests
{
    private readonly JobsScreen screen = new();

    [Fact]
    public void What_runs_comes_first_then_the_newest()
    {
        var old = JobModels.Rollout().Viewed(job => job with { Accepted = JobModels.Now.AddDays(-30) });
        var model = screen.Open(JobModels.Empty().With([.. JobModels.SomeJobs().Skip(1), old]).At(ScreenName.Jobs)).Model;
        Assert.Equal(["8K2", "8K1", "8K3", "8K4", "8K5"], model.JobList.Jobs.Rows!.Keys.Select(id => id[^3..]));
    }

    [Fact]
    public void History_has_those_that_have_ended_by_their_end()
    {
        var history = new HistoryScreen();
        var model = history.Open(JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.History)).Model;
        Assert.Equal(["8K1", "8K3", "8K4", "8K5"], model.History.Jobs.Rows!.Keys.Select(id => id[^3..]));
        Assert.Equal(ScreenName.Plan, history.Do(model, KeyAction.Open).Model.Place.Screen);
        Assert.Equal(ScreenName.Rollout, history.Do(history.Do(model, KeyAction.Down).Model, KeyAction.Open).Model.Place.Screen);
    }

    [Theory]
    [InlineData("order:plan", 1)]
    [InlineData("order:rsync", 3)]
    [InlineData("order:rsync state:running", 1)]
    [InlineData("host:img-017", 1)]
    [InlineData("host:web", 3)]
    [InlineData("by:alice", 3)]
    [InlineData("bad:>1", 2)]
    [InlineData("host-state:unreachable", 2)]
    [InlineData("since:1h", 2)]
    [InlineData("!since:1h", 3)]
    [InlineData("nginx", 1)]
    [InlineData("why:release", 1)]
    public void Jobs_are_filtered(string filter, int rows)
    {
        Assert.Null(screen.Check(filter));
        var model = screen.With(screen.Open(JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.Jobs)).Model, new ListState { Filter = filter });
        Assert.Equal(rows, model.JobList.Jobs.Rows!.Rows.Count);
    }

    [Theory]
    [InlineData("hosts", "8K3")]
    [InlineData("bad", "8K3")]
    [InlineData("when", "8K5")]
    [InlineData("who", "8K5")]
    public void Jobs_are_sorted(string column, string first)
    {
        Assert.Contains(column, screen.Columns);
        var model = screen.With(screen.Open(JobModels.Empty().With([.. JobModels.SomeJobs().Skip(1)]).At(ScreenName.Jobs)).Model, new ListState { Sort = column });
        var rows = model.JobList.Jobs.Rows!.Keys;
        Assert.Equal(column is "hosts" or "bad" ? column == "hosts" ? "8K4" : "8K1" : first, rows[0][^3..]);
    }

    [Fact]
    public void Older_pages_are_read_when_the_cursor_comes_to_the_end()
    {
        var step = screen.Open(JobModels.Empty().At(ScreenName.Jobs));
        var question = Assert.IsType<Effect.ReadJobs>(Assert.Single(step.Effects));
        var model = screen.Hear(step.Model.With(Many(30)), new Message.JobsTold([], question, "page2")).Model;
        step = screen.Do(model, KeyAction.Last);
        Assert.Equal("page2", Assert.IsType<Effect.ReadJobs>(Assert.Single(step.Effects)).Query.Cursor);
        Assert.Empty(screen.Do(step.Model, KeyAction.Last).Effects);
        model = screen.Hear(step.Model, new Message.JobsTold([], (Effect.ReadJobs)step.Effects[0])).Model;
        Assert.Empty(screen.Do(model, KeyAction.Last).Effects);
        Assert.DoesNotContain("older", Drawn.Text(screen, model));
    }

    [Fact]
    public void A_filter_that_leaves_few_reads_on_by_itself_and_stops()
    {
        var step = screen.Open(screen.With(JobModels.Empty().At(ScreenName.Jobs), new ListState { Filter = "nothing" }));
        int pages = 0;
        for (var question = (Effect.ReadJobs)step.Effects[0]; pages < 100; pages++)
        {
            step = screen.Hear(step.Model, new Message.JobsTold([], question, $"page{pages}"));
            if (step.Effects.Count == 0)
            {
                break;
            }

            question = (Effect.ReadJobs)step.Effects[0];
        }

        Assert.InRange(pages, 5, 30);
    }

    [Fact]
    public void Cancelling_and_pausing_ask_and_one_that_is_paused_goes_on()
    {
        var model = screen.Open(JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.Jobs)).Model;
        var asked = Assert.IsType<Overlay.Confirm>(screen.Do(model, KeyAction.Cancel).Model.Overlay);
        Assert.Equal((JobModels.Id("8K2"), JobAct.Cancel), asked.Act);
        Assert.Equal(17, asked.Hosts);
        Assert.Equal(JobAct.Pause, Assert.IsType<Overlay.Confirm>(screen.Do(model, KeyAction.Pause).Model.Overlay).Act!.Value.What);
        var paused = model.With(JobModels.Rollout().Viewed(job => job with { State = JobState.Paused }));
        Assert.Equal(JobAct.Resume, Assert.IsType<Overlay.Confirm>(screen.Do(paused, KeyAction.Pause).Model.Overlay).Act!.Value.What);
    }

    [Fact]
    public void Nothing_is_asked_while_it_is_not_armed()
    {
        var model = screen.Open(JobModels.Empty().With(JobModels.SomeJobs()).At(ScreenName.Jobs)).Model with { ArmedUntil = null };
        Assert.Null(screen.Do(model, KeyAction.Cancel).Model.Overlay);
        Assert.Null(screen.Do(screen.Do(model, KeyAction.Last).Model, KeyAction.Retry).Model.Overlay);
    }

    [Fact]
    public void Rows_are_made_when_something_changes_and_not_when_it_is_drawn()
    {
        var model = screen.Open(JobModels.Empty().With(Many(300)).At(ScreenName.Jobs)).Model;
        var rows = model.JobList.Jobs.Rows;
        Assert.Same(rows, screen.Do(model, KeyAction.Down).Model.JobList.Jobs.Rows);
        Assert.Same(rows, screen.Hear(model, new Message.Heard("proxy01")).Model.JobList.Jobs.Rows);
        Assert.Contains("300 rows", Drawn.Text(screen, model));
    }

    [Fact]
    public void What_an_asker_says_stays_in_its_cell()
    {
        var record = JobModels.Rollout().Viewed(job => job with { What = "\e[2J\u202E", By = "\e]0;x\a", Why = "\r\n\e[1m", Hosts = "\e[5m" });
        var model = screen.Open(JobModels.Empty().With(record).At(ScreenName.Jobs)).Model;
        Drawn.All(screen, model);
        Assert.DoesNotContain('\e', screen.Export(model)!);
    }

    private static JobRecord[] Many(int count) => [.. Enumerable.Range(1000, count).Select(number => JobModels.Job(number.ToString(System.Globalization.CultureInfo.InvariantCulture), Order.Rsync, [.. JobModels.Hosts("web-001", HostState.Ok)]))];
}
