using Deploy.Tui.State;

namespace Deploy.Tui.Screens.HostPage;

/// <summary>The state of this screen.</summary>
internal sealed record HostPane
{
    public ListState List { get; init; } = new();
}
