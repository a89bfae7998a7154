using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>How results are laid out.</summary>
internal sealed record Layout
{
    /// <summary>Whether state words get SGR colours.</summary>
    public bool Color { get; init; }

    /// <summary>Leaves out what is well.</summary>
    public bool OnlyBad { get; init; }

    /// <summary>Leaves nothing out for length.</summary>
    public bool All { get; init; }

    /// <summary>Columns that long lists of hosts are broken at; null breaks none.</summary>
    public int? Width { get; init; }
}

/// <summary>A job's end as text: equal results are one line, the few that differ each their own, with the reason below; then the counts.</summary>
internal static class SummaryText
{
    private const string Gap = "  ";
    private const int MostRows = 40; // of one kind, good or bad; two screens

    /// <summary>The lines, without newlines.</summary>
    public static IEnumerable<string> Lines(JobView job, IReadOnlyList<HostStanding> hosts, Layout layout)
    {
        var all = EqualHosts.Of(hosts, byShape: false);
        var shown = Bounded(all.Where(same => same.Result.State.IsGood() && !layout.OnlyBad), layout.All)
            .Concat(Bounded(all.Where(same => !same.Result.State.IsGood()), layout.All)).ToList();
        foreach (string line in shown.Count > 0 ? Table(shown, layout) : [])
        {
            yield return line;
        }

        if (hosts.Any(host => !host.State.IsGood()) || !layout.OnlyBad)
        {
            if (shown.Count > 0)
            {
                yield return string.Empty;
            }

            yield return $"{CountText.Hosts(hosts.Count)}: {CountText.Of(hosts.Select(host => host.State))}";
        }

        if (job.State is not JobState.Done && job.Reason is { } why)
        {
            yield return $"{job.State.Word()}: {SafeText.Of(why)}";
        }
    }

    /// <summary>What is left out is said as one more row, whose hosts are all of it.</summary>
    private static IEnumerable<EqualHosts> Bounded(IEnumerable<EqualHosts> groups, bool all)
    {
        var list = groups.ToList();
        if (all || list.Count <= MostRows)
        {
            return list;
        }

        return list.Take(MostRows - 1).Concat(list.Skip(MostRows - 1).GroupBy(same => same.Result.State).Select(rest => new EqualHosts(
            new HostStanding { Host = string.Empty, State = rest.Key, Reason = $"of {rest.Count()} kinds, which --all shows" },
            rest.Sum(same => same.Count),
            string.Join(',', rest.Select(same => same.Hosts)))));
    }

    private static IEnumerable<string> Table(List<EqualHosts> groups, Layout layout)
    {
        bool numbers = groups.Exists(same => same.Result.Totals is not null);
        bool codes = groups.Exists(same => same.Result.ExitCode is not null and not 0);
        List<string[]> rows = [Cells("HOSTS", "STATE", "CHANGES", "SIZE", "EXIT"), .. groups.Select(same => Cells(
            ByteSize.Count(same.Count),
            same.Result.State.Word(),
            same.Result.Totals is { } totals ? TotalsText.Changes(totals) : string.Empty,
            same.Result.Totals is { } size ? ByteSize.Format(size.Bytes) : string.Empty,
            same.Result.ExitCode is { } code ? code.ToString(System.Globalization.CultureInfo.InvariantCulture) : string.Empty))];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        int before = widths.Sum() + Gap.Length * widths.Length;
        yield return Row(rows[0], widths, null) + "WHO";
        for (int at = 0; at < groups.Count; at++)
        {
            var (same, row) = (groups[at], rows[at + 1]);
            string start = Row(row, widths, layout.Color ? same.Result.State : null);
            foreach (string line in Wrapped(start, same.Hosts, before, layout.Width))
            {
                yield return line;
            }

            foreach (string note in Notes(same.Result))
            {
                yield return new string(' ', widths[0]) + Gap + note;
            }
        }

        string[] Cells(string count, string state, string changes, string size, string code) =>
            [count, state, .. numbers ? (string[])[changes, size] : [], .. codes ? (string[])[code] : []];
    }

    private static IEnumerable<string> Notes(HostStanding host)
    {
        if (host.Reason is { Length: > 0 } reason)
        {
            yield return SafeText.Of(reason);
        }

        if (host.Totals is { } totals && TotalsText.LeftOut(totals) is { } links)
        {
            yield return links;
        }

        if (host.Warning is { Length: > 0 } warning)
        {
            yield return "warning: " + SafeText.Of(warning);
        }
    }

    /// <summary>Numbers to the right, words to the left; each column with its gap.</summary>
    private static string Row(string[] cells, int[] widths, HostState? colored) => string.Concat(cells.Select((cell, column) => column switch
    {
        1 => (colored is { } state ? HostTable.Color(state) + cell + HostTable.Reset : cell) + new string(' ', widths[column] - cell.Length) + Gap,
        _ => cell.PadLeft(widths[column]) + Gap,
    }));

    /// <summary>A long list of hosts goes on below where it began; broken behind a comma.</summary>
    internal static IEnumerable<string> Wrapped(string start, string hosts, int indent, int? width)
    {
        int room = Math.Max(20, (width ?? int.MaxValue) - indent);
        string line = start;
        while (hosts.Length > room)
        {
            int comma = hosts.LastIndexOf(',', room - 1);
            comma = comma < 0 ? hosts.IndexOf(',', StringComparison.Ordinal) : comma;
            if (comma < 0)
            {
                break;
            }

            yield return line + hosts[..(comma + 1)];
            hosts = hosts[(comma + 1)..];
            line = new string(' ', indent);
        }

        yield return line + hosts;
    }
}
