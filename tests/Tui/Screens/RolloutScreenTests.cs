using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Rollout;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

public class RolloutScreenTests
{
    private readonly RolloutScreen screen = new();

    [Fact]
    public void Problems_come_first_then_what_runs_then_what_waits_and_the_ok_ones_are_hidden()
    {
        var rows = Rows(Opened(JobModels.Rollout()));
        Assert.Equal(["web-004", "web-040"], rows.Keys.Take(2));
        Assert.Equal(["web-031", "web-032", "web-022"], rows.Keys.Skip(2).Take(3)); // those that are behind before those that are not
        Assert.Equal(21, rows.Hidden);
        Assert.Equal(19, rows.Rows.Count);
        Assert.Equal(1, rows.Turn(12));
    }

    [Fact]
    public void O_shows_the_ok_ones_and_a_filter_hides_none_of_what_it_lets_through()
    {
        var model = screen.Do(Opened(JobModels.Rollout()), KeyAction.ShowOk).Model;
        Assert.Equal(40, Rows(model).Rows.Count);
        Assert.Equal(0, Rows(model).Hidden);
        var filtered = screen.With(Opened(JobModels.Rollout()), model.Rollout.List with { Filter = "state:ok" });
        Assert.Equal(20, Rows(filtered).Rows.Count);
    }

    [Theory]
    [InlineData("state:bad", 2)]
    [InlineData("state:running web-[024-030]", 7)]
    [InlineData("why:denied", 1)]
    [InlineData("rc:23", 1)]
    [InlineData("!state:ok|unchanged|queued|running", 2)]
    public void Rows_are_filtered(string filter, int rows)
    {
        Assert.Null(screen.Check(filter));
        Assert.Equal(rows, Rows(screen.With(Opened(JobModels.Rollout()), new ListState { Filter = filter, ProblemsFirst = true })).Rows.Count);
    }

    [Fact]
    public void A_host_that_stands_still_or_is_much_behind_the_others_is_a_straggler()
    {
        var rows = Rows(Opened(JobModels.Rollout()));
        Assert.Equal(["web-031", "web-032"], rows.Rows.Where(rows.IsStraggler).Select(host => host.Host));
        Assert.Equal("web-031", rows.Tally.Slowest);
    }

    [Fact]
    public void Problems_come_first_by_themselves_and_stay_as_the_operator_left_them()
    {
        var setup = JobModels.Empty().Setup;
        Assert.True(Keeping.Restored(new TuiModel { Setup = setup }).Rollout.List.ProblemsFirst);
        var model = screen.With(JobModels.Empty(), JobModels.Empty().Rollout.List with { ProblemsFirst = false });
        var kept = Assert.Single(Keeping.Remember(model).Effects.OfType<Effect.Remember>()).Kept;
        Assert.False(Keeping.Restored(new TuiModel { Setup = setup with { Kept = kept } }).Rollout.List.ProblemsFirst);
    }

    [Fact]
    public void What_is_not_well_is_never_cut_off_the_counts()
    {
        var states = Enum.GetValues<HostState>().SelectMany((state, number) => JobModels.Hosts($"h{number}-[0001-1000]", state));
        var model = Opened(JobModels.Job("9Z2", Order.Rsync, [.. states], JobState.Running)) with { Columns = 120 };
        string counts = screen.Draw(model, 120, 20)[1].Text;
        Assert.All((string[])["failed 1,000", "partial 1,000", "unreachable 1,000", "unknown 1,000", "refused 1,000", "timeout 1,000"], word => Assert.Contains(word, counts, StringComparison.Ordinal));
    }

    [Fact]
    public void Failures_are_folded_by_equal_reason()
    {
        List<HostStanding> hosts =
        [
            .. JobModels.Hosts("a-[01-30]", HostState.Failed, host => host with { ExitCode = 12, Reason = "the origin closed the connection; look at its log" }),
            .. JobModels.Hosts("b-[01-02]", HostState.Unknown),
            .. JobModels.Hosts("c-01", HostState.Refused, host => host with { Cause = Reasons.Guard, Reason = "the delete guard refuses" }),
        ];
        var failures = RolloutTally.Of(hosts).Failures;
        Assert.Equal([30, 2, 1], failures.Select(failure => failure.Count));
        Assert.Equal("rc=12 the origin closed the connection", failures[0].What);
        Assert.Equal("look at its log", failures[0].Hint);
        Assert.Equal("may have started, look before you retry", failures[1].Hint);
        Assert.Contains("nothing was touched", failures[2].Hint);
    }

    [Fact]
    public void Enter_opens_the_host_right_its_log_and_tab_goes_to_the_failures()
    {
        var model = Opened(JobModels.Rollout());
        Assert.Equal(new Place(ScreenName.Host, JobModels.Id("8K2"), "web-004"), screen.Do(model, KeyAction.Open).Model.Place);
        Assert.Equal(new Place(ScreenName.Log, JobModels.Id("8K2"), "web-004"), screen.Do(model, KeyAction.Right).Model.Place);
        model = screen.Do(screen.Do(model, KeyAction.NextPane).Model, KeyAction.Down).Model;
        Assert.Equal("web-040", screen.Do(model, KeyAction.Open).Model.Place.Host);
        Assert.Equal("dial timeout", screen.Copy(model));
    }

    [Fact]
    public void Coming_back_to_the_same_job_keeps_the_cursor_and_another_job_begins_above()
    {
        var model = screen.Do(Opened(JobModels.Rollout()), KeyAction.Down).Model;
        Assert.Equal("web-040", screen.Open(model).Model.Rollout.List.At);
        var other = JobModels.Command();
        Assert.Null(screen.Open(model.With(other).At(ScreenName.Rollout, other.Id)).Model.Rollout.List.At);
    }

    [Fact]
    public void A_job_that_runs_is_not_retried_and_one_that_has_ended_not_cancelled()
    {
        var running = Opened(JobModels.Rollout());
        Assert.Equal("the job has not ended", screen.WhyNot(running, KeyAction.Retry));
        Assert.Null(screen.WhyNot(running, KeyAction.Cancel));
        Assert.Null(screen.WhyNot(running, KeyAction.Pause));
        var ended = Opened(JobModels.Command());
        Assert.Equal("the job has ended", screen.WhyNot(ended, KeyAction.Cancel));
        Assert.Null(screen.WhyNot(ended, KeyAction.Retry));
    }

    [Fact]
    public void Retry_asks_before_anything_is_sent()
    {
        var step = screen.Do(Opened(JobModels.Command()), KeyAction.Retry);
        Assert.Empty(step.Effects);
        var asked = Assert.IsType<Overlay.Confirm>(step.Model.Overlay);
        Assert.Equal(["web-012"], asked.Wish!.Hosts);
        Assert.Contains(asked.Warnings, warning => warning.Contains("began there once already", StringComparison.Ordinal));
    }

    [Fact]
    public void A_job_of_a_list_is_read_before_it_is_retried()
    {
        var record = JobModels.Command().Viewed(job => job with { Spec = null });
        var step = screen.Do(Opened(record), KeyAction.Retry);
        Assert.Equal(new Effect.ReadJob(record.Id), Assert.Single(step.Effects));
        Assert.Null(step.Model.Overlay);
    }

    [Fact]
    public void Ten_thousand_hosts_are_gone_through_once_and_drawn_where_they_are_seen()
    {
        var small = Opened(JobModels.Rollout());
        var hosts = JobModels.Hosts("web-[00001-10000]", HostState.Running, host => host with { Progress = new HostProgress { BytesDone = 1, BytesTotal = 100, FilesDone = 1, FilesTotal = 10, BytesPerSecond = 5 } }).ToList();
        var large = Opened(JobModels.Job("9ZZ", Order.Rsync, hosts, JobState.Running));
        var rows = large.Rollout.Rows;
        Assert.NotNull(rows);
        Assert.Same(rows, screen.Hear(large, new Message.Heard("proxy01")).Model.Rollout.Rows); // nothing has moved: nothing is made again
        Assert.Same(rows, screen.Do(large, KeyAction.Down).Model.Rollout.Rows);
        Assert.Equal(20, Drawn.Body(screen, large).Count);
        Assert.InRange(Allocated(() => screen.Draw(large, 80, 20)), 1, 3 * Allocated(() => screen.Draw(small, 80, 20)));
    }

    [Fact]
    public void What_hosts_say_stays_in_its_cell()
    {
        const string Evil = "\e]52;c;QUFB\a\e[2J\u202Eevil\u2066\r\nsecond\tthird\0";
        List<HostStanding> hosts =
        [
            .. JobModels.Hosts("web-[01-03]", HostState.Failed, host => host with { Reason = Evil + new string('x', 1_000_000), Warning = Evil, ExitCode = 1 }),
            .. JobModels.Hosts("web-04", HostState.Running, host => host with { Waiting = Evil }),
            new() { Host = "h\e[31m" + new string('ä', 300), State = HostState.Refused, Rev = 1, Reason = Evil },
        ];
        var model = Opened(JobModels.Job("9Z1", Order.Rsync, hosts, JobState.Stopped, what: Evil).Viewed(job => job with { Reason = Evil, Hosts = Evil }));
        foreach (var (columns, rows) in Drawn.Sizes)
        {
            Drawn.Of(screen, Drawn.Sized(model, columns, rows, isAscii: false));
        }

        Assert.DoesNotContain('\e', screen.Export(model)!);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 5)]
    [InlineData(40, 10)]
    [InlineData(400, 100)]
    public void Any_size_is_drawn(int columns, int rows)
    {
        foreach (var record in JobModels.SomeJobs())
        {
            var model = Opened(record) with { Columns = columns, Rows = rows + 4 };
            Assert.True(screen.Draw(model, columns, rows).Count >= 0);
            screen.Title(model, columns);
        }
    }

    private TuiModel Opened(JobRecord record) => screen.Open(JobModels.Empty().With(record).At(ScreenName.Rollout, record.Id)).Model;

    private static RolloutRows Rows(TuiModel model) => model.Rollout.Rows!;

    private static long Allocated(Action draw)
    {
        draw();
        long before = GC.GetAllocatedBytesForCurrentThread();
        draw();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
