using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Log;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

public class LogScreenTests
{
    private readonly LogScreen screen = new();

    [Fact]
    public void Hosts_with_equal_output_are_one_block_and_those_that_failed_come_first()
    {
        var text = Opened(JobModels.Command()).Model.Log.Text!;
        Assert.Equal(3, text.Blocks);
        Assert.Equal(["failed  exit 1  4s  web-012", "10 hosts  ok  exit 0  web-[001-010]", "ok  exit 0  2s  web-011"], text.Entries.Where(entry => entry.Kind == LogKind.Head).Select(entry => entry.Text));
    }

    [Fact]
    public void B_shows_each_host_by_itself_and_o_the_ok_ones_too()
    {
        var model = Do(Opened(JobModels.Command()).Model, KeyAction.ByHost);
        Assert.Equal(1, model.Log.Text!.Blocks);
        Assert.Contains("+ 11 hosts ok hidden (o show)", Drawn.Text(screen, model));
        Assert.Equal(12, Do(model, KeyAction.ShowOk).Log.Text!.Blocks);
    }

    [Fact]
    public void What_was_printed_is_asked_for_once_a_few_at_a_time()
    {
        var hosts = JobModels.Hosts("web-[001-090]", HostState.Failed);
        var step = Opened(JobModels.Job("8C1", Order.Rsync, [.. hosts]));
        Assert.Equal(20, step.Effects.OfType<Effect.ReadLog>().Count());
        var again = screen.Hear(step.Model, new Message.Heard("proxy01"));
        Assert.Equal(20, again.Effects.OfType<Effect.ReadLog>().Count());
        Assert.Empty(again.Effects.Intersect(step.Effects));
    }

    [Fact]
    public void Of_ten_thousand_hosts_that_failed_a_hundred_are_read_by_themselves_and_the_rest_when_they_are_opened()
    {
        var step = Opened(JobModels.Job("8C6", Order.Rsync, [.. JobModels.Hosts("web-[00001-10000]", HostState.Failed)]));
        int asked = 0;
        for (int round = 0; round < 1000 && step.Effects.OfType<Effect.ReadLog>().Count() is > 0 and var questions; round++)
        {
            asked += questions;
            var record = step.Model.Jobs.Find(JobModels.Id("8C6"))!;
            record = record with { Logs = record.Logs.AddRange(step.Effects.OfType<Effect.ReadLog>().Select(one => KeyValuePair.Create(one.Host, (IReadOnlyList<LogLine>?)[new LogLine("stderr", "no space left")]))) };
            step = screen.Hear(step.Model.With(record), new Message.LogTold(record.Id, "web-00001", []));
        }

        Assert.Equal(100, asked);
        Assert.Equal(2, step.Model.Log.Text!.Blocks); // those that said the same, and those that were not read
        Assert.Contains("+ the output of 9,900 hosts is read when one is opened", Drawn.Text(screen, step.Model));
    }

    [Fact]
    public void By_its_number_it_shows_the_job_that_one_comes_from()
    {
        var model = JobModels.Empty().With(JobModels.Command(), JobModels.Rollout()).At(ScreenName.Rollout, JobModels.Id("8K3"));
        Assert.Equal(JobModels.Id("8K3"), Updating.Go(model, new Place(ScreenName.Log)).Model.Log.Job);
        Assert.Equal(JobModels.Id("8K2"), Updating.Go(model.At(ScreenName.Jobs), new Place(ScreenName.Log)).Model.Log.Job); // what runs
    }

    [Fact]
    public void A_host_that_has_ended_since_is_read_again()
    {
        var model = screen.Open(JobModels.Empty().With(JobModels.Rollout()).At(ScreenName.Log, JobModels.Id("8K2"), "web-022")).Model;
        Assert.Contains(new Effect.ReadLog(JobModels.Id("8K2"), "web-022"), model.Log.Asked);
        Assert.Empty(screen.Hear(model, new Message.Heard("proxy01")).Effects);
        var record = model.Jobs.Find(JobModels.Id("8K2"))!;
        model = model.With(record with { Standings = record.Standings.With([record.Standings.Find("web-022")! with { Rev = 9, State = HostState.Failed }]) });
        Assert.Equal([new Effect.ReadLog(record.Id, "web-022")], screen.Hear(model, new Message.Heard("proxy01")).Effects);
    }

    [Fact]
    public void Search_goes_to_the_next_line_with_it_and_around()
    {
        var model = screen.With(Opened(JobModels.Command()).Model, new ListState { Filter = "configuration" });
        Assert.Equal(5, model.Log.List.Place);
        Assert.Equal(9, Do(model, KeyAction.NextMatch).Log.List.Place);
        Assert.Equal(5, Do(model, KeyAction.NextMatch, KeyAction.NextMatch).Log.List.Place);
        Assert.Equal(9, Do(model, KeyAction.PreviousMatch).Log.List.Place);
    }

    [Fact]
    public void Follow_takes_the_cursor_along_until_one_goes_up()
    {
        var record = JobModels.Rollout();
        var model = Do(screen.Open(JobModels.Empty().With(record).At(ScreenName.Log, record.Id, "web-022")).Model, KeyAction.Follow);
        model = Printed(model, 50);
        Assert.Equal("line 49", screen.Copy(model));
        model = Printed(Do(model, KeyAction.Up), 10);
        Assert.Equal("line 48", screen.Copy(model));
        Assert.False(model.Log.Follows);
    }

    [Fact]
    public void Of_lines_that_come_the_newest_five_thousand_are_kept()
    {
        var record = JobModels.Rollout();
        var model = screen.Open(JobModels.Empty().With(record).At(ScreenName.Log, record.Id, "web-022")).Model;
        for (int batch = 0; batch < 7; batch++)
        {
            model = Printed(model, 1000);
        }

        Assert.Equal(LogPane.MostLive, model.Log.Live.Count);
    }

    [Fact]
    public void A_marker_stands_where_it_was_put()
    {
        var record = JobModels.Rollout();
        var model = Printed(screen.Open(JobModels.Empty().With(record).At(ScreenName.Log, record.Id, "web-022")).Model, 3);
        model = Printed(Do(model, KeyAction.Marker), 2);
        var entries = model.Log.Text!.Entries;
        Assert.Equal(entries.Count - 3, entries.ToList().FindIndex(entry => entry.Kind == LogKind.Marker));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_line_of_a_megabyte_costs_what_the_screen_holds(bool isWrapped)
    {
        var output = JobModels.Output(0, new string('x', 1_000_000) + "\n" + string.Concat(Enumerable.Repeat("\u202E\e[31m", 200_000)) + "\nlast\n");
        var hosts = JobModels.Hosts("web-001", HostState.Ok, host => host with { ExitCode = 0, Shape = output.Digest() });
        var model = Opened(JobModels.Job("8C2", Order.Exec, [.. hosts]) with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(output.Digest(), output) }).Model;
        model = isWrapped ? Do(model, KeyAction.Wrap) : model;
        Assert.Contains("xxxx", Drawn.Text(screen, model));
        long before = GC.GetAllocatedBytesForCurrentThread();
        screen.Draw(model, 80, 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
        Assert.Contains("last", Drawn.Text(screen, Do(model, KeyAction.Last)));
        Assert.Contains("line 4 of 4", Drawn.Text(screen, Do(model, KeyAction.Last)));
    }

    [Fact]
    public void Text_is_moved_aside_and_wrapped_text_is_not()
    {
        var output = JobModels.Output(0, "0123456789abcdefghijklmnopqrstuvwxyz\n");
        var hosts = JobModels.Hosts("web-001", HostState.Ok, host => host with { ExitCode = 0, Shape = output.Digest() });
        var model = Do(Opened(JobModels.Job("8C3", Order.Exec, [.. hosts]) with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(output.Digest(), output) }).Model, KeyAction.Right);
        Assert.Contains("   ghijkl", Drawn.Text(screen, model));
        Assert.Contains("from column 17", Drawn.Text(screen, model));
        Assert.Contains("   0123456789abc", Drawn.Text(screen, Do(model, KeyAction.Wrap)));
    }

    [Fact]
    public void Output_that_would_move_a_terminal_is_made_visible()
    {
        var output = JobModels.Output(0, "\e]52;c;QUFB\a\e[2J\u202Eevil\ta\0b\rc\n", "\u009B31m\n");
        var hosts = JobModels.Hosts("web-001", HostState.Failed, host => host with { ExitCode = 1, Shape = output.Digest(), Reason = "\e[1m" });
        var model = Opened(JobModels.Job("8C4", Order.Exec, [.. hosts], what: "\e[0m") with { Contents = ImmutableDictionary<string, ShapeContent?>.Empty.Add(output.Digest(), output) }).Model;
        Assert.Contains(@"\x1b]52;c;QUFB\x07", Drawn.Text(screen, model));
        Drawn.Of(screen, Do(model, KeyAction.Wrap));
        Assert.DoesNotContain('\e', screen.Export(model)!);
    }

    [Fact]
    public void Enter_on_a_block_opens_a_host_of_it_and_the_command_line_is_its_own()
    {
        var step = screen.Do(Opened(JobModels.Command()).Model, KeyAction.Open);
        Assert.Equal(new Place(ScreenName.Log, JobModels.Id("8K3"), "web-012"), step.Model.Place);
        Assert.Equal($"deploy client log {JobModels.Id("8K3")} web-012 --via proxy01", screen.Command(step.Model));
    }

    [Fact]
    public void Ten_thousand_hosts_with_output_of_their_own_are_counted_not_all_shown()
    {
        var hosts = JobModels.Hosts("web-[00001-10000]", HostState.Failed, host => host with { ExitCode = 1, Reason = "of " + host.Host });
        var text = Opened(JobModels.Job("8C5", Order.Exec, [.. hosts])).Model.Log.Text!;
        Assert.Equal(10_000, text.Blocks);
        Assert.InRange(text.Entries.Count, 200, 1000);
        Assert.Contains(text.Entries, entry => entry.Text.StartsWith("+ 9,800 more", StringComparison.Ordinal));
    }

    private Step Opened(JobRecord record) => screen.Open(JobModels.Empty().With(record).At(ScreenName.Log, record.Id));

    private TuiModel Do(TuiModel model, params KeyAction[] actions) => actions.Aggregate(model, (now, action) => screen.Do(now, action).Model);

    private TuiModel Printed(TuiModel model, int lines) => screen.Hear(model, new Message.Printed([.. Enumerable.Range(0, lines).Select(number => new JobEvent
    {
        Seq = number,
        Epoch = "e",
        Time = JobModels.Now,
        Type = EventType.HostLog,
        Job = JobModels.Id("8K2"),
        Host = "web-022",
        Log = new LogLine("stdout", $"line {number}"),
    })])).Model;
}
