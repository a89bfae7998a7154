using System.Globalization;

namespace Deploy.Bench.Report;

/// <summary>Figures as aligned text, then the notes.</summary>
internal static class Table
{
    private static readonly string[] Head = ["SCENARIO", "FIGURE", "DEPLOY", "[SPREAD]", "PEER", "", "[SPREAD]", "RATIO", "TARGET", ""];

    /// <summary>Writes nothing where there are no figures.</summary>
    public static void Write(IReadOnlyList<Figure> figures, TextWriter output)
    {
        if (figures.Count == 0)
        {
            return;
        }

        string[][] rows = [Head, .. figures.Select(Row)];
        int[] widths = [.. Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        output.WriteLine();
        foreach (var figure in figures.Where(figure => figure.Note is not null))
        {
            output.WriteLine($"{figure.Scenario}, {figure.Name}: {figure.Note}");
        }
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Scenario,
        figure.Name,
        $"{Number(figure.Ours.Median)} {figure.Unit}",
        Spread(figure.Ours),
        figure.PeerName ?? string.Empty,
        figure.Peer is { } peer ? $"{Number(peer.Median)} {figure.Unit}" : string.Empty,
        figure.Peer is { } same ? Spread(same) : string.Empty,
        figure.Ratio is { } ratio ? Times(ratio) : string.Empty,
        figure.Target is { } target ? "≤ " + (target.OfRatio ? Times(target.Most) : $"{Number(target.Most)} {figure.Unit}") : string.Empty,
        figure.Met switch { true => "met", false => "missed", null => string.Empty },
    ];

    private static string Spread(Sample sample) => sample.Values.Count == 1 ? string.Empty : $"[{Number(sample.Least)} – {Number(sample.Most)}]";

    private static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture) + "×";

    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
