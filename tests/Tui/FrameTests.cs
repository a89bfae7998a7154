using System.Text;
using System.Text.RegularExpressions;
using Deploy.Tui.Screen;
using Xunit;
using Goldens = Deploy.Tests.Golden.Golden;

namespace Deploy.Tests.Tui;

/// <summary>Whole frames, as a person reads them.</summary>
public class FrameTests
{
    public static readonly TheoryData<int, int, bool> Sizes = new() { { 60, 15, true }, { 80, 24, true }, { 80, 24, false }, { 120, 40, false }, { 200, 60, false } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_fleet(int columns, int rows, bool ascii) => Verify("Fleet", columns, rows, ascii, dashboard => dashboard.Press("jjj jj<up><up>"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_fleet_with_what_is_wrong_first(int columns, int rows, bool ascii) => Verify("FleetProblems", columns, rows, ascii, dashboard => dashboard.Press("!W/group:web|db|edge<enter>"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_host(int columns, int rows, bool ascii) => Verify("Host", columns, rows, ascii, dashboard => dashboard.Press("/web-004<enter><enter>"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_help(int columns, int rows, bool ascii) => Verify("Help", columns, rows, ascii, dashboard => dashboard.Press("?"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_palette(int columns, int rows, bool ascii) => Verify("Palette", columns, rows, ascii, dashboard => dashboard.Press(":de"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_confirmation_of_many_hosts(int columns, int rows, bool ascii) => Verify("Confirm", columns, rows, ascii, dashboard => dashboard.Press("WaDsite<tab>5<tab>release 7<enter>11"));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_form(int columns, int rows, bool ascii) => Verify("Form", columns, rows, ascii, dashboard => dashboard.Press("WEnginx reload 'a b<enter>"));

    [Fact]
    public void A_filter_that_cannot_be_read_says_why_in_its_line() => Verify("FilterMistake", 80, 24, true, dashboard => dashboard.Press("/group:web state:quick"));

    [Fact]
    public void Before_anything_is_known() => Goldens.Verify(new Dashboard().Frame, "FrameTests.Connecting.80x24");

    [Fact]
    public void A_terminal_that_is_too_small_gets_one_line()
    {
        foreach (var (columns, rows) in new[] { (39, 24), (80, 9), (1, 1), (5, 40) })
        {
            string frame = new Dashboard(columns, rows).Connected().Frame;
            Assert.Equal(1, frame.Count(letter => letter == '\n'));
            Assert.True(frame.Length <= columns + 1);
        }
    }

    /// <summary>Byte for byte what the terminal gets, Esc made visible, a line of its own for each place that is gone to.</summary>
    [Theory]
    [InlineData("ansi")]
    [InlineData("mono")]
    [InlineData("safe")]
    public void The_bytes_of_a_theme(string theme)
    {
        var dashboard = new Dashboard(80, 24).Connected().Rolling();
        dashboard.Press("W j!");
        string bytes = Encoding.UTF8.GetString(FrameDiff.Between(null, Frame.Of(Deploy.Tui.Views.Views.Draw(dashboard.Model), Theme.Find(theme)!)).Span);
        Assert.DoesNotMatch("\\e\\[[0-9;]*(?<![0-9])(4[0-8]|10[0-7])(;|m)", bytes); // no background is ever set
        if (theme == "mono")
        {
            Assert.DoesNotMatch("\\e\\[[0-9;]*(?<![0-9])(3[0-7]|9[0-7])(;|m)", bytes);
        }

        Goldens.Verify(Regex.Replace(bytes, "(?<=.)(\\e\\[[0-9;]*H)", "\n$1", RegexOptions.Singleline).Replace("\e", "<esc>", StringComparison.Ordinal) + "\n", $"FrameTests.Bytes.{theme}");
    }

    private static void Verify(string name, int columns, int rows, bool ascii, Action<Dashboard> act)
    {
        var dashboard = new Dashboard(columns, rows, setup => setup with { IsAscii = ascii }).Connected().Rolling();
        act(dashboard);
        var picture = Deploy.Tui.Views.Views.Draw(dashboard.Model);
        Assert.Equal(rows, picture.Lines.Count);
        Assert.All(picture.Lines, line => Assert.True(line.Spans.Sum(span => Deploy.Tui.Screen.TextColumns.Of(span.Text)) <= columns, line.Text));
        Assert.True(!ascii || picture.Lines.All(line => line.Text.All(char.IsAscii)), "not all of it is ASCII");
        Goldens.Verify(dashboard.Frame, $"FrameTests.{name}.{columns}x{rows}{(ascii ? ".ascii" : string.Empty)}");
    }
}
