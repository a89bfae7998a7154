using Deploy.Model.Jobs;
using Deploy.Tui.State;
using Deploy.Tui.Overlays;
using Deploy.Tui.Screens;

namespace Deploy.Tui.Keys;

/// <summary>A key: of the terminal itself, of the overlay in front, of all screens alike, or of the screen.</summary>
internal static class KeyPresses
{
    /// <summary>How long hosts may be changed once it was asked for.</summary>
    public static readonly TimeSpan ArmedFor = TimeSpan.FromMinutes(15);

    /// <summary>Takes a key. While it is frozen everything sees what is shown; what is known goes on as it is.</summary>
    public static Step Press(TuiModel model, Key key)
    {
        if (model.Frozen is null)
        {
            return Pressed(model, key);
        }

        var step = Pressed(Shown(model), key);
        step = step with { Model = step.Model with { Hosts = model.Hosts, Health = model.Health, Groups = model.Groups, Jobs = model.Jobs } };
        return step.Model.Frozen is null ? step.Then(after => AllScreens.Of(after.Place.Screen).Open(after)) : step;
    }

    private static Step Pressed(TuiModel model, Key key)
    {
        if (key.Control && OfTerminal(model, key) is { } step)
        {
            return step;
        }

        if (!Views.Views.Fits(model))
        {
            // Nothing is drawn, so nothing is meant: least of all the answer to a question that nobody can see.
            return KeyTable.Find(key, model.Place.Screen)?.Action == KeyAction.Quit ? Quit(model) : model;
        }

        model = model with { Notice = null };
        if (model.Overlay is not null)
        {
            return Overlaid.Press(model, key);
        }

        return KeyTable.Find(key, model.Place.Screen) is { } binding ? Do(model, binding.Action) : model;
    }

    /// <summary>Does what a key, or a command of the palette, says; says why not where it cannot.</summary>
    public static Step Do(TuiModel model, KeyAction action)
    {
        var screen = AllScreens.Of(model.Place.Screen);
        return action switch
        {
            KeyAction.Quit => Quit(model),
            KeyAction.Redraw => Step.Of(model, new Effect.Redraw()),
            KeyAction.Suspend => Step.Of(model, new Effect.Suspend()),
            KeyAction.Help => model with { Overlay = new Overlay.Help() },
            KeyAction.Palette => model with { Overlay = new Overlay.Palette(LineText.Empty) },
            KeyAction.ShowFleet => Show(model, ScreenName.Fleet),
            KeyAction.ShowJobs => Show(model, ScreenName.Jobs),
            KeyAction.ShowPlan => Show(model, ScreenName.Plan),
            KeyAction.ShowLog => Show(model, ScreenName.Log),
            KeyAction.ShowHistory => Show(model, ScreenName.History),
            KeyAction.ShowAudit => Show(model, ScreenName.Audit),
            KeyAction.Arm => Arm(model),
            KeyAction.Freeze => Freeze(model),
            KeyAction.Filter or KeyAction.Sort or KeyAction.SortBack or KeyAction.ProblemsFirst when screen is IListScreen list => OfList(model, list, action),
            KeyAction.Back when screen is IListScreen list && list.List(model).Filter.Length > 0 => Filtering.Set(model, list, string.Empty),
            KeyAction.Back => Back(model, screen),
            KeyAction.Export => screen.Export(model) is { Length: > 0 } text
                ? Step.Of(model, new Effect.Export("deploy-" + screen.Name.ToString().ToLowerInvariant(), text))
                : model with { Notice = new Notice("there is nothing to export here") },
            KeyAction.Copy => screen.Copy(model) is { Length: > 0 } text
                ? Step.Of(model, new Effect.Copy(text, "what the cursor is on"))
                : model with { Notice = new Notice("there is nothing to copy here") },
            KeyAction.CopyCommand => screen.Command(model) is { Length: > 0 } text
                ? Step.Of(model, new Effect.Copy(text, "the command line"))
                : model with { Notice = new Notice("there is no command line for this") },
            _ => OfScreen(model, screen, action),
        };
    }

    /// <summary>The model as it is shown: frozen, with cursors, overlays and places as they are now.</summary>
    public static TuiModel Shown(TuiModel model) => model.Frozen is { } frozen
        ? model with { Hosts = frozen.Hosts, Health = frozen.Health, Groups = frozen.Groups, Jobs = frozen.Jobs }
        : model;

    /// <summary>Why an action is not possible on this screen now; null where it is. The help and the line of keys ask.</summary>
    public static string? WhyNot(TuiModel model, KeyAction action)
    {
        var screen = AllScreens.Of(model.Place.Screen);
        bool acts = KeyTable.All.FirstOrDefault(binding => binding.Action == action)?.Acts == true;
        return acts && NotArmed(model) is { } why ? why
            : action switch
            {
                KeyAction.Arm when model.Setup.IsReadOnly => "started with --read-only",
                KeyAction.Filter or KeyAction.Sort or KeyAction.SortBack or KeyAction.ProblemsFirst when screen is IListScreen => null,
                _ when IsCommon(action) => null,
                _ => screen.WhyNot(Shown(model), action),
            };
    }

    /// <summary>Why hosts may not be changed now; null where they may.</summary>
    public static string? NotArmed(TuiModel model) => model.IsArmed ? null : model.Setup.IsReadOnly ? "started with --read-only" : "read-only: W arms";

    /// <summary>These work while text is typed, too.</summary>
    private static Step? OfTerminal(TuiModel model, Key key) => KeyTable.Find(key, model.Place.Screen)?.Action switch
    {
        KeyAction.Quit => Quit(model),
        KeyAction.Redraw => Step.Of(model, new Effect.Redraw()),
        KeyAction.Suspend => Step.Of(model, new Effect.Suspend()),
        _ => null,
    };

    private static bool IsCommon(KeyAction action) => action is KeyAction.Quit or KeyAction.Redraw or KeyAction.Suspend or KeyAction.Help or KeyAction.Palette or KeyAction.Arm or KeyAction.Freeze
        or KeyAction.ShowFleet or KeyAction.ShowJobs or KeyAction.ShowPlan or KeyAction.ShowLog or KeyAction.ShowHistory or KeyAction.ShowAudit or KeyAction.Back or KeyAction.Copy or KeyAction.CopyCommand or KeyAction.Export;

    private static Step Quit(TuiModel model)
    {
        int running = model.Jobs.Newest.Count(job => model.Jobs.Find(job)?.View is { } view && !view.State.IsTerminal());
        string? unanswered = model.Asked.IsEmpty ? null : $"not answered yet, and may have been taken or not: {Model.Text.SafeText.Of(string.Join("; ", model.Asked.OrderBy(asked => asked.Key).Select(asked => asked.Value)))}";
        string? future = running == 0 ? null : model.Setup.Future ?? (running == 1 ? "a job goes on without the dashboard" : $"{running} jobs go on without the dashboard");
        return Step.Of(model, new Effect.Quit(unanswered is null || future is null ? unanswered ?? future : $"{unanswered}; {future}"));
    }

    /// <summary>On the screen already, it stays at its job and host.</summary>
    private static Step Show(TuiModel model, ScreenName name) => Updating.Go(model, model.Place.Screen == name ? model.Place : new Place(name));

    /// <summary>A screen may have something of its own to close first.</summary>
    private static Step Back(TuiModel model, IScreen screen)
    {
        var step = screen.WhyNot(model, KeyAction.Back) is null ? screen.Do(model, KeyAction.Back) : model;
        return step.Effects.Count == 0 && ReferenceEquals(step.Model, model) ? Updating.GoBack(model) : step;
    }

    private static Step Arm(TuiModel model) => model switch
    {
        { Setup.IsReadOnly: true } => model with { Notice = new Notice("started with --read-only: it cannot be armed", IsTrouble: true) },
        { IsArmed: true } => model with { ArmedUntil = null, AllowDelete = null, Notice = new Notice("read-only again") },
        _ => model with { ArmedUntil = model.Now + ArmedFor, Notice = new Notice("armed for 15 minutes: capitals change hosts now; W disarms") },
    };

    private static Step Freeze(TuiModel model)
    {
        if (model.Frozen is not null)
        {
            return model with { Frozen = null };
        }

        return model with { Frozen = model with { Frozen = null, Overlay = null }, Notice = new Notice("frozen: p goes on") };
    }

    private static Step OfList(TuiModel model, IListScreen screen, KeyAction action)
    {
        var list = screen.List(model);
        var columns = screen.Columns;
        switch (action)
        {
            case KeyAction.Filter:
                return model with { Overlay = new Overlay.FilterLine(LineText.Found(list.Filter), list.Filter) };
            case KeyAction.ProblemsFirst:
                list = list with { ProblemsFirst = !list.ProblemsFirst };
                model = model with { Notice = new Notice(list.ProblemsFirst ? "problems first" : "problems where they stand") };
                break;
            case KeyAction.SortBack:
                list = list with { IsDescending = !list.IsDescending };
                break;
            default:
                int next = list.Sort is null ? 0 : columns.ToList().IndexOf(list.Sort) + 1;
                list = list with { Sort = next < columns.Count ? columns[next] : null, IsDescending = false };
                model = model with { Notice = new Notice(list.Sort is null ? "in the list's own order" : $"sorted by {list.Sort}") };
                break;
        }

        return Keeping.Remember(screen.With(model, list));
    }

    private static Step OfScreen(TuiModel model, IScreen screen, KeyAction action)
    {
        bool acts = KeyTable.All.FirstOrDefault(binding => binding.Action == action)?.Acts == true;
        if ((acts ? NotArmed(model) : null) is { } unarmed)
        {
            return model with { Notice = new Notice(unarmed) };
        }

        return screen.WhyNot(model, action) is { } why ? model with { Notice = new Notice(why) } : screen.Do(model, action);
    }
}
