using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Tui;
using Deploy.Tui.Screen;
using Deploy.Tui.Views;
using Xunit;

namespace Deploy.Tests.Tui;

/// <summary>What others send changes its own cell and nothing else.</summary>
public class HostileTextTests
{
    public static readonly TheoryData<string> Texts =
    [
        "\x1b[2J\x1b[1;1Hroot@host",
        "\x1b]52;c;ZXZpbA==\a",
        "\u009b31mred",
        "a\r\nb\tc",
        "\u202Etxt.exe\u2066",
        "e\u0301\u0301\u0301\u0301",
        "\u4e2d\u6587\U0001F600",
        "\ud800x",
        new string('x', 1_000_000),
        string.Concat(Enumerable.Repeat("\x1b[31m", 200_000)),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_goes_over_its_cell(string text)
    {
        foreach (bool ascii in new[] { true, false })
        {
            foreach (var (columns, rows) in new[] { (60, 15), (80, 24), (200, 60) })
            {
                var dashboard = new Dashboard(columns, rows, setup => setup with { IsAscii = ascii, Place = text, By = text }).Connected();
                var plain = new Dashboard(columns, rows, setup => setup with { IsAscii = ascii }).Connected();
                var facts = dashboard.Host(text) with { Address = text, Version = text, Rsync = text, Wire = text, LastSyncs = new Dictionary<string, LastSync> { [text] = new(Dashboard.Job, HostState.Ok, dashboard.Now) } };
                dashboard.Tell(
                    new Message.Connected(text, new DaemonSelf { Name = text, Daemon = text, Version = text, Who = text, Pin = text }, TimeSpan.Zero),
                    new Message.HostsTold([facts], IsAll: false),
                    new Message.GroupsTold([new(text, "db-001", 1)]),
                    new Message.JobsTold([Dashboard.View(Dashboard.Job) with { What = text, By = text, Reason = text }]),
                    new Message.StandingsTold(Dashboard.Job, [new HostStanding { Host = text, State = HostState.Failed, Rev = 1, Reason = text, Warning = text, Waiting = text }], IsAll: true),
                    new Message.Lost("other", text, null),
                    new Message.Said(text, IsTrouble: true));
                foreach (string keys in new[] { "", "G", "?", "<escape>:", "<escape>/", "<escape><enter>", "<escape>WD", "site<enter>", "<escape>E" })
                {
                    dashboard.Press(keys);
                    Check(Views.Draw(dashboard.Model), columns, rows, ascii);
                    dashboard.Tell(new Message.Pasted(text));
                    Check(Views.Draw(dashboard.Model), columns, rows, ascii);
                }

                // Rows of other hosts are what they were without it.
                string Row(Dashboard one, string name) => one.Press("<escape><escape><escape>1g").Frame.Split('\n').First(line => line.Contains(name, StringComparison.Ordinal));
                Assert.Equal(Row(plain, "cache-002")[..19], Row(dashboard, "cache-002")[..19]);
            }
        }
    }

    private static void Check(Picture picture, int columns, int rows, bool ascii)
    {
        Assert.True(picture.Lines.Count <= rows);
        foreach (var line in picture.Lines)
        {
            string text = string.Concat(line.Spans.Select(span => span.Text));
            Assert.True(TextColumns.Of(text) <= columns, text);
            Assert.Equal(SafeText.Of(text), text);
            Assert.True(!ascii || Ascii.IsValid(text), text);
        }

        Assert.True(picture.Cursor is not { } cursor || (cursor.Column < columns && cursor.Row < rows));
    }
}
