using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Log;

/// <summary>The state of this screen.</summary>
internal sealed record LogPane
{
    public ListState List { get; init; } = new();
}
