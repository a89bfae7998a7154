using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui.Screen;

namespace Deploy.Tui.Pieces;

/// <summary>How states look.</summary>
internal static class StateRoles
{
    public static Role Of(HostState state) => state switch
    {
        HostState.Queued or HostState.Skipped or HostState.Cancelled => Role.Quiet,
        HostState.Connecting or HostState.Running => Role.Running,
        HostState.Ok or HostState.Unchanged => Role.Good,
        HostState.Partial or HostState.Unknown or HostState.Timeout => Role.Warning,
        _ => Role.Bad,
    };

    public static Role Of(JobState state) => state switch
    {
        JobState.Accepted => Role.Quiet,
        JobState.Running => Role.Running,
        JobState.Done => Role.Good,
        _ => Role.Warning,
    };
}
