using Deploy.Tui.Screen;

namespace Deploy.Tui.Pieces;

/// <summary>Rules, bars and the small picture of a rate: ASCII where the terminal's locale is not UTF-8.</summary>
internal static class Strokes
{
    private const string AsciiLevels = " .:-=+*#%@";
    private const string Levels = " ▁▂▃▄▅▆▇█";

    /// <summary>A rule over the whole width, with words at its right end where there are some.</summary>
    public static Line Rule(int columns, bool isAscii, string words = "")
    {
        char stroke = isAscii ? '-' : '─';
        var line = new LineMaker(columns);
        if (words.Length > 0 && words.Length + 6 < columns)
        {
            return line.Add(new string(stroke, columns - words.Length - 4), Role.Frame).Add($" {words} ", Role.Frame).Add(new string(stroke, 2), Role.Frame).Make();
        }

        return line.Add(new string(stroke, columns), Role.Frame).Make();
    }

    /// <summary><c>[####....]</c>, with its brackets so many columns wide.</summary>
    /// <param name="line">Gets it.</param>
    /// <param name="part">Of 1.</param>
    /// <param name="width">Columns.</param>
    /// <param name="isAscii">Whether blocks are <c>#</c>.</param>
    /// <param name="role">Of the full part.</param>
    public static LineMaker Bar(LineMaker line, double part, int width, bool isAscii, Role role = Role.Running)
    {
        int full = (int)(Math.Clamp(part, 0, 1) * (width - 2));
        return line.Add("[", Role.Frame).Add(new string(isAscii ? '#' : '█', full), role).Add(new string(isAscii ? '.' : '░', width - 2 - full), Role.Quiet).Add("]", Role.Frame);
    }

    /// <summary>The newest of these numbers, a column each, the newest at the right; higher is more, against the largest of those that are seen.</summary>
    public static string Spark(IReadOnlyList<long> values, int width, bool isAscii)
    {
        int count = Math.Min(values.Count, Math.Max(0, width));
        long most = 0;
        for (int at = values.Count - count; at < values.Count; at++)
        {
            most = Math.Max(most, values[at]);
        }

        string levels = isAscii ? AsciiLevels : Levels;
        return string.Create(count, (values, most, levels), static (text, all) =>
        {
            for (int at = 0; at < text.Length; at++)
            {
                long value = all.values[all.values.Count - text.Length + at];
                text[at] = all.most <= 0 || value <= 0 ? all.levels[0] : all.levels[1 + (int)Math.Min(all.levels.Length - 2, (double)value / all.most * (all.levels.Length - 2))];
            }
        });
    }
}
