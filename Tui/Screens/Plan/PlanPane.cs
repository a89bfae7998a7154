using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Plan;

/// <summary>The state of this screen.</summary>
internal sealed record PlanPane
{
    public ListState List { get; init; } = new();
}
