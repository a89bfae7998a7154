using Deploy.Model;

namespace Deploy.Modes.Client.Following;

/// <summary>Which hosts of a job are asked again.</summary>
internal static class Retrying
{
    /// <summary>Where nothing else is said: those that ended badly, but for unknown ones, which may have started and may be running, and those that refused or were cancelled on purpose.</summary>
    public static readonly IReadOnlyList<HostState> Default = [HostState.Failed, HostState.Partial, HostState.Timeout, HostState.Unreachable, HostState.Skipped];

    /// <summary>Those that may be asked for by an option of their word.</summary>
    public static readonly IReadOnlyList<HostState> Possible = [.. Default, HostState.Refused, HostState.Cancelled, HostState.Unknown];
}
