using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.Screens.HostPage;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Tui.Screens;

/// <summary>The screens by name. They keep nothing, so one of each is enough.</summary>
internal static class AllScreens
{
    private static readonly IScreen[] Ordered =
    [
        new FleetScreen(),
        new NotYet(ScreenName.Jobs),
        new NotYet(ScreenName.Plan),
        new NotYet(ScreenName.Log),
        new NotYet(ScreenName.History),
        new NotYet(ScreenName.Audit),
        new HostScreen(),
        new NotYet(ScreenName.Rollout),
    ];

    /// <summary>In the order of <see cref="ScreenName"/>.</summary>
    public static IReadOnlyList<IScreen> Each => Ordered;

    public static IScreen Of(ScreenName name) => Ordered[(int)name];

    // TO BE REPLACED by JobsScreen, PlanScreen, LogScreen, HistoryScreen, AuditScreen and RolloutScreen when they are merged.
    private sealed class NotYet(ScreenName name) : IScreen
    {
        public ScreenName Name => name;

        public Step Open(TuiModel model) => model;

        public Step Do(TuiModel model, KeyAction action) => model;

        public Step Hear(TuiModel model, Message message) => model;

        public string? WhyNot(TuiModel model, KeyAction action) => "nothing here for this key";

        public Line? Title(TuiModel model, int columns) => null;

        public IReadOnlyList<Line> Draw(TuiModel model, int columns, int rows) =>
            [Line.Empty, new LineMaker(columns).Add($"   {name} {(model.Place.Job is { } job ? JobTag.Of(job) : string.Empty)}").Make()];

        public IReadOnlyList<KeyAction> Hints(TuiModel model) => [KeyAction.Back, KeyAction.Help, KeyAction.Quit];

        public string? Export(TuiModel model) => null;

        public string? Copy(TuiModel model) => null;

        public string? Command(TuiModel model) => null;
    }
}
