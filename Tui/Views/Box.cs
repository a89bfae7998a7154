using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>A frame with a title around lines, in the middle of the screen.</summary>
internal static class Box
{
    private const int Widest = 100;

    /// <summary>Columns within the frame.</summary>
    public static int Inner(int columns) => Math.Min(Widest, columns - 4) - 4;

    /// <summary>Lines within the frame at most: header and keys stay in sight.</summary>
    /// <param name="rows">The terminal's.</param>
    public static int Most(int rows) => rows - 5;

    /// <summary>Puts it over the lines; the first row within the frame comes back, and the column where its text begins.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lines">The screen; changed.</param>
    /// <param name="columns">The terminal's.</param>
    /// <param name="title">Of the frame.</param>
    /// <param name="content">No wider than <see cref="Inner"/>; what is too much at the end is left out.</param>
    public static (int Column, int Row) Put(TuiModel model, List<Line> lines, int columns, string title, IReadOnlyList<Line> content)
    {
        int inner = Inner(columns);
        int left = (columns - inner - 4) / 2;
        int shown = Math.Min(content.Count, Most(lines.Count));
        int top = Math.Max(1, (lines.Count - shown - 2) / 2);
        var (edge, across, corners) = model.Setup.IsAscii ? ("|", '-', "++++") : ("\u2502", '\u2500', "\u250c\u2510\u2514\u2518");
        string head = TextColumns.Cut($"{across} {title} ", inner + 1);
        lines[top] = At(left, columns).Add(corners[..1], Role.Frame).Add(head, Role.Title).Add(new string(across, Math.Max(0, inner + 2 - TextColumns.Of(head))), Role.Frame).Add(corners[1..2], Role.Frame).Make();
        for (int row = 0; row < shown; row++)
        {
            var line = At(left, columns).Add(edge + " ", Role.Frame);
            foreach (var span in content[row].Spans)
            {
                line.Add(span.Text, span.Role);
            }

            lines[top + 1 + row] = line.To(left + 2 + inner).Add(" " + edge, Role.Frame).Make();
        }

        lines[top + 1 + shown] = At(left, columns).Add(corners[2..3] + new string(across, inner + 2) + corners[3..4], Role.Frame).Make();
        return (left + 2, top + 1);
    }

    private static LineMaker At(int left, int columns) => new LineMaker(columns).To(left);
}
