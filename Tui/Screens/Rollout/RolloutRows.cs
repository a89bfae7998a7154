using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>The hosts of a job in the order in which they are shown, and what is told of all of them together. Made in one pass when something has changed: drawing costs what is seen.</summary>
internal sealed class RolloutRows
{
    /// <summary>By what the hosts can be sorted.</summary>
    public static readonly IReadOnlyList<string> Columns = ["host", "state", "progress", "rate", "time"];

    private const int FewRates = 3; // with fewer running hosts there is no median to be behind of
    private const int MuchSlower = 4; // ours: a quarter of the median

    private readonly StandingTable standings;
    private readonly (string Filter, string? Sort, bool IsDescending, bool ProblemsFirst, bool ShowsOk) how;

    /// <summary>The row of the host whose turn is next; null where rows say nothing of turns.</summary>
    private int? FirstTurn { get; init; }

    private RolloutRows(StandingTable standings, (string, string?, bool, bool, bool) how, RolloutTally tally, List<HostStanding> rows, int hidden, long slowRate)
    {
        (this.standings, this.how, Tally, Rows, Hidden, SlowRate) = (standings, how, tally, rows, hidden, slowRate);
        Keys = rows.ConvertAll(host => host.Host);
    }

    /// <summary>What is told of all hosts, whatever is filtered.</summary>
    public RolloutTally Tally { get; }

    public IReadOnlyList<HostStanding> Rows { get; }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>Hosts that are well and not shown.</summary>
    public int Hidden { get; }

    /// <summary>A running host below this many bytes a second is a straggler; 0 where there is no telling.</summary>
    private long SlowRate { get; }

    /// <summary>The rows; those that are given, where nothing has changed since they were made.</summary>
    public static RolloutRows Of(StandingTable standings, RolloutPane pane)
    {
        var (list, before) = (pane.List, pane.Rows);
        var how = (list.Filter, list.Sort, list.IsDescending, list.ProblemsFirst, pane.ShowsOk);
        if (before is not null && before.standings == standings && before.how == how)
        {
            return before;
        }

        var filter = Read(list.Filter).Filter ?? Filter<HostStanding>.None;
        var tally = before?.standings == standings ? before.Tally : RolloutTally.Of(standings.Rows);
        long slowRate = tally.Rates >= FewRates ? tally.MedianRate / MuchSlower : 0;
        List<HostStanding> bad = [], slow = [], moving = [], waiting = [], good = [];
        int hidden = 0;
        foreach (var host in standings.Rows)
        {
            if (!filter.IsNone && !filter.Lets(host))
            {
                continue;
            }

            if (!pane.ShowsOk && filter.IsNone && host.State.IsGood())
            {
                hidden++; // a filter says what is wanted: then nothing is hidden
                continue;
            }

            (!list.ProblemsFirst ? bad : host.State switch
            {
                HostState.Queued => waiting,
                HostState.Connecting or HostState.Running => IsStraggler(host, slowRate) ? slow : moving,
                HostState.Ok or HostState.Unchanged => good,
                _ => bad,
            }).Add(host);
        }

        List<HostStanding> rows = [.. Sorted(bad, list), .. Sorted(slow, list), .. Sorted(moving, list), .. Sorted(waiting, list), .. Sorted(good, list)];
        return new RolloutRows(standings, how, tally, rows, hidden, slowRate)
        {
            FirstTurn = list is { ProblemsFirst: true, Sort: null } && filter.IsNone ? bad.Count + slow.Count + moving.Count : null,
        };
    }

    /// <summary>Reads a filter of a job's hosts.</summary>
    public static FilterReading<HostStanding> Read(string filter) => Filter<HostStanding>.Parse(filter, Fields);

    /// <summary>What a filter of a job's hosts may ask for.</summary>
    public static readonly IReadOnlyList<FilterField<HostStanding>> Fields =
    [
        FilterField<HostStanding>.Host("host", host => host.Host),
        FilterField<HostStanding>.Words("state", host => host.State.IsTerminal() && !host.State.IsGood() ? [host.State.Word(), "bad"] : [host.State.Word()], [.. Enum.GetValues<HostState>().Select(state => state.Word()), "bad"]),
        FilterField<HostStanding>.Text("why", host => $"{host.Reason} {host.Warning}"),
        FilterField<HostStanding>.Number("rc", host => host.ExitCode),
        FilterField<HostStanding>.Number("batch", host => host.Batch),
        FilterField<HostStanding>.Age("time", host => host.Ended - host.Started),
        FilterField<HostStanding>.Size("bytes", host => host.Totals?.Bytes ?? host.Progress?.BytesDone),
        FilterField<HostStanding>.Number("deleted", host => host.Totals?.Deleted),
    ];

    /// <summary>The turn of the waiting host in this row, from 1: they stand in the order of their turns. 0 where another order, or a filter, says nothing of it.</summary>
    public int Turn(int place) => FirstTurn is { } first ? place - first + 1 : 0;

    /// <summary>Whether a running host stands still, or is much behind the others.</summary>
    public bool IsStraggler(HostStanding host) => IsStraggler(host, SlowRate);

    private static bool IsStraggler(HostStanding host, long slowRate) =>
        host.State == HostState.Running && host.Progress is { } progress && (progress.StalledSeconds > 0 || (slowRate > 0 && progress.BytesPerSecond < slowRate));

    /// <summary>Without a sort in the order of the job's list, which costs nothing.</summary>
    private static IEnumerable<HostStanding> Sorted(List<HostStanding> rows, ListState list)
    {
        return list.Sort switch
        {
            null => rows,
            "host" => By(host => host.Host, Model.Hosts.HostOrder.Natural),
            "state" => By(host => host.State, null),
            "progress" => By(host => host.Progress is { BytesTotal: > 0 } progress ? (double)progress.BytesDone / progress.BytesTotal.Value : 0, null),
            "rate" => By(host => host.Progress?.BytesPerSecond ?? 0, null),
            _ => By(host => host.Ended - host.Started ?? TimeSpan.Zero, null),
        };

        IEnumerable<HostStanding> By<T>(Func<HostStanding, T> key, IComparer<T>? comparer) => list.IsDescending ? rows.OrderByDescending(key, comparer) : rows.OrderBy(key, comparer);
    }
}
