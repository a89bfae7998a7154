using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>The state of this screen.</summary>
internal sealed record JobsPane
{
    public ListState List { get; init; } = new();
}
