using System.Text;
using Deploy.Model;

namespace Deploy.Output;

/// <summary>One host's row; every text is safe to print and one line.</summary>
internal sealed record HostLine
{
    public required string Host { get; init; }

    public required HostState State { get; init; }

    /// <summary>Files that a sync would transfer or delete, or null where the order counts none.</summary>
    public long? Changes { get; init; }

    /// <summary>Their size in bytes, or null.</summary>
    public long? Bytes { get; init; }

    /// <summary>What there is to say, or empty.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>What a person can do about it, or null.</summary>
    public string? NextStep { get; init; }
}

/// <summary>Hosts as aligned text: good ones in the order given, then the others with the reason and the next step, then the counts.</summary>
internal static class HostTable
{
    private const string Gap = "  ";
    internal const string Reset = "\e[0m";

    /// <summary>The lines, without newlines and without blanks at their ends.</summary>
    /// <param name="hosts">All hosts, in the order asked.</param>
    /// <param name="color">Whether state words get SGR colours.</param>
    /// <param name="onlyBad">Leaves out good hosts, and the counts when all are good.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<HostLine> hosts, bool color, bool onlyBad)
    {
        var good = hosts.Where(host => host.State.IsGood()).ToList();
        var bad = hosts.Where(host => !host.State.IsGood()).ToList();
        List<HostLine> shown = onlyBad ? bad : [.. good, .. bad];
        if (shown.Count == 0)
        {
            yield break;
        }

        bool numbers = shown.Any(host => host.Changes is not null);
        var widths = Widths(shown);
        yield return Row(["HOST", "STATE", numbers ? "CHANGES" : null, numbers ? "SIZE" : null, "NOTE"], widths, null);
        foreach (var host in shown)
        {
            string?[] cells =
            [
                host.Host,
                host.State.Word(),
                numbers ? Number(host.Changes, ByteSize.Count) : null,
                numbers ? Number(host.Bytes, ByteSize.Format) : null,
                host.Note,
            ];
            yield return Row(cells, widths, color ? Color(host.State) : null);
            if (host.NextStep is not null)
            {
                yield return Gap + "hint: " + host.NextStep;
            }
        }

        if (hosts.Count > 1)
        {
            yield return string.Empty;
            yield return Summary(hosts);
        }
    }

    /// <summary><c>3 hosts: 2 ok, 1 failed</c>; the counts add up to the number of hosts.</summary>
    public static string Summary(IReadOnlyList<HostLine> hosts) => $"{CountText.Hosts(hosts.Count)}: {CountText.Of(hosts.Select(host => host.State))}";

    private static int[] Widths(List<HostLine> hosts) =>
    [
        Math.Max("HOST".Length, hosts.Max(host => Width(host.Host))),
        Math.Max("STATE".Length, hosts.Max(host => host.State.Word().Length)),
        Math.Max("CHANGES".Length, hosts.Max(host => Number(host.Changes, ByteSize.Count).Length)),
        Math.Max("SIZE".Length, hosts.Max(host => Number(host.Bytes, ByteSize.Format).Length)),
        0,
    ];

    private static string Row(string?[] cells, int[] widths, string? stateColor)
    {
        var row = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i] is not { } cell)
            {
                continue;
            }

            if (row.Length > 0)
            {
                row.Append(Gap);
            }

            int blanks = Math.Max(0, widths[i] - Width(cell));
            bool right = i is 2 or 3;
            row.Append(' ', right ? blanks : 0);
            row.Append(i == 1 && stateColor is not null ? stateColor + cell + Reset : cell);
            row.Append(' ', right ? 0 : blanks);
        }

        return row.ToString().TrimEnd();
    }

    private static string Number(long? value, Func<long, string> format) => value is { } number ? format(number) : string.Empty;

    /// <summary>Columns, one a rune: wide East Asian letters are not host names.</summary>
    private static int Width(string text) => text.EnumerateRunes().Count();

    /// <summary>The SGR sequence of a state's word.</summary>
    internal static string Color(HostState state) => state switch
    {
        HostState.Ok => "\e[32m", // green
        HostState.Unchanged => "\e[2m", // faint
        HostState.Unknown or HostState.Partial or HostState.Skipped or HostState.Cancelled => "\e[33m", // yellow
        _ => "\e[31m", // red
    };
}
