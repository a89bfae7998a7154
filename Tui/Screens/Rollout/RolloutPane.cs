using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>The state of this screen.</summary>
internal sealed record RolloutPane
{
    public ListState List { get; init; } = new();
}
