using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>The state of this screen.</summary>
internal sealed record JobsPane
{
    public JobListState Jobs { get; init; } = new();

    public ListState List => Jobs.List;
}
