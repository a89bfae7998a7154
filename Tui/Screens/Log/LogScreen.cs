using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Filters;
using Deploy.Tui.Keys;
using Deploy.Tui.Pieces;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Deploy.Tui.Wishes;

namespace Deploy.Tui.Screens.Log;

/// <summary>What was printed in a job: of all hosts, those with equal output together, or of one host. <c>/</c> searches, and hides nothing.</summary>
internal sealed partial class LogScreen : IListScreen
{
    private const int Around = 2; // rule, and the line below the text
    private const int Beside = 16; // columns of a step to the side
    private const int MostAsked = 20; // questions at once

    public ScreenName Name => ScreenName.Log;

    public IReadOnlyList<(string Name, string Shape)> Fields => [];

    public string Example => "denied";

    public IReadOnlyList<string> Columns => [];

    public ListState List(TuiModel model) => model.Log.List;

    public TuiModel With(TuiModel model, ListState list)
    {
        bool isOther = list.Filter != model.Log.List.Filter;
        model = model with { Log = model.Log with { List = list, Follows = model.Log.Follows && !isOther } };
        return isOther && list.Filter.Length > 0 && Record(model) is { } record && Text(model, record) is { Entries.Count: > 0 } text && text.Find(list.Filter, Math.Clamp(list.Place, 0, text.Entries.Count - 1) - 1, 1) is >= 0 and var found
            ? To(model, text, found)
            : model;
    }

    public FilterMistake? Check(string filter) => null;

    public Step Open(TuiModel model)
    {
        var (job, host) = (model.Place.Screen == ScreenName.Log && model.Place.Job is { } opened ? opened : Chosen(model), model.Place.Screen == ScreenName.Log ? model.Place.Host : null);
        var pane = model.Log;
        if (job is null)
        {
            return Step.Of(model, new Effect.ReadJobs(new JobQuery()));
        }

        bool isSame = pane.Job == job && pane.Host == host;
        model = model with
        {
            Log = pane with
            {
                Job = job,
                Host = host,
                Asked = [],
                AskedAtEnd = false,
                Trouble = null,
                IsByHost = isSame && pane.IsByHost,
                ShowsOk = isSame && pane.ShowsOk,
                Markers = isSame ? pane.Markers : [],
                List = isSame ? pane.List : new ListState { Filter = pane.List.Filter },
            },
        };
        return Step.Of(model, new Effect.ReadJob(job.Value)).Then(Wanting);
    }

    public Step Do(TuiModel model, KeyAction action)
    {
        if (Record(model) is not { View: not null } record)
        {
            return action == KeyAction.Again ? Open(model) : model;
        }

        model = Remade(model, record);
        var (pane, text) = (model.Log, model.Log.Text!);
        int at = At(pane, text), page = Math.Max(1, Shown(model) - 1);
        int? to = action switch
        {
            KeyAction.Up => at - 1,
            KeyAction.Down => at + 1,
            KeyAction.PageUp => at - page,
            KeyAction.PageDown => at + page,
            KeyAction.First => 0,
            KeyAction.Last => text.Entries.Count - 1,
            KeyAction.NextMatch or KeyAction.PreviousMatch when text.Entries.Count > 0 && pane.List.Filter.Length > 0 => text.Find(pane.List.Filter, at, action == KeyAction.NextMatch ? 1 : -1) is >= 0 and var found ? found : at,
            _ => null,
        };
        if (to is { } place)
        {
            // Whoever goes back up wants to read: the newest line does not take the cursor along any more.
            return To(model with { Log = pane with { Follows = pane.Follows && place >= text.Entries.Count - 1 } }, text, place);
        }

        var next = action switch
        {
            KeyAction.Left => pane with { List = pane.List with { Aside = Math.Max(0, pane.List.Aside - Beside) } },
            KeyAction.Right => pane with { List = pane.List with { Aside = pane.List.Aside + Beside } },
            KeyAction.Wrap => pane with { Wraps = !pane.Wraps },
            KeyAction.Times => pane with { ShowsTimes = !pane.ShowsTimes },
            KeyAction.Follow => pane with { Follows = !pane.Follows },
            KeyAction.ByHost when pane.Host is null => pane with { IsByHost = !pane.IsByHost, List = pane.List with { Place = 0, Top = 0 }, Markers = [] },
            KeyAction.ShowOk when pane.Host is null => pane with { ShowsOk = !pane.ShowsOk },
            KeyAction.Unfold when pane.Host is null => pane with { IsUnfolded = !pane.IsUnfolded },
            KeyAction.Marker => pane with { Markers = pane.Markers.Add((model.Now, text.Entries.Count - pane.Markers.Count)) },
            _ => pane,
        };
        if (next != pane)
        {
            return Wanting(model with { Log = next }).Then(changed => action is KeyAction.Follow or KeyAction.Marker && changed.Log is { Text: { } whole } ? To(changed, whole, whole.Entries.Count - 1) : changed);
        }

        return action switch
        {
            KeyAction.Open when pane.Host is null && at < text.Entries.Count && text.Entries[at].Host is { } host => Updating.Go(model, new Place(ScreenName.Log, record.Id, host)),
            KeyAction.Again => Open(model),
            _ => model,
        };
    }

    public Step Hear(TuiModel model, Message message)
    {
        switch (message)
        {
            case Message.Printed told:
                var printed = told.Events.Where(one => one is { Type: EventType.HostLog, Job: not null, Host: not null, Log: not null }).Select(one => new LiveLine(one.Job!.Value, one.Host!, one.Log!, one.Time)).ToList();
                model = printed.Count == 0 ? model : model with { Log = model.Log with { Live = Newest(model.Log.Live, printed) } };
                break;
            case Message.Unanswered unanswered when model.Log.Asked.Contains(unanswered.Of):
                return model with { Log = model.Log with { Trouble = unanswered.Why } };
        }

        if (model.Place.Screen != ScreenName.Log)
        {
            return model;
        }

        return model.Log.Job is null ? Chosen(model) is null ? model : Open(model) : Wanting(model);
    }

    public string? WhyNot(TuiModel model, KeyAction action) => action switch
    {
        KeyAction.ByHost or KeyAction.ShowOk or KeyAction.Unfold when model.Log.Host is not null => "this is one host",
        KeyAction.Times when model.Log.Text is { } text && !text.Entries.Any(entry => entry.Time is not null) => "what is kept has no times: only lines that came while you looked",
        KeyAction.NextMatch or KeyAction.PreviousMatch when model.Log.List.Filter.Length == 0 => "nothing is searched for: /",
        KeyAction.Left or KeyAction.Right when model.Log.Wraps => "long lines are wrapped: w",
        _ => Record(model) is null && action is KeyAction.Marker or KeyAction.Follow or KeyAction.Wrap or KeyAction.Times ? "there is no log" : null,
    };

    public string? Copy(TuiModel model) => Record(model) is { } record && Text(model, record) is { Entries.Count: > 0 } text ? text.Entries[At(model.Log, text)].Text is { Length: > 0 } line ? line : null : null;

    public string? Command(TuiModel model) => model.Log is not { Job: { } job } ? null
        : model.Log.Host is { } host ? ActCommand.Log(job, host, model.Setup.Option)
        : ActCommand.Watch(job, model.Setup.Option);

    /// <summary>The job that one comes from; else the one that was looked at last, else the newest that runs, else the newest that is kept.</summary>
    private static JobId? Chosen(TuiModel model)
    {
        if (!model.Back.IsEmpty && model.Back.Peek() is { Screen: ScreenName.Rollout or ScreenName.Host, Job: { } from } && model.Jobs.Find(from) is not null)
        {
            return from;
        }

        if (model.Log.Job is { } last && model.Jobs.Find(last) is not null)
        {
            return last;
        }

        JobId? newest = null;
        foreach (var id in model.Jobs.Newest)
        {
            if (model.Jobs.Find(id)?.View is { Order: Order.Rsync or Order.Exec } job)
            {
                if (!job.State.IsTerminal())
                {
                    return id;
                }

                newest ??= id;
            }
        }

        return newest;
    }

    private static JobRecord? Record(TuiModel model) => model.Jobs.Find(model.Log.Job);

    private static LogText Text(TuiModel model, JobRecord record) => LogText.Of(model.Log.Text, record, model.Log, model.Now);

    private static TuiModel Remade(TuiModel model, JobRecord record)
    {
        var text = Text(model, record);
        if (text == model.Log.Text)
        {
            return model;
        }

        model = model with { Log = model.Log with { Text = text } };
        return model.Log.Follows ? To(model, text, text.Entries.Count - 1) : model;
    }

    /// <summary>The text made anew where something came, and asked for what is missing.</summary>
    private static Step Wanting(TuiModel model)
    {
        if (Record(model) is not { View: not null } record)
        {
            return model;
        }

        model = Remade(model, record);
        var pane = model.Log;
        bool isEnd = pane.Host is { } host && record.Standings.Find(host)?.State.IsTerminal() == true;
        bool isAgain = isEnd && !pane.AskedAtEnd; // what was read while it ran was not all of it
        List<Effect> questions = [.. pane.Text!.Missing.Where(question => !pane.Asked.Contains(question) || (isAgain && question is Effect.ReadLog)).Take(MostAsked)];
        return questions.Count == 0
            ? model
            : new Step(model with { Log = pane with { Asked = pane.Asked.Union(questions.OfType<Effect.OfFleet>()), AskedAtEnd = isEnd } }, questions);
    }

    private static ImmutableList<LiveLine> Newest(ImmutableList<LiveLine> before, List<LiveLine> more)
    {
        var all = before.AddRange(more);
        return all.Count > LogPane.MostLive ? all.RemoveRange(0, all.Count - LogPane.MostLive) : all;
    }

    private static int At(LogPane pane, LogText text) => Math.Clamp(pane.List.Place, 0, Math.Max(0, text.Entries.Count - 1));

    private static TuiModel To(TuiModel model, LogText text, int place)
    {
        int at = Math.Clamp(place, 0, Math.Max(0, text.Entries.Count - 1)), shown = Shown(model);
        var list = model.Log.List;
        return model with { Log = model.Log with { List = list with { At = null, Place = at, Top = Math.Clamp(list.Top, Math.Max(0, at - shown + 1), at) } } };
    }

    private static int Shown(TuiModel model) => Math.Max(1, Framing.BodyRows(model) - Around);
}
