using System.Text;
using Deploy.Model.Text;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Log;

/// <summary>Entries of a log as lines of the screen. What a line costs depends on the screen, not on how long the line is: it is cut before anything else is done with it.</summary>
internal static class LogLines
{
    private const int MostLooked = 4096; // UTF-16 units of a line: many times a screen's width
    private const int MostHostColumns = 16;

    /// <summary>One entry; several lines where it is wrapped.</summary>
    public static IReadOnlyList<Line> Of(LogEntry entry, TuiModel model, int columns, bool isAt)
    {
        var pane = model.Log;
        if (entry.Kind == LogKind.Gap)
        {
            return [isAt ? new LineMaker(columns).Make(Role.Cursor) : Line.Empty];
        }

        if (entry.Kind == LogKind.Marker)
        {
            return [isAt ? Start(entry, model, columns).Add("---- marker ----").Make(Role.Cursor) : Start(entry, model, columns).Add("---- marker ----", Role.Marked).Make()];
        }

        var start = Start(entry, model, columns);
        int aside = pane.Wraps || entry.Kind == LogKind.Head ? 0 : Math.Min(pane.List.Aside, entry.Text.Length);
        string text = SafeText.Of(entry.Text.Substring(aside, Math.Min(MostLooked, entry.Text.Length - aside)).Replace("\t", "    ", StringComparison.Ordinal));
        var role = entry.Kind switch
        {
            LogKind.Head => entry.State is { } state ? StateRoles.Of(state) : Role.Title,
            LogKind.Error => Role.Warning,
            LogKind.Note => Role.Quiet,
            _ => Role.Plain,
        };
        if (!pane.Wraps || start.Left < 8)
        {
            return [Made(Found(start, text, role, pane.List.Filter), isAt)];
        }

        int indent = start.Used;
        List<Line> lines = [];
        foreach (string piece in Wrapped(text, start.Left))
        {
            var line = lines.Count == 0 ? start : new LineMaker(columns).To(indent);
            lines.Add(Made(Found(line, piece, role, pane.List.Filter), isAt));
        }

        return lines;
    }

    /// <summary>What stands in front of the text: the stream's letter, the moment, the host.</summary>
    private static LineMaker Start(LogEntry entry, TuiModel model, int columns)
    {
        var line = new LineMaker(columns).Add(entry.Kind switch { LogKind.Head => " ", LogKind.Error => " e ", _ => "   " }, entry.Kind == LogKind.Error ? Role.Warning : Role.Plain);
        if (entry.Time is { } time && (model.Log.ShowsTimes || entry.Kind == LogKind.Marker))
        {
            line.Add(ShortText.WhenExactly(time, model.Now, model.Setup.Zone) + " ", Role.Quiet);
        }

        return entry is { IsLive: true, Host: { } host } ? line.Cell(TextColumns.Cut(host, MostHostColumns - 1), MostHostColumns, Role.Frame) : line;
    }

    private static Line Made(LineMaker line, bool isAt) => isAt ? line.Make(Role.Cursor) : line.Make();

    /// <summary>The text with what is searched for made visible.</summary>
    private static LineMaker Found(LineMaker line, string text, Role role, string piece)
    {
        int at = 0;
        while (piece.Length > 0 && line.Left > 0 && text.IndexOf(piece, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            line.Add(text[at..found], role).Add(text[found..(found + piece.Length)], Role.Match);
            at = found + piece.Length;
        }

        return line.Add(text[at..], role);
    }

    /// <summary>Pieces that fit, at least one.</summary>
    private static IEnumerable<string> Wrapped(string text, int columns)
    {
        var piece = new StringBuilder();
        int used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int wide = TextColumns.Of(rune);
            if (used + wide > columns)
            {
                yield return piece.ToString();
                piece.Clear();
                used = 0;
            }

            piece.Append(rune);
            used += wide;
        }

        yield return piece.ToString();
    }
}
