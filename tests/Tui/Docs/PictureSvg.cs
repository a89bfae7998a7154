using System.Globalization;
using System.Security;
using System.Text;
using Deploy.Tui.Screen;

namespace Deploy.Tests.Tui.Docs;

/// <summary>A picture as an SVG: monospace text on a dark ground, a colour a role, no script. Text keeps its columns by <c>textLength</c>, whatever font there is.</summary>
internal static class PictureSvg
{
    private const int Column = 8, Row = 17, Margin = 12; // pixels

    public static string Of(Picture picture)
    {
        int width = (picture.Columns * Column) + (2 * Margin), height = (picture.Rows * Row) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"The dashboard during a rollout\">\n");
        svg.Append("<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#c9d1d9;white-space:pre}");
        foreach (var role in Enum.GetValues<Role>())
        {
            svg.Append(CultureInfo.InvariantCulture, $".{role}{{{Look(role)}}}");
        }

        svg.Append(CultureInfo.InvariantCulture, $"</style>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#0d1117\"/>\n");
        for (int row = 0; row < Math.Min(picture.Rows, picture.Lines.Count); row++)
        {
            Line(svg, picture.Lines[row], row);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, Line line, int row)
    {
        int column = 0;
        foreach (var span in line.Spans)
        {
            int columns = TextColumns.Of(span.Text);
            int x = Margin + (column * Column), y = Margin + (row * Row);
            if (IsReversed(span.Role))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{columns * Column}\" height=\"{Row}\" fill=\"{(span.Role == Role.Armed ? "#f85149" : "#c9d1d9")}\"/>");
            }

            string text = span.Text.TrimEnd(' ');
            int lead = text.Length - text.TrimStart(' ').Length;
            text = text.TrimStart(' ');
            if (text.Length > 0)
            {
                string role = span.Role == Role.Plain ? string.Empty : $" class=\"{span.Role}\"";
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + (lead * Column)}\" y=\"{y + 13}\" textLength=\"{TextColumns.Of(text) * Column}\"{role}>{SecurityElement.Escape(text)}</text>\n");
            }

            column += columns;
        }
    }

    private static bool IsReversed(Role role) => role is Role.Cursor or Role.Armed;

    private static string Look(Role role) => role switch
    {
        Role.Quiet or Role.Frame => "fill:#6e7681",
        Role.Title or Role.Key => "fill:#f0f6fc;font-weight:bold",
        Role.Good => "fill:#3fb950",
        Role.Bad => "fill:#f85149;font-weight:bold",
        Role.Warning => "fill:#d29922",
        Role.Running => "fill:#39c5cf",
        Role.Marked => "fill:#bc8cff",
        Role.Match => "fill:#f0f6fc;text-decoration:underline",
        Role.Cursor or Role.Armed => "fill:#0d1117",
        _ => "fill:#c9d1d9",
    };
}
