using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Jobs;

/// <summary>A list of jobs: its cursor, how far back was read, and the rows as they were made last.</summary>
internal sealed record JobListState
{
    public ListState List { get; init; } = new();

    public JobPages Pages { get; init; } = new();

    /// <summary>Null before they were made.</summary>
    public JobRows? Rows { get; init; }
}
