using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Plan;

/// <summary>The shapes of a plan, the most hosts first; behind them the hosts that have no plan, by how they ended.</summary>
internal sealed class PlanRows
{
    private const int ManyHosts = 2000; // from here on folding takes long enough to do it no more than once a second while the plan is made
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    private readonly JobId job;
    private readonly StandingTable standings;
    private readonly IReadOnlyList<Shape>? shapes;
    private readonly DateTimeOffset made;

    private PlanRows(JobRecord record, DateTimeOffset made, IReadOnlyList<PlanRow> rows) =>
        (job, standings, shapes, this.made, Rows, Keys) = (record.Id, record.Standings, record.Shapes, made, rows, [.. rows.Select(row => row.Letter)]);

    public IReadOnlyList<PlanRow> Rows { get; }

    /// <summary>Their letters.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>What most hosts would change; null where nothing is planned yet.</summary>
    public PlanRow? Usual => Rows is [{ Digest: not null } first, ..] ? first : null;

    /// <summary>The rows; those that are given, where nothing has changed since they were made.</summary>
    public static PlanRows Of(PlanRows? before, JobRecord record, DateTimeOffset now)
    {
        if (before is not null && before.job == record.Id && before.standings == record.Standings && before.shapes == record.Shapes)
        {
            return before;
        }

        bool moves = record.View?.State.IsTerminal() != true && record.Standings.Rows.Count > ManyHosts;
        return before is not null && before.job == record.Id && moves && now - before.made < Seldom ? before : new PlanRows(record, now, Made(record));
    }

    private static List<PlanRow> Made(JobRecord record)
    {
        bool isWhole = record.Standings.Rows.Count >= record.View?.Summary.Hosts;
        var planned = new Dictionary<string, List<HostStanding>>(StringComparer.Ordinal);
        var others = new Dictionary<HostState, List<HostStanding>>();
        foreach (var host in record.Standings.Rows)
        {
            if (host is { Shape: { } digest } && host.State.IsGood())
            {
                (planned.TryGetValue(digest, out var same) ? same : planned[digest] = []).Add(host);
            }
            else
            {
                (others.TryGetValue(host.State, out var same) ? same : others[host.State] = []).Add(host);
            }
        }

        List<PlanRow> rows = !isWhole && record.Shapes is { } told
            ? [.. told.Where(shape => shape.Kind == ShapeKind.Changes).Select(shape => new PlanRow { Letter = string.Empty, Digest = shape.Digest, Folded = shape.Hosts, Count = shape.HostCount, Totals = shape.Totals })]
            : [.. planned.Select(same => new PlanRow { Letter = string.Empty, Digest = same.Key, Folded = HostFold.Fold(same.Value.Select(host => host.Host)), Count = same.Value.Count, Totals = same.Value[0].Totals, Hosts = same.Value })];
        rows = [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.Folded, HostOrder.Natural)];
        rows.AddRange(others.OrderBy(same => same.Key).Select(same => new PlanRow { Letter = string.Empty, State = same.Key, Folded = HostFold.Fold(same.Value.Select(host => host.Host)), Count = same.Value.Count, Hosts = same.Value }));
        long usual = rows is [{ Digest: not null } first, ..] ? first.Totals?.Deleted ?? 0 : 0;
        return [.. rows.Select((row, place) => row with { Letter = Letter(place), Note = Note(row, usual) })];
    }

    /// <summary>What one should know of the shape; null for nothing.</summary>
    private static string? Note(PlanRow row, long usual) => row switch
    {
        { State: HostState.Queued or HostState.Connecting or HostState.Running } => null,
        { State: HostState.Refused } when row.Hosts.Any(host => host.Cause == Reasons.Guard) => "delete guard, not planned",
        { State: { } state } => state.IsGood() ? "has no changes told, not planned" : "not planned",
        { Totals.Deleted: var deleted } when deleted > usual => $"{ByteSize.Count(deleted - usual)} extra {(deleted - usual == 1 ? "delete" : "deletes")}",
        _ => row.Hosts.FirstOrDefault(host => host.Warning is not null)?.Warning,
    };

    /// <summary>A to Z, then AA.</summary>
    private static string Letter(int place) => place < 26 ? ((char)('A' + place)).ToString() : Letter(place / 26 - 1) + (char)('A' + place % 26);
}

/// <summary>Hosts that would change the same, or that have no plan and stand at the same.</summary>
internal sealed record PlanRow
{
    public required string Letter { get; init; }

    /// <summary>The shape's; null for hosts without one.</summary>
    public string? Digest { get; init; }

    /// <summary>Where hosts without a plan stand; null for a shape.</summary>
    public HostState? State { get; init; }

    /// <summary>The hosts, folded.</summary>
    public required string Folded { get; init; }

    public required int Count { get; init; }

    public SyncTotals? Totals { get; init; }

    /// <summary>The hosts; none where only the shapes are known yet.</summary>
    public IReadOnlyList<HostStanding> Hosts { get; init; } = [];

    /// <summary>What one should know of it; null for nothing.</summary>
    public string? Note { get; init; }
}
