using Deploy.Model.Hosts;
using Deploy.Tui.Keys;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens.HostPage;

/// <summary>All that is known of one host, and its last jobs.</summary>
internal sealed class HostScreen : IScreen
{
    public ScreenName Name => ScreenName.Host;

    public Step Open(TuiModel model)
    {
        if (model.Place.Host is not { } host)
        {
            return model;
        }

        model = model.Host.Host == host ? model : model with { Host = new HostPane { Host = host } };
        return Step.Of(model, HostJobs.Question(host));
    }

    public Step Hear(TuiModel model, Message message) => message switch
    {
        Message.JobsTold { Of.Query: { Cursor: null, Host: { } host } } told when host == model.Host.Host => model with { Host = model.Host with { Jobs = [.. told.Jobs.Select(job => job.Id)] } },
        Message.Unanswered { Of: Effect.ReadJobs { Query.Host: { } host } } when host == model.Host.Host => model with { Host = model.Host with { Jobs = model.Host.Jobs ?? [] } },
        _ => model,
    };

    public Step Do(TuiModel model, KeyAction action)
    {
        var jobs = HostJobs.Of(model);
        var keys = HostJobs.Keys(jobs);
        switch (action)
        {
            case KeyAction.Open when HostJobs.Cursor(model) is { } job:
                return Updating.Go(model, new Place(ScreenName.Rollout, job.Id));
            case KeyAction.ShowOutput when HostJobs.Cursor(model) is { } job:
                return Updating.Go(model, new Place(ScreenName.Log, job.Id, model.Place.Host));
            case KeyAction.Again:
                return Open(model).Then(after => Step.Of(after with { Notice = new Notice("asked again") }, new Effect.ReadHosts()));
            case KeyAction.MakePlan or KeyAction.Deploy or KeyAction.Exec:
                return Forms.Open(model, action, [model.Place.Host!]);
            case KeyAction.NextMatch or KeyAction.PreviousMatch when Neighbour(model, action == KeyAction.NextMatch ? 1 : -1) is { } other:
                return Open(model with { Place = model.Place with { Host = other } });
            default:
                int shown = Math.Max(1, Views.Views.BodyRows(model) - HostFactLines.Of(model, model.Columns).Count - 2);
                return ListKeys.Do(model.Host.List, keys, action, shown) is { } list ? model with { Host = model.Host with { List = list with { Marked = [] } } } : model;
        }
    }

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.Up or KeyAction.Down or KeyAction.PageUp or KeyAction.PageDown or KeyAction.First or KeyAction.Last or KeyAction.Again => null,
        KeyAction.Open or KeyAction.ShowOutput => HostJobs.Cursor(model) is null ? "there is no job here" : null,
        KeyAction.NextMatch or KeyAction.PreviousMatch => Neighbour(model, 1) is null ? "there is no other host in the list" : null,
        KeyAction.MakePlan or KeyAction.Deploy or KeyAction.Exec => model.Place.Host is null ? "there is no host here" : Rights.WhyNot(model, action),
        _ => "nothing here for this key",
    };

    public Line? Title(TuiModel model, int columns)
    {
        var line = new LineMaker(columns).Add($" Host {model.Place.Host}", Role.Title);
        if (model.Hosts.Find(model.Place.Host ?? string.Empty) is { } row && row.Groups.Count > 0)
        {
            line.Add($"   {HostColumns.Groups(row)}", Role.Quiet);
        }

        const string keys = "esc back  n next  ? help ";
        return (line.Left >= keys.Length ? line.ToEnd(keys.Length).Add(keys, Role.Quiet) : line).Make();
    }

    public IReadOnlyList<KeyAction> Hints(TuiModel model) =>
        [KeyAction.Open, KeyAction.ShowOutput, KeyAction.MakePlan, .. model.IsArmed ? (KeyAction[])[KeyAction.Deploy, KeyAction.Exec] : [], KeyAction.Again, KeyAction.Back, KeyAction.Arm, KeyAction.Quit];

    public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows)
    {
        List<Line> lines = [.. HostFactLines.Of(model, columns), Views.Views.Rule(model, columns)];
        var jobs = HostJobs.Of(model);
        var keys = HostJobs.Keys(jobs);
        lines.Add(new LineMaker(columns).Add("   ").Cell("JOB", 11, Role.Frame).Cell("WHEN", 11, Role.Frame).Cell("ORDER", 22, Role.Frame).Cell("HERE", 13, Role.Frame).Add("WHY", Role.Frame).Make());
        int shown = Math.Max(1, rows - lines.Count);
        if (jobs.Count == 0)
        {
            lines.Add(new LineMaker(columns).Add(model.Host.Jobs is null ? "   Asking for its jobs." : "   No job of it is known: P plans one.", Role.Quiet).Make());
        }

        int at = model.Host.List.PlaceIn(keys);
        int top = model.Host.List.TopFor(keys, shown);
        for (int place = top; place < Math.Min(jobs.Count, top + shown); place++)
        {
            lines.Add(HostFactLines.Job(model, jobs[place], columns, place == at));
        }

        return lines;
    }

    public string? Export(TuiModel model) => model.Place.Host is null ? null
        : string.Concat(HostFactLines.Of(model, 200).Concat(HostJobs.Of(model).Select(job => HostFactLines.Job(model, job, 200, isAt: false))).Select(line => line.Text.TrimStart() + "\n"));

    public string? Copy(TuiModel model) => model.Place.Host is { } host ? HostFold.Fold([host]) : null;

    public string? Command(TuiModel model) => HostJobs.Cursor(model) is { } job ? $"deploy watch {job.Id}{model.Setup.Option}" : $"deploy hosts{model.Setup.Option}";

    /// <summary>The host before or behind it in the fleet's list as it is filtered there; null where there is no other.</summary>
    private static string? Neighbour(TuiModel model, int by)
    {
        var keys = model.Fleet.Keys;
        int at = keys.ToList().IndexOf(model.Place.Host ?? string.Empty);
        return at < 0 || keys.Count < 2 ? null : keys[(at + by + keys.Count) % keys.Count];
    }
}
