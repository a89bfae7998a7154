using System.Globalization;
using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>The view of model, update, view: what the terminal shows, a pure function of the model.</summary>
/// <remarks>
/// <code>
/// header                    where, how well it is reached, who, armed or not, the hosts added up, the clock
/// tabs, or a title
/// rule
/// the screen
/// keys, or a notice, or a line that is typed
/// </code>
/// </remarks>
internal static class Views
{
    public const int LeastColumns = 40;
    public const int LeastRows = 10;

    private const int Around = 4; // lines that are not the screen's

    /// <summary>How many lines a screen has.</summary>
    public static int BodyRows(TuiModel model) => Math.Max(1, model.Rows - Around);

    /// <summary>Whether the terminal is large enough for anything to be shown.</summary>
    public static bool Fits(TuiModel model) => model.Columns >= LeastColumns && model.Rows >= LeastRows;

    /// <summary>The picture.</summary>
    public static Picture Draw(TuiModel model)
    {
        int columns = Math.Max(1, model.Columns), rows = Math.Max(1, model.Rows);
        if (!Fits(model))
        {
            return new Picture(columns, rows, [new LineMaker(columns).Add(string.Create(CultureInfo.InvariantCulture, $"{columns}x{rows}: too small, needs {LeastColumns}x{LeastRows}; q quits")).Make()]);
        }

        var shown = KeyPresses.Shown(model) with { Now = model.Frozen?.Now ?? model.Now };
        var screen = AllScreens.Of(model.Place.Screen);
        List<Line> lines = [Header.Of(model, columns), screen.Title(shown, columns) ?? Tabs.Of(model, columns), Rule(model, columns)];
        lines.AddRange(screen.Draw(shown, columns, rows - Around).Take(rows - Around));
        while (lines.Count < rows - 1)
        {
            lines.Add(Line.Empty);
        }

        lines.Add(model.Notice is { } notice ? new LineMaker(columns).Add(" ").Add(notice.Text, notice.IsTrouble ? Role.Bad : Role.Title).Make() : KeysLine.Of(model, screen, columns));
        var (drawn, cursor) = OverlayViews.Over(model, lines, columns, rows);
        return new Picture(columns, rows, model.Setup.IsAscii ? [.. drawn.Select(Ascii)] : drawn) { Cursor = cursor };
    }

    /// <summary>A line from edge to edge.</summary>
    public static Line Rule(TuiModel model, int columns) => new LineMaker(columns).Add(new string(model.Setup.IsAscii ? '-' : '\u2500', columns), Role.Frame).Make();

    /// <summary>Every character that is not ASCII becomes as many <c>?</c> as it takes columns.</summary>
    private static Line Ascii(Line line) => line.Spans.All(span => !span.Text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        ? line
        : new Line([.. line.Spans.Select(span => span with { Text = string.Concat(span.Text.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : new string('?', TextColumns.Of(rune)))) })]);
}
