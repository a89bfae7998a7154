using Deploy.Tui.Screens.Audit;
using Deploy.Tui.Screens.Fleet;
using Deploy.Tui.Screens.History;
using Deploy.Tui.Screens.HostPage;
using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.Screens.Log;
using Deploy.Tui.Screens.Plan;
using Deploy.Tui.Screens.Rollout;

namespace Deploy.Tui.Screens;

/// <summary>The screens by name. They keep nothing, so one of each is enough.</summary>
internal static class AllScreens
{
    private static readonly IScreen[] Ordered =
    [
        new FleetScreen(),
        new JobsScreen(),
        new PlanScreen(),
        new LogScreen(),
        new HistoryScreen(),
        new AuditScreen(),
        new HostScreen(),
        new RolloutScreen(),
    ];

    /// <summary>In the order of <see cref="ScreenName"/>.</summary>
    public static IReadOnlyList<IScreen> Each => Ordered;

    public static IScreen Of(ScreenName name) => Ordered[(int)name];
}
