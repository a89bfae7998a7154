using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>The state of this screen.</summary>
internal sealed record FleetPane
{
    public ListState List { get; init; } = new();
}
