using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Plan;

/// <summary>How it looks.</summary>
internal sealed partial class PlanScreen
{
    public Line? Title(TuiModel model, int columns) => Record(model) is { View: { } job } ? PlanTable.Title(model, job, columns) : null;

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        var pane = model.Plan;
        if (Record(model) is not { View: { } job } record)
        {
            return pane.Job is { } id
                ? [.. Framing.Empty(columns, $"Plan {id} is being read.")]
                : pane.Trouble is { } trouble ? [.. Framing.Empty(columns, "The plans could not be read: " + trouble, "r reads them again.")]
                : pane.Asked is not null ? [.. Framing.Empty(columns, "Reading the plans of " + model.Setup.Place)]
                : [.. Framing.Empty(columns, "No plan was made yet.", "A plan is a dry run on every host: it shows what a deploy would change, host by host, before anything is touched.", "1 shows the hosts: mark some with space and press P there. Or: deploy client plan GROUP")];
        }

        var (made, isAscii) = (PlanRows.Of(model.Plan.Rows, record, model.Now), model.Setup.IsAscii);
        var layout = Layout(model, made, rows);
        List<Line> lines = [PlanTable.Sum(job, made, columns)];
        int top = pane.List.TopFor(made.Keys, layout.Shapes), at = pane.List.PlaceIn(made.Keys), most = made.Rows.Count > 0 ? made.Rows.Max(row => row.Count) : 0;
        for (int place = top; place < made.Rows.Count && place < top + layout.Shapes; place++)
        {
            var row = made.Rows[place];
            lines.Add(PlanTable.Shape(columns, row, most, place == at, row.Digest is { } digest && pane.Excluded.Contains(digest)));
        }

        var shape = At(model, made);
        var below = Below(model, shape);
        int first = Math.Clamp(pane.Top, 0, Math.Max(0, below.Count - layout.Below)), cursor = Math.Clamp(pane.At, 0, Math.Max(0, below.Count - 1));
        string where = shape is null ? string.Empty
            : below.Count > layout.Below || pane.IsDeletions ? $"{shape.Letter}{(below.Changes is not null && pane.IsDeletions ? " deletions" : string.Empty)} {ByteSize.Count(Math.Min(first + 1, below.Count))}-{ByteSize.Count(Math.Min(first + layout.Below, below.Count))} of {ByteSize.Count(below.Count)}"
            : made.Rows.Count > 1 ? shape.Letter : string.Empty;
        lines.Add(Strokes.Rule(columns, isAscii, where));
        int end = lines.Count + layout.Below;
        for (int place = first; place < below.Count && place < first + layout.Below; place++)
        {
            bool isAt = pane.IsBelow && place == cursor;
            lines.Add(below.Changes is { } changes ? PlanTable.Changed(columns, changes.At(place, pane.IsDeletions), isAt) : PlanTable.Host(columns, shape!.Hosts[place], isAt));
        }

        if (below.Count == 0 && shape is not null && layout.Below > 0)
        {
            lines.Add(Framing.Said(columns, Nothing(model, record, shape), Role.Quiet));
        }

        Framing.Filled(lines, end);
        lines.Add(Strokes.Rule(columns, isAscii));
        lines.Add(Note(model, record, made, columns));
        return lines;
    }

    public string? Export(TuiModel model)
    {
        if (Record(model) is not { View: { } job } record)
        {
            return null;
        }

        var made = PlanRows.Of(model.Plan.Rows, record, model.Now);
        List<string> lines = [PlanTable.Title(model, job, 200).Text, PlanTable.Sum(job, made, 200).Text];
        foreach (var row in made.Rows)
        {
            lines.Add(string.Empty);
            lines.Add(PlanTable.Shape(200, row, 0, isAt: false, row.Digest is { } digest && model.Plan.Excluded.Contains(digest)).Text);
            lines.Add("   " + Deploy.Model.Text.SafeText.Of(row.Folded));
            if (row.Digest is { } known && record.Contents.GetValueOrDefault(known) is { } content)
            {
                var changes = PlanChanges.Of(content);
                lines.AddRange(Enumerable.Range(0, changes.Count(isDeletions: false)).Select(place => PlanTable.Changed(200, changes.At(place, isDeletions: false), isAt: false).Text));
            }
            else if (row.Digest is null)
            {
                lines.AddRange(row.Hosts.Select(host => PlanTable.Host(200, host, isAt: false).Text));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>How many lines the shapes have, and what is below them.</summary>
    private static (int Shapes, int Below) Layout(TuiModel model, PlanRows made, int? rows = null)
    {
        int rest = Math.Max(2, (rows ?? Framing.BodyRows(model)) - Around);
        int shapes = Math.Clamp(Math.Min(made.Rows.Count, Math.Max(3, rest / 3)) + model.Plan.Zoom, Math.Min(1, made.Rows.Count), rest - 1);
        shapes = Math.Min(shapes, Math.Max(1, made.Rows.Count));
        return (shapes, rest - shapes);
    }

    /// <summary>What is below the shapes: the changes of the one under the cursor, or its hosts.</summary>
    private static (int Count, PlanChanges? Changes) Below(TuiModel model, PlanRow? row)
    {
        if (row is null || row.Digest is null || model.Plan.IsUnfolded)
        {
            return (row?.Hosts.Count ?? 0, null);
        }

        return Record(model)?.Contents.GetValueOrDefault(row.Digest) is { } content
            ? (model.Plan.Changes?.Content == content ? model.Plan.Changes : PlanChanges.Of(content)) is var changes ? (changes.Count(model.Plan.IsDeletions), changes) : default
            : (0, null);
    }

    /// <summary>The lower pane after a key; null where the key is none of it.</summary>
    private static PlanPane? Scroll(PlanPane pane, KeyAction action, int count, int shown)
    {
        int page = Math.Max(1, shown - 1);
        int? to = action switch
        {
            KeyAction.Up or KeyAction.PreviousMatch => pane.At - 1,
            KeyAction.Down or KeyAction.NextMatch => pane.At + 1,
            KeyAction.PageUp => pane.At - page,
            KeyAction.PageDown => pane.At + page,
            KeyAction.First => 0,
            KeyAction.Last => count - 1,
            _ => null,
        };
        if (to is not { } wanted)
        {
            return null;
        }

        int at = Math.Clamp(wanted, 0, Math.Max(0, count - 1));
        return pane with { At = at, Top = Math.Clamp(pane.Top, Math.Max(0, at - Math.Max(1, shown) + 1), at) };
    }

    /// <summary>Why nothing is below.</summary>
    private static string Nothing(TuiModel model, JobRecord record, PlanRow row) =>
        row.Digest is null || model.Plan.IsUnfolded ? "its hosts are being read"
        : record.Contents.TryGetValue(row.Digest, out var content) ? content is null ? "what it would change is not to be had any more: r plans again" : model.Plan.IsDeletions ? "nothing is deleted (d shows all)" : "nothing would change"
        : model.Plan.Trouble is { } trouble ? $"could not be read: {trouble}"
        : record.View!.State.IsTerminal() ? "being read"
        : "shown when the plan has ended";

    /// <summary>The one thing that one should know before doing it.</summary>
    private static Line Note(TuiModel model, JobRecord record, PlanRows made, int columns)
    {
        var line = new LineMaker(columns);
        var pane = model.Plan;
        var guarded = made.Rows.FirstOrDefault(row => row.Hosts.Any(host => host.Cause == Reasons.Guard));
        var deletes = made.Usual is { } usual ? made.Rows.Where(row => row.Digest is { } digest && !pane.Excluded.Contains(digest) && row.Totals?.Deleted > (usual.Totals?.Deleted ?? 0)).MaxBy(row => row.Totals!.Deleted) : null;
        if (guarded is not null)
        {
            return line.Add(" ! ", Role.Warning).Add($"{guarded.Letter} is above its delete guard: {(guarded.Count == 1 ? "this host" : $"these {ByteSize.Count(guarded.Count)} hosts")} would refuse").Make();
        }

        if (deletes is not null)
        {
            return line.Add(" ! ", Role.Warning).Add($"{deletes.Letter} deletes {ByteSize.Count(deletes.Totals!.Deleted)} entries, {ByteSize.Count(deletes.Totals.Deleted - (made.Usual!.Totals?.Deleted ?? 0))} more than most: d shows them, e leaves {deletes.Letter} out").Make();
        }

        if (record.View!.State.IsTerminal() && Deploying.Age(record.View, model.Now) is var age && age > Deploying.StaleAfter)
        {
            return line.Add(" ! ", Role.Warning).Add("the plan is old: a host that has changed since refuses; r plans again").Make();
        }

        long chosen = made.Rows.Where(row => row.Digest is { } digest && !pane.Excluded.Contains(digest)).Sum(row => (long)row.Count);
        return line.Add(record.View.State.IsTerminal() ? $" D deploys this to {ByteSize.Count(chosen)} of {CountText.Hosts(record.View.Summary.Hosts)}, and nothing else" : " the plan is being made", Role.Quiet).Make();
    }
}
