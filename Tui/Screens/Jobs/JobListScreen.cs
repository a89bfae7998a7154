using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>A list of jobs: all of them, or those that have ended.</summary>
/// <param name="ended">Whether those alone.</param>
internal abstract class JobListScreen(bool ended) : IListScreen
{
    private const int Around = 3; // column names, rule, filter

    public abstract ScreenName Name { get; }

    public IReadOnlyList<(string Name, string Shape)> Fields => [.. JobRows.Fields.Append(JobRows.Since(default)).Select(one => (one.Name, one.Shape))];

    public string Example => ended ? "state:stopped|cancelled by:alice" : "order:rsync host:web-001";

    public IReadOnlyList<string> Columns => JobRows.Columns;

    /// <summary>This screen's state.</summary>
    protected abstract JobListState Get(TuiModel model);

    /// <summary>The model with it so.</summary>
    protected abstract TuiModel Put(TuiModel model, JobListState state);

    public ListState List(TuiModel model) => Get(model).List;

    public TuiModel With(TuiModel model, ListState list) => Remade(Put(model, Get(model) with { List = list }));

    public FilterMistake? Check(string filter) => JobRows.Read(filter, default).Mistake;

    public Step Open(TuiModel model)
    {
        var (pages, question) = Get(model).Pages.First();
        return Step.Of(Remade(Put(model, Get(model) with { Pages = pages })), question);
    }

    public Step Do(TuiModel model, KeyAction action)
    {
        model = Remade(model);
        var (state, rows) = (Get(model), Rows(model));
        if (ListKeys.Do(state.List, rows.Keys, action, Shown(model)) is { } moved)
        {
            model = Put(model, state with { List = moved });
            return moved.PlaceIn(rows.Keys) >= rows.Keys.Count - 1 && action is KeyAction.Down or KeyAction.PageDown or KeyAction.Last ? ReadOn(model) : model;
        }

        if (action == KeyAction.Again)
        {
            return Open(model);
        }

        return At(model) is not { View: { } job } record ? model : action switch
        {
            KeyAction.NextMatch => Do(model, KeyAction.Down),
            KeyAction.PreviousMatch => Do(model, KeyAction.Up),
            KeyAction.Open or KeyAction.Right => JobActs.Show(model, job),
            KeyAction.ShowOutput => Updating.Go(model, new Place(ScreenName.Log, job.Id)),
            KeyAction.Retry => JobActs.Retry(model, record, []),
            KeyAction.Cancel or KeyAction.Pause when WhyNot(model, action) is null => JobActs.Act(model, job, action),
            _ => model,
        };
    }

    public Step Hear(TuiModel model, Message message)
    {
        var state = Get(model);
        var pages = state.Pages.Hear(message);
        model = Remade(pages == state.Pages ? model : Put(model, state with { Pages = pages }));
        return pages != state.Pages && pages.Asked is null && pages.Trouble is null && pages.ReadsOn(Rows(model).Rows.Count, Shown(model)) ? ReadOn(model) : model;
    }

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.Open when At(model) is null => "there is no job",
        _ => JobActs.WhyNot(At(model), action),
    };

    public Line? Title(TuiModel model, int columns) => null;

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        var (state, made, table) = (Get(model), Rows(model), new JobTable(columns, ended));
        List<Line> lines = [table.Head()];
        int shown = Math.Max(1, rows - Around);
        int top = state.List.TopFor(made.Keys, shown), at = state.List.PlaceIn(made.Keys);
        for (int place = top; place < made.Rows.Count && place < top + shown; place++)
        {
            lines.Add(table.Row(model, made.Rows[place], place == at));
        }

        if (made.Rows.Count == 0)
        {
            lines = [.. Nothing(model, made, columns)];
        }

        Framing.Filled(lines, rows - 2);
        lines.Add(Strokes.Rule(columns, model.Setup.IsAscii));
        lines.Add(Framing.Filter(columns, state.List, Example, made.Rows.Count, made.All, More(state.Pages)));
        return lines;
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) => ended
        ? [KeyAction.Open, KeyAction.ShowOutput, KeyAction.Retry, KeyAction.Filter, KeyAction.ProblemsFirst, KeyAction.CopyCommand, KeyAction.Quit]
        : [KeyAction.Open, KeyAction.ShowOutput, KeyAction.Cancel, KeyAction.Pause, KeyAction.Retry, KeyAction.Filter, KeyAction.Quit];

    public string? Export(TuiModel model)
    {
        var (made, table) = (Rows(model), new JobTable(200, ended)); // as wide as all columns take
        return made.Rows.Count == 0 ? null : string.Concat(made.Rows.Select(job => table.Row(model, job, isAt: false).Text + "\n").Prepend(table.Head().Text + "\n"));
    }

    public string? Copy(TuiModel model) => At(model)?.Id.ToString();

    public string? Command(TuiModel model) => At(model) is { } record ? ActCommand.Watch(record.Id, model.Setup.Option) : null;

    /// <summary>The job under the cursor.</summary>
    private JobRecord? At(TuiModel model)
    {
        var made = Rows(model);
        return made.Rows.Count == 0 ? null : model.Jobs.Find(made.Rows[Get(model).List.PlaceIn(made.Keys)].Id);
    }

    private JobRows Rows(TuiModel model) => JobRows.Of(Get(model).Rows, model, Get(model).List, ended);

    private TuiModel Remade(TuiModel model) => Rows(model) is var rows && rows != Get(model).Rows ? Put(model, Get(model) with { Rows = rows }) : model;

    private Step ReadOn(TuiModel model) => Get(model).Pages.Next() is var (pages, question) ? Step.Of(Put(model, Get(model) with { Pages = pages }), question) : model;

    private static int Shown(TuiModel model) => Math.Max(1, Framing.BodyRows(model) - Around);

    private static string? More(JobPages pages) => pages switch
    {
        { Asked: not null } => "reading",
        { Trouble: not null } => "older ones could not be read (r again)",
        { Cursor: not null, IsEnd: false } => "older ones below",
        _ => null,
    };

    private IEnumerable<Line> Nothing(TuiModel model, JobRows made, int columns) =>
        made.All > 0 ? Framing.Empty(columns, $"No job is let through by the filter {Get(model).List.Filter}", "esc takes it away.")
        : Get(model).Pages.Trouble is { } trouble ? Framing.Empty(columns, "The jobs could not be read: " + trouble, "r reads them again.")
        : !Get(model).Pages.IsRead ? Framing.Empty(columns, "Reading the jobs of " + model.Setup.Place)
        : ended ? Framing.Empty(columns, "No job has ended yet that is still known here.", "2 shows what runs.")
        : Framing.Empty(columns, "No job was ordered yet.", "1 shows the hosts: P makes a plan there, D deploys, E runs a command.");
}
