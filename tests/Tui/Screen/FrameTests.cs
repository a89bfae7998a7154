using Deploy.Model.Text;
using Deploy.Tui.Screen;
using Xunit;

namespace Deploy.Tests.Tui.Screen;

/// <summary>A picture's text in cells.</summary>
public class FrameTests
{
    [Theory]
    [InlineData("web-001", 10, "web-001   ")]
    [InlineData("web-001", 4, "web-")]
    [InlineData("漢字", 4, "漢字")]
    [InlineData("漢字", 3, "漢 ")]
    [InlineData("a漢", 2, "a ")]
    [InlineData("e\u0301x", 3, "e\u0301x ")]
    [InlineData("\u0301x", 3, "x  ")]
    [InlineData("❤\uFE0Fx", 3, "❤x ")]
    [InlineData("\e[2J", 10, "\\x1b[2J   ")]
    [InlineData("a\nb", 8, "a\\x0ab  ")]
    public void A_line_is_as_wide_as_the_terminal(string text, int columns, string shown) => Assert.Equal(shown, Row(text, columns, isAscii: false));

    [Theory]
    [InlineData("─│┌┼┘ ░█", "-|+++ .#")]
    [InlineData("müller", "m?ller")]
    [InlineData("漢x", "? x")]
    [InlineData("e\u0301", "?")]
    [InlineData("3…", "3~")]
    public void Without_utf8_all_is_ascii(string text, string shown)
    {
        string row = Row(text, 12, isAscii: true);
        Assert.Equal(shown, row.TrimEnd(' '));
        Assert.DoesNotContain(row, letter => letter > '~');
    }

    [Fact]
    public void Random_pictures_fill_their_rows_exactly_with_what_is_safe()
    {
        var pictures = new RandomPictures(77);
        for (int count = 0; count < 500; count++)
        {
            var frame = Frame.Of(pictures.Next(pictures.Random.Next(1, 60), 5), Theme.Ansi, isAscii: count % 2 == 0);
            for (int row = 0; row < frame.Rows; row++)
            {
                Assert.Equal(frame.Columns, frame.Row(row).ToArray().Sum(cell => cell.Columns));
                string text = string.Concat(frame.Row(row).ToArray().Where(cell => cell.Columns > 0).Select(cell => cell.Rune + cell.Marks));
                Assert.Equal(SafeText.Of(text), text);
                Assert.Equal(frame.Columns, TextColumns.Of(text));
            }
        }
    }

    [Fact]
    public void A_character_takes_few_marks()
    {
        var frame = Frame.Of(new Picture(4, 1, [new Line([new Span("a" + new string('\u0301', 20) + "b", Role.Plain)])]), Theme.Ansi);
        Assert.InRange(frame.Row(0)[0].Marks!.Length, 1, 8);
        Assert.Equal('b', frame.Row(0)[1].Rune.Value);
    }

    private static string Row(string text, int columns, bool isAscii) => string.Concat(
        Frame.Of(new Picture(columns, 1, [new Line([new Span(text, Role.Plain)])]), Theme.Ansi, isAscii).Row(0).ToArray().Where(cell => cell.Columns > 0).Select(cell => cell.Rune + cell.Marks));
}
