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
