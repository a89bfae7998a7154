using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;

namespace Deploy.Modes.Client.Following;

/// <summary>The exit code of a job that has ended, and of what is refused.</summary>
internal static class JobExit
{
    /// <summary>11 where every host refused, so that nothing was started anywhere; else the hosts' bits.</summary>
    public static int Of(IReadOnlyCollection<HostStanding> hosts) =>
        hosts.Count > 0 && hosts.All(host => host.State == HostState.Refused)
            ? ExitCodes.Refused
            : hosts.Aggregate(ExitCodes.Ok, (bits, host) => bits | (host.State.IsTerminal() ? host.State.ExitBit() : ExitCodes.HostUnreachable));

    /// <summary>A refusal of a request: a daemon's, or of this user's own journal where that cannot be written, which is a local error.</summary>
    public static UserError Refused(JobPlace place, Problem problem) => new(
        $"{place.Name}: {problem.Detail}",
        place.IsHere && problem.Type == ProblemTypes.StoreUnwritable ? ExitCodes.Failed : ExitCodes.Refused,
        problem.Hint ?? (problem.Job is { } job ? $"it is job {job}" : null));

    /// <summary>Standard output takes no more: what became of the job must not be taken from what it took.</summary>
    public static UserError Unwritten(string what, JobPlace place, JobView job) => new(
        $"{what} could not be written to standard output",
        ExitCodes.HostUnreachable,
        place.Outlives(job) ? $"it is kept: deploy client watch {job.Id}{place.Option}" : null);
}
