using Deploy.Tui.Screens.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.History;

/// <summary>The state of this screen.</summary>
internal sealed record HistoryPane
{
    public JobListState Jobs { get; init; } = new();

    public ListState List => Jobs.List;
}
