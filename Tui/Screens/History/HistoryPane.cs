using Deploy.Tui.State;

namespace Deploy.Tui.Screens.History;

/// <summary>The state of this screen.</summary>
internal sealed record HistoryPane
{
    public ListState List { get; init; } = new();
}
