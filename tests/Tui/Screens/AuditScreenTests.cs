using Deploy.Model.Jobs;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Audit;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

public class AuditScreenTests
{
    private readonly AuditScreen screen = new();

    internal static IReadOnlyList<AuditRecord> Records =>
    [
        new() { Seq = 5, Time = JobModels.Now.AddMinutes(-1), What = "cancel", Subject = "site", Hosts = "web-[001-040]", Job = JobModels.Id("8K2"), Who = "bob@laptop", Key = "SHA256:bobbobbob", Peer = "10.0.0.9:40112" },
        new() { Seq = 4, Time = JobModels.Now.AddMinutes(-2), What = "rsync", Subject = "site", Hosts = "web-[001-040]", Job = JobModels.Id("8K2"), Who = "alice@desk", Key = "SHA256:alicealice", Peer = "10.0.0.7:40110", Reason = "release 7" },
        new() { Seq = 3, Time = JobModels.Now.AddHours(-3), What = "exec", Subject = "reboot", Hosts = "db-001", Who = "ci", Key = "SHA256:cicici", Peer = "10.0.0.8:5555", Refusal = "its key may not order exec" },
        new() { Seq = 2, Time = JobModels.Now.AddDays(-1), What = "rsync", Subject = "x\e]52;c;AAAA\a\u202Eevil", Hosts = new string('h', 5000), Peer = "10.9.9.9:1", Refusal = "nobody knows the key\e[2J" },
        new() { Seq = 1, Time = JobModels.Now.AddDays(-500), What = "steal", Subject = "site", Who = "alice@desk", Reason = "Ann is ill" },
    ];

    [Fact]
    public void Older_records_are_read_when_the_cursor_comes_to_the_end()
    {
        var model = Told(new Effect.ReadAudit(null), Many(100, 60), "older");
        Assert.Contains("older ones below", Drawn.Text(screen, model));
        var step = screen.Do(model, KeyAction.Last);
        Assert.Equal(new Effect.ReadAudit("older"), Assert.Single(step.Effects));
        Assert.Empty(screen.Do(step.Model, KeyAction.Last).Effects); // it is asked already
        model = screen.Hear(step.Model, new Message.AuditTold(Many(40, 40), new Effect.ReadAudit("older"), null)).Model;
        Assert.Equal(100, model.Audit.Records.Count);
        Assert.Contains("100 rows", Drawn.Text(screen, model));
    }

    [Fact]
    public void The_newest_read_again_stand_in_front_once_each()
    {
        var model = Told(new Effect.ReadAudit(null), Many(100, 50), "older");
        model = screen.Open(model).Model;
        model = screen.Hear(model, new Message.AuditTold(Many(110, 50), new Effect.ReadAudit(null), "other")).Model;
        Assert.Equal(60, model.Audit.Records.Count);
        Assert.Equal([110L, 109L, 108L], model.Audit.Records.Take(3).Select(record => record.Seq));
        Assert.Equal("older", model.Audit.Cursor);
    }

    [Fact]
    public void A_filter_that_leaves_few_reads_on_by_itself_and_stops()
    {
        var model = screen.Open(JobModels.Empty().At(ScreenName.Audit) with { Audit = new AuditPane { List = new ListState { Filter = "state:refused" } } }).Model;
        int pages = 0;
        for (var question = new Effect.ReadAudit(null); pages < 100; pages++)
        {
            var step = screen.Hear(model, new Message.AuditTold(Many(10_000 - pages * 10, 10), question, "more"));
            model = step.Model;
            if (step.Effects.OfType<Effect.ReadAudit>().FirstOrDefault() is not { } next)
            {
                break;
            }

            question = next;
        }

        Assert.InRange(pages, 5, 30);
    }

    [Theory]
    [InlineData("state:refused", 2)]
    [InlineData("by:alice", 2)]
    [InlineData("host:web-017", 2)]
    [InlineData("what:cancel", 1)]
    [InlineData("since:1h", 2)]
    [InlineData("ill", 1)]
    public void It_is_filtered(string filter, int rows)
    {
        var model = Told(new Effect.ReadAudit(null), Records, null);
        Assert.Null(screen.Check(filter));
        Assert.Equal(rows, AuditRows.Of(screen.With(model, model.Audit.List with { Filter = filter })).Rows.Count);
    }

    [Fact]
    public void A_caller_who_may_not_read_it_is_told_so()
    {
        var model = screen.Open(JobModels.Empty().At(ScreenName.Audit)).Model;
        model = screen.Hear(model, new Message.Unanswered(new Effect.ReadAudit(null), "your key may not read the audit log")).Model;
        Assert.Contains("your key may not read the audit log", Drawn.Text(screen, model));
    }

    [Fact]
    public void What_somebody_sent_stays_in_its_cell()
    {
        var model = screen.Do(screen.Do(screen.Do(Told(new Effect.ReadAudit(null), Records, null), KeyAction.Down).Model, KeyAction.Down).Model, KeyAction.Down).Model;
        Assert.Contains(@"x\x1b]52", Drawn.Text(screen, Drawn.Sized(model, 120, 24, isAscii: true)));
        Assert.DoesNotContain('\e', screen.Export(model)!);
    }

    [Fact]
    public void Enter_opens_the_job()
    {
        var step = screen.Do(Told(new Effect.ReadAudit(null), Records, null), KeyAction.Open);
        Assert.Equal(new Place(ScreenName.Rollout, JobModels.Id("8K2")), step.Model.Place);
    }

    private TuiModel Told(Effect.ReadAudit question, IReadOnlyList<AuditRecord> records, string? cursor) =>
        screen.Hear(screen.Open(JobModels.Empty().At(ScreenName.Audit)).Model, new Message.AuditTold(records, question, cursor)).Model;

    private static List<AuditRecord> Many(int from, int count) =>
        [.. Enumerable.Range(0, count).Select(place => new AuditRecord { Seq = from - place, Time = JobModels.Now.AddMinutes(from - place - 10_000), What = "rsync", Who = "alice@desk" })];
}
