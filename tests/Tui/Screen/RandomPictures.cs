using System.Text;
using Deploy.Tui.Screen;

namespace Deploy.Tests.Tui.Screen;

/// <summary>Pictures that no screen draws, but that remote text might: wide, combining, hostile, longer than the terminal.</summary>
/// <param name="seed">Makes the same ones again.</param>
internal sealed class RandomPictures(int seed)
{
    private static readonly string[] Pieces =
    [
        "web-001", "ok", " ", "      ", "61%", "[####......]", "漢字", "か", "한", "🚀", "e\u0301", "a\u0300\u0301\u0302\u0303\u0304\u0305", "\u0301", "❤\uFE0F", "─│┌┘", "░▒█", "é", "ß",
        "\e[2J", "\e]0;title\a", "\r\n", "\b\b", "\t", "\u202Etxt", "\u200B", "\u009B31m", "\uD83D", "\u0007", "x\0y", "👩\u200D👩\u200D👧", "🇩🇪", "👍🏽", "\u1100\u1161", "中\u0301",
    ];

    private readonly Random random = new(seed);

    public Random Random => random;

    public Picture Next(int columns, int rows)
    {
        var lines = Enumerable.Range(0, random.Next(rows + 3)).Select(_ => NextLine(columns)).ToArray();
        return new Picture(columns, rows, lines) { Cursor = random.Next(3) == 0 ? (random.Next(-1, columns + 1), random.Next(-1, rows + 1)) : null };
    }

    /// <summary>The same with a few changes, as most pictures are.</summary>
    public Picture Changed(Picture before)
    {
        Line[] lines = [.. before.Lines];
        for (int changes = random.Next(4); changes > 0 && lines.Length > 0; changes--)
        {
            int at = random.Next(lines.Length);
            lines[at] = random.Next(4) == 0 ? NextLine(before.Columns) : ChangedLine(lines[at]);
        }

        return before with { Lines = lines, Cursor = random.Next(6) == 0 ? (random.Next(before.Columns), random.Next(before.Rows)) : before.Cursor };
    }

    private Line ChangedLine(Line line)
    {
        Span[] spans = [.. line.Spans];
        if (spans.Length > 0)
        {
            int at = random.Next(spans.Length);
            spans[at] = random.Next(2) == 0 ? NextSpan() : spans[at] with { Role = (Role)random.Next(13) };
        }

        return new Line(spans);
    }

    private Line NextLine(int columns) => new([.. Enumerable.Range(0, random.Next(1 + (columns / 3))).Select(_ => NextSpan())]);

    private Span NextSpan()
    {
        var text = new StringBuilder();
        for (int pieces = random.Next(4); pieces >= 0; pieces--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return new Span(text.ToString(), (Role)random.Next(13));
    }
}
