using System.Text;
using Deploy.Tui.Screen;
using Xunit;

namespace Deploy.Tests.Tui.Screen;

/// <summary>What is written shows on a terminal what the frame says, whatever was there.</summary>
public class FrameDiffTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_terminal_shows_each_of_thousands_of_frames(int seed)
    {
        var pictures = new RandomPictures(seed);
        for (int terminals = 0; terminals < 60; terminals++)
        {
            var (columns, rows) = (pictures.Random.Next(1, 50), pictures.Random.Next(1, 12));
            var theme = Theme.All[terminals % Theme.All.Count];
            bool isAscii = terminals % 5 == 0;
            var terminal = new TerminalEmulator(columns, rows);
            Frame? before = null;
            var picture = pictures.Next(columns, rows);
            for (int frames = 0; frames < 40; frames++)
            {
                var after = Frame.Of(picture, theme, isAscii);
                terminal.Write(FrameDiff.Between(before, after).Span);
                AssertShows(after, terminal);
                before = pictures.Random.Next(20) == 0 ? null : after;
                picture = pictures.Random.Next(5) == 0 ? pictures.Next(columns, rows) : pictures.Changed(picture);
            }
        }
    }

    [Fact]
    public void A_terminal_that_takes_a_marked_letter_for_wide_spoils_no_other_text()
    {
        var terminal = new TerminalEmulator(20, 1, rune => rune.Value is 'é' or 0x2764 ? 2 : TextColumns.Of(rune));
        var before = Frame.Of(Of(20, "é❤é web-001 ok"), Theme.Ansi);
        terminal.Write(FrameDiff.Between(null, before).Span);
        Assert.EndsWith("web-001 ok", terminal.Line(0), StringComparison.Ordinal);
        Assert.Equal("w", terminal.At(4, 0).Text);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_changed()
    {
        var picture = Of(80, "web-001  up", "漢字 🚀");
        Assert.True(FrameDiff.Between(Frame.Of(picture, Theme.Ansi), Frame.Of(picture, Theme.Ansi)).IsEmpty);
    }

    [Theory]
    [InlineData("ok 21   running 10   queued 7", "ok 22   running  9   queued 7", 20)]
    [InlineData("14:02:05", "14:02:06", 8)]
    [InlineData("[######....] 61%", "[#######...] 62%", 16)]
    [InlineData("", "x", 5)]
    [InlineData("a long line that goes away, all of it, and leaves nothing", "", 8)]
    public void A_small_change_is_a_few_bytes(string before, string after, int most)
    {
        var bytes = FrameDiff.Between(Frame.Of(Of(80, "", before), Theme.Ansi), Frame.Of(Of(80, "", after), Theme.Ansi));
        Assert.True(bytes.Length <= most, $"{bytes.Length}: {Shown(bytes)}");
    }

    [Fact]
    public void Runs_near_each_other_are_joined_and_far_ones_jumped()
    {
        Assert.Equal("\e[HxbcdX", Between("abcdefghijklmnop", "xbcdXfghijklmnop"));
        Assert.Equal("\e[Hx\e[7CX", Between("abcdefghijklmnop", "xbcdefghXjklmnop"));
    }

    [Fact]
    public void A_cursor_is_put_in_its_place_after_every_change()
    {
        var before = Frame.Of(Of(20, "filter: ", "x") with { Cursor = (8, 0) }, Theme.Ansi);
        var after = Frame.Of(Of(20, "filter: ", "y") with { Cursor = (8, 0) }, Theme.Ansi);
        var terminal = new TerminalEmulator(20, 2);
        terminal.Write(FrameDiff.Between(null, before).Span);
        Assert.True(terminal.ShowsCursor);
        terminal.Write(FrameDiff.Between(before, after).Span);
        Assert.Equal((8, 0), (terminal.Column, terminal.Row));
        terminal.Write(FrameDiff.Between(after, Frame.Of(Of(20, "filter: ", "y"), Theme.Ansi)).Span);
        Assert.False(terminal.ShowsCursor);
    }

    [Fact]
    public void Another_size_is_drawn_whole()
    {
        string bytes = Shown(FrameDiff.Between(Frame.Of(Of(20, "a"), Theme.Ansi), Frame.Of(Of(21, "a"), Theme.Ansi)));
        Assert.StartsWith("\e[m\e[H\e[2J", bytes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-1, 5)]
    public void A_terminal_without_room_is_no_trouble(int columns, int rows)
    {
        var frame = Frame.Of(new Picture(columns, rows, [new Line([new Span("漢字", Role.Plain)])]) { Cursor = (0, 0) }, Theme.Ansi);
        _ = FrameDiff.Between(null, frame);
    }

    private static Picture Of(int columns, params string[] lines) => new(columns, lines.Length, [.. lines.Select(line => new Line([new Span(line, Role.Plain)]))]);

    private static string Between(string before, string after) => Shown(FrameDiff.Between(Frame.Of(Of(40, before), Theme.Ansi), Frame.Of(Of(40, after), Theme.Ansi)));

    private static string Shown(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static void AssertShows(Frame frame, TerminalEmulator terminal)
    {
        for (int row = 0; row < frame.Rows; row++)
        {
            for (int column = 0; column < frame.Columns; column++)
            {
                var cell = frame.Row(row)[column];
                string text = cell.Columns == 0 ? TerminalEmulator.RightHalf : cell.Rune + cell.Marks;
                Assert.Equal((text, cell.Style), terminal.At(column, row));
            }
        }

        Assert.True(terminal.IsPlain);
        Assert.Equal(frame.Cursor is not null, terminal.ShowsCursor);
        if (frame.Cursor is var (atColumn, atRow))
        {
            Assert.Equal((atColumn, atRow), (terminal.Column, terminal.Row));
        }
    }
}
