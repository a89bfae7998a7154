using System.Globalization;
using Deploy.Model.Jobs;
using Deploy.Tui.Keys;
using Deploy.Tui.Screens;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.State;

namespace Deploy.Tui.Overlays;

/// <summary>A command of the palette.</summary>
/// <param name="Name">The first word.</param>
/// <param name="Takes">What follows, for the line that helps; empty for nothing.</param>
/// <param name="Help">What it does.</param>
/// <param name="Run">Does it; the second is why it cannot be done so, then the first counts for nothing.</param>
internal sealed record PaletteCommand(string Name, string Takes, string Help, Func<TuiModel, string, (Step? Step, string? Trouble)> Run)
{
    /// <summary>What may follow, as far as that is known.</summary>
    public Func<TuiModel, IEnumerable<string>> Completes { get; init; } = _ => [];

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<PaletteCommand> All =
    [
        Key("fleet", KeyAction.ShowFleet),
        Key("jobs", KeyAction.ShowJobs),
        new("plan", "[GROUP]", "plan a sync group; alone the plan screen", (model, group) => group.Length == 0 ? (KeyPresses.Do(model, KeyAction.ShowPlan), null) : Order(model, KeyAction.MakePlan, group)) { Completes = OrderWishes.Groups },
        Key("log", KeyAction.ShowLog),
        Key("history", KeyAction.ShowHistory),
        Key("audit", KeyAction.ShowAudit),
        new("host", "NAME", "the page of a host", Host) { Completes = model => model.Hosts.Names },
        new("filter", "[TEXT]", "filter the list; alone it shows all", Filter),
        new("sort", "[-]COLUMN", "sort the list; - turns it round, alone its own order", Sort) { Completes = model => AllScreens.Of(model.Place.Screen) is IListScreen list ? list.Columns : [] },
        Key("problems", KeyAction.ProblemsFirst),
        new("arm", "", "arm for 15 minutes", (model, _) => (model.IsArmed ? model with { Notice = new Notice("armed already") } : KeyPresses.Do(model, KeyAction.Arm), null)),
        new("disarm", "", "read-only again", (model, _) => (model.IsArmed ? KeyPresses.Do(model, KeyAction.Arm) : model with { Notice = new Notice("read-only already") }, null)),
        new("deploy", "GROUP", "deploy to the marked, else to all shown", (model, group) => Order(model, KeyAction.Deploy, group)) { Completes = OrderWishes.Groups },
        new("exec", "COMMAND [ARG...]", "run on the marked, else on all shown", (model, words) => Order(model, KeyAction.Exec, words)) { Completes = OrderWishes.Commands },
        new("allow-delete", "[N]", "deletions above the guard, next deploy", AllowDelete),
        Key("freeze", KeyAction.Freeze),
        Key("export", KeyAction.Export),
        Key("copy", KeyAction.Copy),
        Key("help", KeyAction.Help),
        Key("quit", KeyAction.Quit),
    ];

    private static PaletteCommand Key(string name, KeyAction action) =>
        new(name, string.Empty, KeyTable.All.First(binding => binding.Action == action).Help, (model, rest) => rest.Length > 0 ? (null, $"{name} takes nothing") : (KeyPresses.Do(model, action), null));

    private static (Step? Step, string? Trouble) Host(TuiModel model, string name) => model.Hosts.Find(name) is null
        ? (null, name.Length == 0 ? "which host?" : "there is no such host")
        : (Updating.Go(model, new Place(ScreenName.Host, Host: name)), null);

    private static (Step? Step, string? Trouble) Filter(TuiModel model, string text)
    {
        if (AllScreens.Of(model.Place.Screen) is not IListScreen screen)
        {
            return (null, "this screen has no filter");
        }

        return screen.Check(text) is { } mistake ? (null, mistake.Text) : (Filtering.Set(model, screen, text), null);
    }

    private static (Step? Step, string? Trouble) Sort(TuiModel model, string column)
    {
        if (AllScreens.Of(model.Place.Screen) is not IListScreen screen)
        {
            return (null, "this screen is not sorted");
        }

        string name = column.TrimStart('-').ToLowerInvariant();
        if (name.Length > 0 && !screen.Columns.Contains(name))
        {
            return (null, $"expected one of: {string.Join(", ", screen.Columns)}");
        }

        var list = screen.List(model) with { Sort = name.Length == 0 ? null : name, IsDescending = column.StartsWith('-') };
        return (Keeping.Remember(screen.With(model, list)), null);
    }

    private static (Step? Step, string? Trouble) Order(TuiModel model, KeyAction what, string words) =>
        what != KeyAction.MakePlan && KeyPresses.NotArmed(model) is { } why ? (null, why)
        : OrderWishes.Ask(model, new OrderWishes.Asked(what, words, ChosenHosts.OfPalette(model)) { AllowDelete = model.AllowDelete?.ToString(CultureInfo.InvariantCulture) ?? string.Empty });

    private static (Step? Step, string? Trouble) AllowDelete(TuiModel model, string number) =>
        number.Length == 0 ? (model with { AllowDelete = null, Notice = new Notice("the next deploy keeps to the guards") }, null)
        : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int allow) && allow is >= 1 and <= SpecRules.MostDeletions
        ? (model with { AllowDelete = allow, Notice = new Notice($"the next deploy may delete {allow} above the guard of each host") }, null)
        : (null, $"a number from 1 to {SpecRules.MostDeletions}");
}
