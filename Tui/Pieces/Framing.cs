using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Pieces;

/// <summary>What the bodies of screens have in common.</summary>
internal static class Framing
{
    /// <summary>The first three columns of a row: where the cursor is, whether it is marked, whether it is a problem.</summary>
    public static LineMaker Row(int columns, bool isAt, bool isMarked, bool isProblem = false) =>
        new LineMaker(columns).Add(isAt ? " > " : isMarked ? " * " : isProblem ? " ! " : "   ", isMarked ? Role.Marked : isProblem ? Role.Bad : Role.Plain);

    /// <summary>The row, made: reversed under the cursor, in the colour of marked ones where it is.</summary>
    public static Line Made(LineMaker line, bool isAt, bool isMarked = false) => isAt ? line.Make(Role.Cursor) : isMarked ? line.Make(Role.Marked) : line.Make();

    /// <summary>A line of text, with a blank in front.</summary>
    public static Line Said(int columns, string text, Role role = Role.Plain) => new LineMaker(columns).Add(" ").Add(text, role).Make();

    /// <summary>What a screen without rows says: why, and what to do. A line is broken where it is longer than the screen is wide.</summary>
    public static IEnumerable<Line> Empty(int columns, string why, params string[] next) =>
        [Line.Empty, .. Broken(why, columns - 3).Select(line => Said(columns, "  " + line, Role.Title)), .. next.SelectMany(text => Broken(text, columns - 3)).Select(line => Said(columns, "  " + line))];

    /// <summary>The lines with as many empty ones behind as it takes to stand at the bottom.</summary>
    public static List<Line> Filled(List<Line> lines, int rows)
    {
        while (lines.Count < rows)
        {
            lines.Add(Line.Empty);
        }

        return lines;
    }

    /// <summary>The line below a list: its filter, and how many rows are seen of how many.</summary>
    public static Line Filter(int columns, ListState list, string example, int shown, int all, string? more = null)
    {
        string count = shown == all && list.Filter.Length == 0 ? $"{Output.ByteSize.Count(all)} {(all == 1 ? "row" : "rows")}" : $"{Output.ByteSize.Count(shown)} of {Output.ByteSize.Count(all)} rows";
        count += more is null ? string.Empty : ", " + more;
        string filter = list.Filter.Length > 0 ? $"filter: {list.Filter}" : $"filter: none   (/ e.g. {example})";
        var line = new LineMaker(columns).Add(" ").Add(TextColumns.Cut(filter, Math.Max(0, columns - count.Length - 4)), list.Filter.Length > 0 ? Role.Match : Role.Quiet);
        return line.ToEnd(count.Length + 1).Add(count, Role.Quiet).Make();
    }

    /// <summary>As many columns as fit are words; a word that is longer is cut.</summary>
    public static IEnumerable<string> Broken(string text, int columns)
    {
        string line = string.Empty;
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > columns)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : line + " " + word;
            }
        }

        yield return line;
    }

    /// <summary>The lines between the line with the header and the keys.</summary>
    public static int BodyRows(TuiModel model) => Math.Max(1, model.Rows - 4);
}
