using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Client.Following;

/// <summary>The exit code of a job that has ended, and of what is refused.</summary>
internal static class JobExit
{
    /// <summary>11 where every host refused, so that nothing was started anywhere; else the hosts' bits.</summary>
    public static int Of(IReadOnlyCollection<HostStanding> hosts) =>
        hosts.Count > 0 && hosts.All(host => host.State == HostState.Refused)
            ? ExitCodes.Refused
            : hosts.Aggregate(ExitCodes.Ok, (bits, host) => bits | (host.State.IsTerminal() ? host.State.ExitBit() : ExitCodes.HostUnreachable));

    /// <summary>A daemon's refusal of a request.</summary>
    public static UserError Refused(string place, Problem problem) => new(
        $"{place}: {problem.Detail}",
        problem.Type is ProblemTypes.StoreUnwritable or ProblemTypes.Stopping ? ExitCodes.Failed : ExitCodes.Refused,
        problem.Hint ?? (problem.Job is { } job ? $"it is job {job}" : null));
}
