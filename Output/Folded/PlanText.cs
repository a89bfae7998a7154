using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>What a sync would change, by shape: hosts with one and the same changes are one. Deletions are named always.</summary>
internal static class PlanText
{
    private const int MostNames = 50; // of one shape: a screen
    private const int MostShapes = 20;

    /// <summary>The lines, without newlines.</summary>
    /// <param name="hosts">All hosts of the plan.</param>
    /// <param name="changes">The changes of a shape; null where they are not known.</param>
    /// <param name="names">Whether every name is listed; otherwise those that are deleted alone.</param>
    /// <param name="layout">How.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<HostStanding> hosts, Func<string, IEnumerable<ShownChange>?> changes, bool names, Layout layout)
    {
        var planned = hosts.Where(host => host.State.IsGood() && host.Totals is not null).ToList();
        var shapes = planned.GroupBy(host => host.Shape ?? string.Empty)
            .Select(same => (Digest: same.Key, Totals: same.First().Totals!, Hosts: EqualHosts.Of(same.Select(host => new HostStanding { Host = host.Host, State = HostState.Ok }), byShape: false)[0]))
            .OrderByDescending(shape => shape.Hosts.Count).ThenBy(shape => shape.Hosts.Hosts, Model.Hosts.HostOrder.Natural).ToList();
        if (shapes.Count > 0 && !layout.OnlyBad)
        {
            // Which one most hosts have is what was meant; the others are what to look at.
            int others = planned.Count - shapes[0].Hosts.Count;
            yield return $"{CountText.Hosts(shapes[0].Hosts.Count)}: {TotalsText.Whole(shapes[0].Totals)}{(others > 0 ? $"; {CountText.Hosts(others)} {(others == 1 ? "differs" : "differ")}:" : string.Empty)}";
        }

        // What deletes is shown however many there are.
        var shown = layout.OnlyBad ? [] : shapes.Where((shape, place) => layout.All || place < MostShapes || shape.Totals.Deleted > 0).ToList();
        foreach (var (digest, totals, same) in shown)
        {
            if (shapes.Count > 1)
            {
                yield return string.Empty;
                yield return $"{CountText.Hosts(same.Count)}: {TotalsText.Whole(totals)}";
            }

            foreach (string line in SummaryText.Wrapped("  ", same.Hosts, 2, layout.Width))
            {
                yield return line;
            }

            foreach (string line in Names(digest, totals, changes, names, layout.All))
            {
                yield return "    " + line;
            }
        }

        if (!layout.OnlyBad && shown.Count < shapes.Count)
        {
            var rest = shapes.Except(shown).ToList();
            yield return string.Empty;
            yield return $"… and {ByteSize.Count(rest.Count)} more {(rest.Count == 1 ? "kind" : "kinds")} of changes on {CountText.Hosts(rest.Sum(shape => shape.Hosts.Count))}; --all shows them";
        }

        foreach (var same in planned.Where(host => host.Warning is not null).GroupBy(host => host.Warning!, StringComparer.Ordinal))
        {
            yield return string.Empty;
            yield return $"warning: {SafeText.Of(HostFold.Fold(same.Select(host => host.Host)))}: {SafeText.Of(same.Key)}";
        }

        if (planned.Count < hosts.Count)
        {
            if (planned.Count > 0 && !layout.OnlyBad)
            {
                yield return string.Empty;
            }

            yield return $"{CountText.Hosts(hosts.Count - planned.Count)} without a plan:";
            foreach (string line in SummaryText.Lines(Done, [.. hosts.Except(planned)], layout))
            {
                yield return line;
            }
        }
    }

    /// <summary>No word of the job itself stands below a table of some of its hosts.</summary>
    private static readonly JobView Done = new()
    {
        Id = default,
        Order = Order.Rlist,
        What = string.Empty,
        Hosts = string.Empty,
        State = JobState.Done,
        Accepted = default,
        Summary = new JobSummary { State = JobState.Done, Hosts = 0, Counts = new Dictionary<string, int>() },
    };

    private static IEnumerable<string> Names(string digest, SyncTotals totals, Func<string, IEnumerable<ShownChange>?> changes, bool names, bool all)
    {
        if ((!names && totals.Deleted == 0) || TotalsText.ChangesNothing(totals))
        {
            yield break;
        }

        if (changes(digest) is not { } known)
        {
            yield return totals.Deleted > 0 ? $"deletes {ByteSize.Count(totals.Deleted)}; their names could not be read" : "the names could not be read";
            yield break;
        }

        // What is deleted comes first, and has a bound of its own: nothing may push it out.
        var list = known.ToList();
        var deleted = list.Where(change => change.Sign == '-').ToList();
        var others = names ? list.Where(change => change.Sign != '-').ToList() : [];
        foreach (var part in (List<ShownChange>[])[deleted, others])
        {
            foreach (var change in all ? part : part.Take(MostNames))
            {
                yield return $"{change.Sign} {change.Name}";
            }

            if (!all && part.Count > MostNames)
            {
                yield return $"… and {ByteSize.Count(part.Count - MostNames)} more{(part == deleted ? " deletions" : string.Empty)}; --all lists them";
            }
        }
    }
}
