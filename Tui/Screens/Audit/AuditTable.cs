using Deploy.Model.Jobs;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.Audit;

/// <summary>How records of an audit log stand in their list. Every text of a record may be anything that was sent: the lines make it safe.</summary>
internal sealed class AuditTable
{
    private const int ResultWidth = 10;

    private readonly int columns, time, who, what, hosts;

    /// <param name="columns">The screen's.</param>
    public AuditTable(int columns)
    {
        this.columns = columns;
        time = columns >= 100 ? 15 : 9;
        int rest = Math.Max(0, columns - 3 - time - ResultWidth);
        (who, what, hosts) = (Math.Clamp(rest / 4, 10, 28), Math.Clamp(rest * 2 / 5, 12, 40), rest > 52 ? Math.Clamp(rest / 4, 10, 36) : 0);
    }

    /// <summary>The names of the columns.</summary>
    public Line Head() => new LineMaker(columns).Add("   ").Cell("TIME", time, Role.Frame).Cell("RESULT", ResultWidth, Role.Frame).Cell("WHO", who, Role.Frame).Cell("WHAT", what, Role.Frame)
        .Cell(hosts > 0 ? "HOSTS" : string.Empty, hosts, Role.Frame).Add("WHY", Role.Frame).Make();

    /// <summary>A record's row.</summary>
    public Line Row(TuiModel model, AuditRecord record, bool isAt)
    {
        bool isRefused = record.Refusal is not null;
        var line = Framing.Row(columns, isAt, isMarked: false, isRefused);
        line.Cell(time > 9 ? ShortText.WhenExactly(record.Time, model.Now, model.Setup.Zone) : ShortText.When(record.Time, model.Now, model.Setup.Zone), time)
            .Cell(isRefused ? "refused" : "accepted", ResultWidth, isRefused ? Role.Bad : Role.Good)
            .Cell(TextColumns.Cut(Short(record.Who) ?? "nobody", who - 1), who, record.Who is null ? Role.Warning : Role.Plain)
            .Cell(TextColumns.Cut(Short($"{record.What} {record.Subject}")!, what - 1), what)
            .Cell(hosts > 0 ? TextColumns.Cut(Short(record.Hosts) ?? "-", hosts - 1) : string.Empty, hosts)
            .Add(record.Refusal ?? record.Reason ?? string.Empty, isRefused ? Role.Bad : Role.Quiet);
        return Framing.Made(line, isAt);
    }

    /// <summary>What the row has no room for, in two lines.</summary>
    public IReadOnlyList<Line> Whole(TuiModel model, AuditRecord record)
    {
        string from = $"{ShortText.WhenExactly(record.Time, model.Now, model.Setup.Zone)}  from {record.Peer ?? "?"}  key {record.Key ?? "none"}{(record.Job is { } job ? $"  job {JobTag.Of(job)}" : string.Empty)}";
        string why = record.Refusal is { } refusal ? $"refused: {refusal}" : record.Reason is { } reason ? $"because: {reason}" : $"hosts: {record.Hosts ?? "-"}";
        return [Framing.Said(columns, from), Framing.Said(columns, why, record.Refusal is null ? Role.Quiet : Role.Bad)];
    }

    /// <summary>Text that somebody sent may be of any length: no more of it is looked at than a cell could hold.</summary>
    private static string? Short(string? text) => text is { Length: > 200 } ? text[..200] : text;
}
