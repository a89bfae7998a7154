using System.Text;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Screens;

/// <summary>What a screen draws, as text: its title, its body and its keys, without what is drawn around it.</summary>
internal static class Drawn
{
    public static readonly (int Columns, int Rows)[] Sizes = [(60, 15), (80, 24), (120, 40), (200, 60)];

    /// <summary>All sizes in ASCII, and the usual one in UTF-8.</summary>
    public static string All(IScreen screen, TuiModel model)
    {
        var text = new StringBuilder();
        foreach (var (columns, rows) in Sizes)
        {
            text.Append(Of(screen, Sized(model, columns, rows, isAscii: true), $"{columns}x{rows} ASCII"));
        }

        return text.Append(Of(screen, Sized(model, 80, 24, isAscii: false), "80x24 UTF-8")).ToString();
    }

    /// <summary>One size.</summary>
    public static string Of(IScreen screen, TuiModel model, string headline = "")
    {
        var text = new StringBuilder($"=== {headline}\n");
        text.Append(screen.Title(model, model.Columns) is { } title ? Checked(title, model.Columns).Text : "(tabs)").Append('\n');
        foreach (var line in Body(screen, model))
        {
            text.Append(line.Text).Append('\n');
        }

        return text.Append("keys: ").AppendJoin(' ', screen.Hints(model)).Append('\n').ToString();
    }

    /// <summary>The body; no line wider than the screen, and no more of them than it has.</summary>
    public static IReadOnlyList<Line> Body(IScreen screen, TuiModel model)
    {
        var lines = screen.Draw(model, model.Columns, model.Rows - 4);
        Assert.True(lines.Count <= model.Rows - 4, $"{lines.Count} lines for {model.Rows - 4} rows");
        return [.. lines.Select(line => Checked(line, model.Columns))];
    }

    public static string Text(IScreen screen, TuiModel model) => string.Join('\n', Body(screen, model).Select(line => line.Text));

    public static TuiModel Sized(TuiModel model, int columns, int rows, bool isAscii) => model with { Columns = columns, Rows = rows, Setup = model.Setup with { IsAscii = isAscii } };

    private static Line Checked(Line line, int columns)
    {
        int used = line.Spans.Sum(span => TextColumns.Of(span.Text));
        Assert.True(used <= columns, $"{used} columns of {columns}: {line.Text}");
        Assert.DoesNotContain(line.Text, letter => char.IsControl(letter) || letter is >= '\u202A' and <= '\u202E');
        return line;
    }
}
