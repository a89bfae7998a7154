using Deploy.Model.Hosts;
using Deploy.Output;
using Deploy.Tui.Filters;
using Deploy.Tui.Keys;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Views;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>All hosts: whether they answer, what they have, what runs there.</summary>
internal sealed class FleetScreen : IListScreen
{
    private const string FilterExample = "state:failed|down group:web skew:>60s";
    private const int Small = 10; // rows of the body, below which the lines under the list are left out

    public ScreenName Name => ScreenName.Fleet;

    public string Example => FilterExample;

    public IReadOnlyList<string> Columns => FleetRows.Columns;

    public IReadOnlyList<(string Name, string Shape)> Fields { get; } = [.. FleetFields.All.Select(field => (field.Name, field.Shape))];

    public ListState List(TuiModel model) => model.Fleet.List;

    public TuiModel With(TuiModel model, ListState list) => FleetRows.Made(model with { Fleet = model.Fleet with { List = list } });

    public FilterMistake? Check(string filter) => Filter<FleetRow>.Parse(filter, FleetFields.All).Mistake;

    public Step Open(TuiModel model) => FleetRows.Made(model);

    public Step Hear(TuiModel model, Message message) => FleetRows.Told(model);

    public Step Do(TuiModel model, KeyAction action)
    {
        var pane = model.Fleet;
        switch (action)
        {
            case KeyAction.Open when Cursor(model) is { } host:
                return Updating.Go(model, new Place(ScreenName.Host, Host: host));
            case KeyAction.Again:
                return Step.Of(model with { Notice = new Notice("asked again") }, new Effect.ReadHosts());
            case KeyAction.NextMatch or KeyAction.PreviousMatch:
                return Problem(model, action == KeyAction.NextMatch ? 1 : -1);
            case KeyAction.MakePlan or KeyAction.Deploy or KeyAction.Exec:
                return Forms.Open(model, action, ChosenHosts.OfCursor(model));
            default:
                return ListKeys.Do(pane.List, pane.Keys, action, Shown(Views.Views.BodyRows(model))) is { } list ? model with { Fleet = pane with { List = list } } : model;
        }
    }

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.Up or KeyAction.Down or KeyAction.PageUp or KeyAction.PageDown or KeyAction.First or KeyAction.Last or KeyAction.Again => null,
        KeyAction.Open or KeyAction.Mark or KeyAction.MarkAll or KeyAction.NextMatch or KeyAction.PreviousMatch => model.Fleet.Keys.Count == 0 ? "there is no host here" : null,
        KeyAction.MarkNone => model.Fleet.List.Marked.IsEmpty ? "nothing is marked" : null,
        KeyAction.MakePlan or KeyAction.Deploy or KeyAction.Exec => ChosenHosts.OfCursor(model).Count == 0 ? "there is no host here" : Rights.WhyNot(model, action),
        _ => "nothing here for this key",
    };

    public Line? Title(TuiModel model, int columns) => null;

    public IReadOnlyList<KeyAction> Hints(TuiModel model) =>
        [KeyAction.Open, KeyAction.Mark, KeyAction.MarkAll, KeyAction.Filter, KeyAction.ProblemsFirst, KeyAction.MakePlan, .. model.IsArmed ? (KeyAction[])[KeyAction.Deploy, KeyAction.Exec] : [], KeyAction.Arm, KeyAction.Quit, KeyAction.Help, KeyAction.Sort];

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        var (keys, list) = (model.Fleet.Keys, model.Fleet.List);
        int shown = Shown(rows);
        var layout = HostColumns.For(columns, model.Fleet.Widths);
        List<Line> lines = [Headline(layout, columns, list)];
        int top = list.TopFor(keys, shown);
        int at = list.PlaceIn(keys);
        for (int place = top; place < Math.Min(keys.Count, top + shown); place++)
        {
            if (model.Hosts.Find(keys[place]) is { } row)
            {
                lines.Add(RowLine(model, FleetRow.Of(model, row), layout, columns, place == at));
            }
        }

        if (keys.Count == 0)
        {
            lines.AddRange(Empty.Lines(model, columns, list.Filter));
        }

        if (rows >= Small)
        {
            while (lines.Count < rows - 3)
            {
                lines.Add(Line.Empty);
            }

            lines.Add(Views.Views.Rule(model, columns));
            lines.Add(About(model, columns));
            lines.Add(FilterLine(model, columns, Math.Min(shown, keys.Count)));
        }

        return lines;
    }

    public string? Export(TuiModel model)
    {
        var layout = HostColumns.For(200, model.Fleet.Widths);
        IEnumerable<Line> lines = [Headline(layout, 200, model.Fleet.List), .. model.Fleet.Keys.Select(model.Hosts.Find).OfType<HostRow>().Select(row => RowLine(model, FleetRow.Of(model, row), layout, 200, isAt: false))];
        return model.Fleet.Keys.Count == 0 ? null : string.Concat(lines.Select(line => line.Text.TrimStart() + "\n"));
    }

    public string? Copy(TuiModel model) => ChosenHosts.OfCursor(model) is { Count: > 0 } hosts ? HostFold.Fold(hosts) : null;

    public string? Command(TuiModel model) => ActCommand.Hosts(model.Setup.Option);

    /// <summary>Rows of hosts in a body of so many lines: below the headline, above the rule, what is known of the cursor's host, and the filter.</summary>
    private static int Shown(int rows) => Math.Max(1, rows - (rows >= Small ? 4 : 1));

    private static string? Cursor(TuiModel model) => model.Fleet.Keys is { Count: > 0 } keys ? keys[model.Fleet.List.PlaceIn(keys)] : null;

    /// <summary>The next host, in this direction and round the end, that something is wrong with.</summary>
    private static TuiModel Problem(TuiModel model, int by)
    {
        var (keys, list) = (model.Fleet.Keys, model.Fleet.List);
        int at = list.PlaceIn(keys);
        for (int far = 1; far <= keys.Count; far++)
        {
            int place = (at + by * far % keys.Count + keys.Count) % keys.Count;
            if (model.Hosts.Find(keys[place]) is { } row && FleetRow.Of(model, row).Problem < 6)
            {
                return model with { Fleet = model.Fleet with { List = list.To(keys, place, Shown(Views.Views.BodyRows(model))) } };
            }
        }

        return model with { Notice = new Notice("nothing is wrong with these hosts") };
    }

    private static Line Headline(IReadOnlyList<HostColumn> layout, int columns, ListState list)
    {
        var line = new LineMaker(columns).Add("   ", Role.Frame);
        foreach (var column in layout)
        {
            string name = column.Name == "RSYNC" ? "  RSYNC" : column.Name;
            bool isSort = list.Sort is { } sort && column.Name.EndsWith(sort, StringComparison.OrdinalIgnoreCase);
            line.Cell(isSort && name.Length < column.Width ? name + (list.IsDescending ? "-" : "+") : name, column.Width, isSort ? Role.Title : Role.Frame, column.IsNumber).Add(" ");
        }

        return line.Make();
    }

    private static Line RowLine(TuiModel model, FleetRow host, IReadOnlyList<HostColumn> layout, int columns, bool isAt)
    {
        bool isMarked = model.Fleet.List.Marked.Contains(host.Row.Name);
        var line = new LineMaker(columns).Add((isAt, isMarked) switch
        {
            (true, true) => ">* ",
            (true, false) => " > ",
            (false, true) => " * ",
            _ => "   ",
        }, isMarked ? Role.Marked : Role.Plain);
        foreach (var column in layout)
        {
            var (text, role) = column.Cell(model, host);
            line.Cell(text, column.Width, isMarked && column.Name == "HOST" ? Role.Marked : role, column.IsNumber).Add(" ");
        }

        return isAt ? line.Make(Role.Cursor) : line.Make();
    }

    /// <summary>Why the host under the cursor stands where it does.</summary>
    private static Line About(TuiModel model, int columns)
    {
        if (Cursor(model) is not { } name || model.Hosts.Find(name) is not { } row)
        {
            return Line.Empty;
        }

        string? why = row.Standing is { } standing ? standing.Reason ?? standing.Warning ?? standing.Waiting : null;
        return why is null ? Line.Empty : new LineMaker(columns).Add($" {name}: ", Role.Quiet).Add(why).Make();
    }

    private static Line FilterLine(TuiModel model, int columns, int shown)
    {
        var list = model.Fleet.List;
        bool isNone = list.Filter.Length == 0;
        string count = $"{ByteSize.Count(isNone ? shown : model.Fleet.Keys.Count)} of {ByteSize.Count(model.Hosts.Count)} rows ";
        string order = (list.ProblemsFirst ? "  problems first" : string.Empty) + (list.Sort is { } sort ? $"  by {sort}" : string.Empty);
        var left = new LineMaker(Math.Max(0, columns - count.Length - 1)).Add(" filter: ", Role.Quiet);
        left = isNone ? left.Add("none") : left.Add(list.Filter, Role.Match);
        left.Add(order);
        string example = $"   (/ e.g. {FilterExample})";
        if (isNone && left.Left >= example.Length)
        {
            left.Add(example, Role.Quiet);
        }

        var whole = new LineMaker(columns);
        foreach (var span in left.Make().Spans)
        {
            whole.Add(span.Text, span.Role);
        }

        return whole.ToEnd(count.Length).Add(count, Role.Quiet).Make();
    }
}
