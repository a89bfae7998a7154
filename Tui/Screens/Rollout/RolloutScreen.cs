using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Tui.Filters;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.State;
using Deploy.Tui.Views;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>One job and its hosts, while it runs and as it ended.</summary>
internal sealed class RolloutScreen : IListScreen
{
    private const int MostFailures = 4; // lines, by itself; + and _ change it

    public ScreenName Name => ScreenName.Rollout;

    public IReadOnlyList<(string Name, string Shape)> Fields => [.. RolloutRows.Fields.Select(one => (one.Name, one.Shape))];

    public string Example => "state:bad web-[001-010] why:denied";

    public IReadOnlyList<string> Columns => RolloutRows.Columns;

    public ListState List(TuiModel model) => model.Rollout.List;

    public TuiModel With(TuiModel model, ListState list) => Remade(model with { Rollout = model.Rollout with { List = list } });

    public FilterMistake? Check(string filter) => RolloutRows.Read(filter).Mistake;

    public Step Open(TuiModel model)
    {
        var pane = model.Rollout;
        model = Remade(pane.Job == model.Place.Job
            ? model
            : model with { Rollout = pane with { Job = model.Place.Job, IsOnFailures = false, Failure = 0, List = pane.List with { Marked = [], At = null, Place = 0, Top = 0 } } });
        return model.Place.Job is { } id ? Step.Of(model, new Effect.ReadJob(id)) : model;
    }

    public Step Do(TuiModel model, KeyAction action)
    {
        if (Job(model) is not { View: { } job } record)
        {
            return action == KeyAction.Again && model.Place.Job is { } asked ? Step.Of(model, new Effect.ReadJob(asked)) : model;
        }

        model = Remade(model);
        var (pane, rows) = (model.Rollout, RolloutRows.Of(record.Standings, model.Rollout));
        if (pane.IsOnFailures && OnFailures(model, rows, action) is { } step)
        {
            return step;
        }

        if (ListKeys.Do(pane.List, rows.Keys, action, Layout(model, rows, record).Hosts) is { } moved)
        {
            return model with { Rollout = pane with { List = moved } };
        }

        var at = rows.Rows.Count > 0 ? rows.Rows[pane.List.PlaceIn(rows.Keys)] : null;
        return action switch
        {
            KeyAction.NextMatch => Do(model, KeyAction.Down),
            KeyAction.PreviousMatch => Do(model, KeyAction.Up),
            KeyAction.Open when at is not null => Updating.Go(model, new Place(ScreenName.Host, job.Id, at.Host)),
            KeyAction.Right when at is not null => Updating.Go(model, new Place(ScreenName.Log, job.Id, at.Host)),
            KeyAction.ShowOutput when at is not null && job.Order == Order.Rsync => Updating.Go(model, new Place(ScreenName.Log, job.Id, at.Host)),
            KeyAction.ShowOutput or KeyAction.ByHost => Updating.Go(model, new Place(ScreenName.Log, job.Id)),
            KeyAction.ShowOk => Remade(model with { Rollout = pane with { ShowsOk = !pane.ShowsOk } }),
            KeyAction.NextPane or KeyAction.PreviousPane when rows.Tally.Failures.Count > 0 => model with { Rollout = pane with { IsOnFailures = !pane.IsOnFailures } },
            KeyAction.ZoomIn => model with { Rollout = pane with { Zoom = Math.Min(pane.Zoom + 1, 40) } },
            KeyAction.ZoomOut => model with { Rollout = pane with { Zoom = Math.Max(pane.Zoom - 1, -MostFailures) } },
            KeyAction.Again => Step.Of(model, new Effect.ReadJob(job.Id)),
            KeyAction.Retry => JobActs.Retry(model, record, pane.List.Marked),
            KeyAction.Cancel or KeyAction.Pause when WhyNot(model, action) is null => JobActs.Act(model, job, action),
            _ => model,
        };
    }

    public Step Hear(TuiModel model, Message message) => model.Place.Screen == ScreenName.Rollout ? Remade(model) : model;

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.NextPane or KeyAction.PreviousPane when Job(model) is { } record && RolloutRows.Of(record.Standings, model.Rollout).Tally.Failures.Count == 0 => "nothing has failed",
        KeyAction.Open when Job(model)?.Standings.Rows.Count is null or 0 => "there is no host",
        _ => JobActs.WhyNot(Job(model), action),
    };

    public Line? Title(TuiModel model, int columns) => Job(model) is { View: { } job }
        ? RolloutHead.Title(model, job, columns)
        : new LineMaker(columns).Add(model.Place.Job is { } id ? $" Job {JobTag.Of(id)}" : " No job", Role.Title).Make();

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        if (Job(model) is not { View: { } job } record)
        {
            return [.. Framing.Empty(columns, model.Place.Job is { } id ? $"Job {id} is being read." : "No job is chosen.", "2 shows the jobs: enter opens one.")];
        }

        var (pane, made, isAscii) = (model.Rollout, RolloutRows.Of(record.Standings, model.Rollout), model.Setup.IsAscii);
        var layout = Layout(model, made, record, rows);
        var table = new RolloutTable(columns, made, job.Order, isAscii, model.Now);
        List<Line> lines = [.. RolloutHead.Lines(model, record, made.Tally, columns), Strokes.Rule(columns, isAscii), table.Head()];
        int end = lines.Count + layout.Hosts + (made.Hidden > 0 ? 1 : 0);
        int top = pane.List.TopFor(made.Keys, layout.Hosts), at = pane.List.PlaceIn(made.Keys);
        for (int place = top; place < made.Rows.Count && place < top + layout.Hosts; place++)
        {
            var host = made.Rows[place];
            lines.Add(table.Row(host, made.Turn(place), place == at && !pane.IsOnFailures, pane.List.Marked.Contains(host.Host)));
        }

        if (made.Rows.Count == 0 && pane.List.Filter.Length > 0)
        {
            lines.AddRange(Framing.Empty(columns, $"No host of {ByteSize.Count(record.Standings.Rows.Count)} is let through by the filter {pane.List.Filter}", "esc takes it away.").Take(layout.Hosts));
        }
        else if (record.Standings.Rows.Count == 0)
        {
            lines.AddRange(Framing.Empty(columns, "How its hosts stand is being read.").Take(layout.Hosts));
        }

        if (made.Hidden > 0)
        {
            lines.Add(Framing.Said(columns, $"+ {ByteSize.Count(made.Hidden)} ok hidden (o show)", Role.Good));
        }

        Framing.Filled(lines, end);
        lines.AddRange(Failures(model, made, columns, layout.Failures));
        lines.Add(Strokes.Rule(columns, isAscii, pane.List.Filter.Length > 0 ? $"filter: {TextColumns.Cut(pane.List.Filter, columns / 2)}" : pane.List.Marked.Count > 0 ? $"{ByteSize.Count(pane.List.Marked.Count)} marked" : string.Empty));
        return lines;
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) => Job(model)?.View?.State.IsTerminal() == true
        ? [KeyAction.ProblemsFirst, KeyAction.ShowOk, KeyAction.Open, KeyAction.ShowOutput, KeyAction.Retry, KeyAction.ByHost, KeyAction.Quit]
        : [KeyAction.ProblemsFirst, KeyAction.Freeze, KeyAction.Open, KeyAction.ShowOutput, KeyAction.Pause, KeyAction.Cancel, KeyAction.Quit];

    public string? Export(TuiModel model)
    {
        if (Job(model) is not { View: { } job } record || record.Standings.Rows.Count == 0)
        {
            return null;
        }

        var made = RolloutRows.Of(record.Standings, model.Rollout);
        var table = new RolloutTable(200, made, job.Order, isAscii: true, model.Now);
        return string.Concat(made.Rows.Select((host, place) => table.Row(host, made.Turn(place), isAt: false, isMarked: false).Text + "\n").Prepend(table.Head().Text + "\n").Prepend(Title(model, 200)!.Text + "\n"));
    }

    public string? Copy(TuiModel model)
    {
        if (Job(model) is not { } record)
        {
            return null;
        }

        var made = RolloutRows.Of(record.Standings, model.Rollout);
        return model.Rollout.IsOnFailures && made.Tally.Failures.Count > 0 ? made.Tally.Failures[Math.Clamp(model.Rollout.Failure, 0, made.Tally.Failures.Count - 1)].Example.Reason
            : made.Rows.Count > 0 ? made.Rows[model.Rollout.List.PlaceIn(made.Keys)].Host : record.Id.ToString();
    }

    public string? Command(TuiModel model) => model.Place.Job is { } job ? ActCommand.Watch(job, model.Setup.Option) : null;

    private static JobRecord? Job(TuiModel model) => model.Jobs.Find(model.Place.Job);

    private static TuiModel Remade(TuiModel model) => Job(model) is { } record && RolloutRows.Of(record.Standings, model.Rollout) is var rows && rows != model.Rollout.Rows
        ? model with { Rollout = model.Rollout with { Rows = rows } }
        : model;

    private static Step? OnFailures(TuiModel model, RolloutRows rows, KeyAction action)
    {
        int count = rows.Tally.Failures.Count, at = Math.Clamp(model.Rollout.Failure, 0, Math.Max(0, count - 1));
        return action switch
        {
            _ when count == 0 => null,
            KeyAction.Up => model with { Rollout = model.Rollout with { Failure = Math.Max(0, at - 1) } },
            KeyAction.Down => model with { Rollout = model.Rollout with { Failure = Math.Min(count - 1, at + 1) } },
            KeyAction.Open or KeyAction.Right => Updating.Go(model, new Place(ScreenName.Log, model.Place.Job, rows.Tally.Failures[at].Example.Host)),
            _ => null,
        };
    }

    /// <summary>How many lines the hosts have, and the failures; what is asked for is never more than there is.</summary>
    private static (int Hosts, int Failures) Layout(TuiModel model, RolloutRows made, JobRecord record, int? rows = null)
    {
        int rest = (rows ?? Framing.BodyRows(model)) - 6 - (record.View?.Reason is null ? 0 : 1) - (made.Hidden > 0 ? 1 : 0); // bar, counts, rate, two rules, column names
        int kinds = made.Tally.Failures.Count;
        int failures = Math.Clamp(Math.Min(kinds, MostFailures + model.Rollout.Zoom), 0, Math.Max(0, (rest - 2) / 2));
        return (Math.Max(1, rest - (failures > 0 ? failures + 1 : 0)), failures);
    }

    private static IEnumerable<Line> Failures(TuiModel model, RolloutRows made, int columns, int shown)
    {
        if (shown == 0)
        {
            yield break;
        }

        var failures = made.Tally.Failures;
        yield return Strokes.Rule(columns, model.Setup.IsAscii, failures.Count > shown ? $"{shown} of {ByteSize.Count(failures.Count)} reasons (tab, +)" : string.Empty);
        int what = Math.Max(12, columns * 2 / 5 - 5), host = Math.Clamp(made.Tally.LongestName + 3, 10, Math.Max(10, columns / 4));
        int at = Math.Clamp(model.Rollout.Failure, 0, failures.Count - 1), top = Math.Max(0, at - shown + 1);
        foreach (var failure in failures.Skip(top).Take(shown))
        {
            bool isAt = model.Rollout.IsOnFailures && failures[at] == failure;
            var line = new LineMaker(columns).Cell(ByteSize.Count(failure.Count) + "x", 3 + (failures[0].Count > 9 ? failures[0].Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length - 1 : 0), toTheRight: true).Add(" ")
                .Cell(TextColumns.Cut(failure.What, what - 1), what, StateRoles.Of(failure.Example.State)).Cell(TextColumns.Cut(failure.Example.Host, host - 1), host).Add(failure.Hint, Role.Quiet);
            yield return Framing.Made(line, isAt);
        }
    }
}
