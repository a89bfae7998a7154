using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Output.Folded;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.State;
using Deploy.Tui.State.Moments;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.HostPage;

/// <summary>What is known of a host, a line each.</summary>
internal static class HostFactLines
{
    private const int MostGroups = 6; // last syncs that are shown: more push the jobs off a small screen

    public static IReadOnlyList<Line> Of(TuiModel model, int columns)
    {
        if (model.Place.Host is not { } name || model.Hosts.Find(name) is not { } row)
        {
            return [Line.Empty, new LineMaker(columns).Add("   This host is not known any more: esc goes back.").Make()];
        }

        var host = FleetRow.Of(model, row);
        var facts = row.Facts;
        var (now, nowRole) = HostColumns.Now(model, host);
        List<Line> lines =
        [
            Fact(columns, "state", $"{host.Health.Word()}, {(host.Seen is { } seen ? $"heard of {Ages.Of(seen)} ago" : "never heard of")}", host.Health is HostHealth.Up ? Role.Good : host.Health == HostHealth.Down ? Role.Bad : Role.Warning),
            Fact(columns, "address", $"{facts?.Address ?? "not known"}, {(facts?.Wire == "legacy" ? "the original's wire" : "v1")}", Role.Plain),
            Fact(columns, "deploy", facts?.Version ?? "not known", Role.Plain),
            Fact(columns, "rsync", host.HasOldRsync ? $"{facts!.Rsync}, older than {host.Newest}" : facts?.Rsync ?? "not known", host.HasOldRsync ? Role.Warning : Role.Plain),
            Fact(columns, "clock", facts?.ClockSkewSeconds is null ? "not known" : $"{Ages.Skew(facts.ClockSkewSeconds)}{(host.IsSkewed ? ": what is signed here is not taken there" : string.Empty)}", host.IsSkewed ? Role.Warning : Role.Plain),
        ];
        if (model.Links.GetValueOrDefault(name)?.Self?.Pin is { } pin)
        {
            lines.Add(Fact(columns, "pin", pin, Role.Plain));
        }

        lines.Add(Fact(columns, "now", row.Standing is { } standing && (standing.Reason ?? standing.Warning) is { } why ? $"{now}: {why}" : now == "-" ? "nothing runs" : now, nowRole));
        lines.AddRange(Syncs(model, host, columns));
        return lines;
    }

    /// <summary>A job, as it went on this host.</summary>
    public static Line Job(TuiModel model, JobRecord job, int columns, bool isAt)
    {
        var standing = job.Standings.Find(model.Place.Host ?? string.Empty);
        var line = new LineMaker(columns).Add(isAt ? " > " : "   ").Cell(JobTag.Of(job.Id), 10).Add(" ");
        line.Cell(job.View is { } view ? Ages.Moment(view.Accepted, model.Now, model.Setup.Zone) : "?", 10, Role.Quiet).Add(" ");
        line.Cell(job.View is { } known ? $"{(known.IsPlan ? "plan" : known.Order.Word())} {known.What}" : "?", 21).Add(" ");
        line.Cell(standing?.State.Word() ?? job.View?.State.Word() ?? "?", 12, standing is null ? Role.Quiet : Of(standing.State)).Add(" ");
        line.Add(standing?.Reason ?? standing?.Warning ?? (standing?.Totals is { } totals ? TotalsText.Whole(totals) : string.Empty), Role.Quiet);
        return isAt ? line.Make(Role.Cursor) : line.Make();
    }

    private static IEnumerable<Line> Syncs(TuiModel model, FleetRow host, int columns)
    {
        var syncs = host.Facts?.LastSyncs?.OrderByDescending(sync => sync.Value.Ended).ToList() ?? [];
        if (syncs.Count == 0)
        {
            yield return Fact(columns, "syncs", "none is known", Role.Quiet);
        }

        foreach (var (group, sync) in syncs.Take(MostGroups))
        {
            yield return Fact(columns, "sync", $"{group}  {sync.State.Word()} {Ages.Moment(sync.Ended, model.Now, model.Setup.Zone)}  {JobTag.Of(sync.Job)}", sync.State.IsGood() ? Role.Plain : Of(sync.State));
        }

        if (syncs.Count > MostGroups)
        {
            yield return Fact(columns, string.Empty, $"and {ByteSize.Count(syncs.Count - MostGroups)} more groups", Role.Quiet);
        }
    }

    private static Line Fact(int columns, string name, string text, Role role) => new LineMaker(columns).Add("   ").Cell(name, 9, Role.Quiet).Add(text, role).Make();

    private static Role Of(HostState state) => state switch
    {
        _ when state.IsGood() => Role.Good,
        HostState.Queued or HostState.Skipped => Role.Quiet,
        HostState.Connecting or HostState.Running => Role.Running,
        HostState.Partial or HostState.Cancelled => Role.Warning,
        _ => Role.Bad,
    };
}
