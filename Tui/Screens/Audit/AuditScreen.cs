using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Audit;

/// <summary>Who asked what of the daemon, and what it was told: the records of its audit log.</summary>
internal sealed class AuditScreen : IListScreen
{
    private const int Around = 6; // column names, rule, two lines of the record under the cursor, rule, filter
    private const int MostByItself = 20; // pages that are read because a filter leaves too few rows

    public ScreenName Name => ScreenName.Audit;

    public IReadOnlyList<(string Name, string Shape)> Fields => [.. AuditRows.FieldsAt(default).Select(one => (one.Name, one.Shape))];

    public string Example => "state:refused by:alice what:cancel";

    public IReadOnlyList<string> Columns => AuditRows.Columns;

    public ListState List(TuiModel model) => model.Audit.List;

    public TuiModel With(TuiModel model, ListState list) => Remade(model with { Audit = model.Audit with { List = list } });

    public FilterMistake? Check(string filter) => AuditRows.Read(filter, default).Mistake;

    public Step Open(TuiModel model) => Ask(Remade(model), null);

    public Step Do(TuiModel model, KeyAction action)
    {
        model = Remade(model);
        var (pane, rows) = (model.Audit, AuditRows.Of(model));
        if (action is KeyAction.NextMatch or KeyAction.PreviousMatch)
        {
            action = action == KeyAction.NextMatch ? KeyAction.Down : KeyAction.Up;
        }

        if (action is not (KeyAction.Mark or KeyAction.MarkAll or KeyAction.MarkNone) && ListKeys.Do(pane.List, rows.Keys, action, Shown(model)) is { } moved)
        {
            model = model with { Audit = pane with { List = moved } };
            return moved.PlaceIn(rows.Keys) >= rows.Keys.Count - 1 && action is KeyAction.Down or KeyAction.PageDown or KeyAction.Last ? ReadOn(model) : model;
        }

        return action switch
        {
            KeyAction.Again => Ask(model with { Audit = pane with { Asked = null } }, null),
            KeyAction.Open or KeyAction.Right when At(model)?.Job is { } id => model.Jobs.Find(id)?.View is { } job ? JobActs.Show(model, job) : Updating.Go(model, new Place(ScreenName.Rollout, id)),
            _ => model,
        };
    }

    public Step Hear(TuiModel model, Message message)
    {
        var pane = model.Audit;
        switch (message)
        {
            case Message.AuditTold told when told.Of == pane.Asked:
                var known = pane.Records.Select(record => record.Seq).ToHashSet();
                var more = told.Records.Where(record => !known.Contains(record.Seq)).ToList();

                // The newest page read again goes in front of what is known; where they do not meet, what is known is of long ago, and begins anew.
                bool isNewest = told.Of.Cursor is null;
                bool meets = isNewest && pane.Records.Count > 0 && (more.Count < told.Records.Count || told.Records.Count == 0);
                model = Remade(model with
                {
                    Audit = pane with
                    {
                        Asked = null,
                        Trouble = null,
                        IsRead = true,
                        Pages = pane.Pages + 1,
                        Records = !isNewest ? pane.Records.AddRange(more) : meets ? pane.Records.InsertRange(0, more) : [.. told.Records],
                        Cursor = meets ? pane.Cursor : told.Cursor,
                    },
                });
                return AuditRows.Of(model).Rows.Count < Shown(model) && model.Audit.Pages < MostByItself ? ReadOn(model) : model;
            case Message.Unanswered told when told.Of.Equals(pane.Asked):
                return model with { Audit = pane with { Asked = null, Trouble = told.Why } };
            default:
                return model.Place.Screen == ScreenName.Audit ? Remade(model) : model;
        }
    }

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.Open when At(model) is null => "there is no record",
        KeyAction.Open when At(model)?.Job is null => "it is of no job",
        KeyAction.Mark or KeyAction.MarkAll or KeyAction.MarkNone => "records are not marked",
        _ => null,
    };

    public Line? Title(TuiModel model, int columns) => null;

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        var (pane, made) = (model.Audit, AuditRows.Of(model));
        var table = new AuditTable(columns);
        int around = rows < 12 ? Around - 3 : Around, shown = Math.Max(1, rows - around);
        int top = pane.List.TopFor(made.Keys, shown), at = pane.List.PlaceIn(made.Keys);
        List<Line> lines = [table.Head()];
        for (int place = top; place < made.Rows.Count && place < top + shown; place++)
        {
            lines.Add(table.Row(model, made.Rows[place], place == at));
        }

        if (made.Rows.Count == 0)
        {
            lines = [.. Nothing(model, columns)];
        }
        else if (around == Around)
        {
            Framing.Filled(lines, rows - 5);
            lines.Add(Strokes.Rule(columns, model.Setup.IsAscii));
            lines.AddRange(table.Whole(model, made.Rows[at]));
        }

        Framing.Filled(lines, rows - 2);
        lines.Add(Strokes.Rule(columns, model.Setup.IsAscii));
        lines.Add(Framing.Filter(columns, pane.List, Example, made.Rows.Count, pane.Records.Count, pane.Asked is not null ? "reading" : pane.Cursor is not null ? "older ones below" : null));
        return lines;
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) => [KeyAction.Open, KeyAction.Filter, KeyAction.ProblemsFirst, KeyAction.Sort, KeyAction.Again, KeyAction.Export, KeyAction.Copy, KeyAction.Quit];

    public string? Export(TuiModel model)
    {
        var (rows, table) = (AuditRows.Of(model).Rows, new AuditTable(200));
        return rows.Count == 0 ? null : string.Concat(rows.Select(record => table.Row(model, record, isAt: false).Text + "\n" + string.Concat(table.Whole(model, record).Select(line => "     " + line.Text + "\n"))).Prepend(table.Head().Text + "\n"));
    }

    public string? Copy(TuiModel model) => At(model) is { } record ? record.Job?.ToString() ?? record.Who ?? record.Peer : null;

    public string? Command(TuiModel model) => At(model)?.Job is { } job ? ActCommand.Watch(job, model.Setup.Option) : null;

    private static AuditRecord? At(TuiModel model) => AuditRows.Of(model) is { Rows.Count: > 0 } rows ? rows.Rows[model.Audit.List.PlaceIn(rows.Keys)] : null;

    private static TuiModel Remade(TuiModel model) => AuditRows.Of(model) is var rows && rows != model.Audit.Rows ? model with { Audit = model.Audit with { Rows = rows } } : model;

    private static Step Ask(TuiModel model, string? cursor)
    {
        var question = new Effect.ReadAudit(cursor);
        return Step.Of(model with { Audit = model.Audit with { Asked = question, Trouble = null } }, question);
    }

    private static Step ReadOn(TuiModel model) => model.Audit is { Asked: null, Cursor: { } cursor } ? Ask(model, cursor) : model;

    private static int Shown(TuiModel model) => Framing.BodyRows(model) is var rows && rows < 12 ? Math.Max(1, rows - Around + 3) : rows - Around;

    private static IEnumerable<Line> Nothing(TuiModel model, int columns) =>
        model.Audit.Records.Count > 0 ? Framing.Empty(columns, $"No record is let through by the filter {model.Audit.List.Filter}", "esc takes it away.")
        : model.Audit.Trouble is { } trouble ? Framing.Empty(columns, trouble, "A daemon without a state directory keeps no audit log, and one that does shows it to operators who may read it.", "r asks again. On the daemon's host: deploy audit show")
        : !model.Audit.IsRead ? Framing.Empty(columns, "Reading the audit log of " + model.Setup.Place)
        : Framing.Empty(columns, "The audit log is empty: nobody ordered anything here yet.");
}
