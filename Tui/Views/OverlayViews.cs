using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens;
using Deploy.Tui.State;

namespace Deploy.Tui.Views;

/// <summary>What lies over the screen.</summary>
internal static class OverlayViews
{
    private const int MostOffers = 8;

    /// <summary>The lines with the overlay, and where the terminal's cursor stands.</summary>
    public static (IReadOnlyList<Line> Lines, (int, int)? Cursor) Over(TuiModel model, List<Line> lines, int columns, int rows) => model.Overlay switch
    {
        Overlay.Help help => Help(model, help, lines, columns),
        Overlay.FilterLine line => Typed(lines, columns, rows, "/", line.Text, (AllScreens.Of(model.Place.Screen) as IListScreen)?.Check(line.Text.Text)?.Text),
        Overlay.Palette palette => Palette(model, palette, lines, columns, rows),
        Overlay.Confirm asked => (ConfirmView.Over(model, asked, lines, columns), null),
        Overlay.Form form => Form(model, form, lines, columns),
        _ => (lines, null),
    };

    /// <summary>A line that is typed at the bottom, and behind it what is wrong with it.</summary>
    private static (IReadOnlyList<Line>, (int, int)?) Typed(List<Line> lines, int columns, int rows, string sign, LineText text, string? trouble)
    {
        var line = new LineMaker(columns).Add(sign, Role.Key);
        int cursor = Window(line, text, trouble is null ? columns - 2 : Math.Max(columns / 2, columns - 4 - TextColumns.Of(trouble)));
        if (trouble is not null)
        {
            line.Add("  ! " + trouble, Role.Bad);
        }

        lines[rows - 1] = line.Make();
        return (lines, (1 + cursor, rows - 1));
    }

    /// <summary>As much of the text as fits, so that the cursor is seen; its column within comes back.</summary>
    private static int Window(LineMaker line, LineText text, int width)
    {
        string before = SafeText.Of(text.Text[..text.At]), behind = SafeText.Of(text.Text[text.At..]);
        while (TextColumns.Of(before) >= width)
        {
            before = before[(char.IsHighSurrogate(before[0]) ? 2 : 1)..];
        }

        line.Add(before);
        line.Add(TextColumns.Cut(behind, width - TextColumns.Of(before)));
        return TextColumns.Of(before);
    }

    private static (IReadOnlyList<Line>, (int, int)?) Palette(TuiModel model, Overlay.Palette palette, List<Line> lines, int columns, int rows)
    {
        var offers = PaletteKeys.Offers(model, palette.Text.Text).Take(Math.Min(MostOffers, rows - 5)).ToList();
        int top = rows - 1 - offers.Count;
        lines[top - 1] = Views.Rule(model, columns);
        for (int at = 0; at < offers.Count; at++)
        {
            var line = new LineMaker(columns).Add(" ").Cell(offers[at].Text, Math.Min(28, columns / 2), Role.Key);
            lines[top + at] = line.Add(" ").Add(offers[at].Help, Role.Quiet).Make();
        }

        return Typed(lines, columns, rows, ":", palette.Text, model.Notice is { IsTrouble: true } wrong ? wrong.Text : null);
    }

    private static (IReadOnlyList<Line>, (int, int)?) Help(TuiModel model, Overlay.Help help, List<Line> lines, int columns)
    {
        int inner = Box.Inner(columns);
        var all = HelpLines.Of(model);
        var content = all.Skip(help.Top).Select(one => one.Keys.Length == 0
            ? new LineMaker(inner).Add(one.Text, Role.Title).Make()
            : new LineMaker(inner).Add(" ").Cell(one.Keys, 10, one.WhyNot is null ? Role.Key : Role.Quiet).Add(" ").Cell(one.Text, Math.Min(30, inner - 12), one.WhyNot is null ? Role.Plain : Role.Quiet)
                .Add(one.WhyNot is null ? string.Empty : $" {one.WhyNot}", Role.Warning).Make()).ToList();
        Box.Put(model, lines, columns, "Keys: j k scroll, esc closes", content);
        return (lines, null);
    }

    private static (IReadOnlyList<Line>, (int, int)?) Form(TuiModel model, Overlay.Form form, List<Line> lines, int columns)
    {
        int inner = Box.Inner(columns);
        int names = form.Fields.Max(field => field.Name.Length) + 2;
        List<Line> content = [new LineMaker(inner).Add(HostFold.Fold(form.Hosts), Role.Quiet).Make(), Line.Empty];
        int cursor = 0;
        for (int at = 0; at < form.Fields.Count; at++)
        {
            var line = new LineMaker(inner).Cell(form.Fields[at].Name, names, at == form.At ? Role.Title : Role.Quiet);
            int column = Window(line, form.Fields[at].Text, inner - names - 1);
            cursor = at == form.At ? names + column : cursor;
            content.Add(line.Make());
        }

        content.Add(Line.Empty);
        var known = Forms.Known(model, form.Fields[form.At].Name);
        content.Add(form.Trouble is { } trouble
            ? new LineMaker(inner).Add(trouble, Role.Bad).Make()
            : new LineMaker(inner).Add(known.Count > 0 ? $"known: {string.Join(", ", known)}" : "enter does it, tab goes on, esc closes", Role.Quiet).Make());
        var (left, top) = Box.Put(model, lines, columns, form.Title, content);
        return (lines, (left + cursor, Math.Min(top + 2 + form.At, lines.Count - 1)));
    }
}
