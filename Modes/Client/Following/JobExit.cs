using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;

namespace Deploy.Modes.Client.Following;

/// <summary>The exit code of a job that has ended, and of what is refused.</summary>
internal static class JobExit
{
    /// <summary>The code of one that cannot be followed to its end: it was taken, and what became of it is not known here.</summary>
    public static UserError Lost(JobPlace place, JobView job, IOException error) => new(
        error.Message,
        ExitCodes.HostUnreachable,
        $"what became of job {job.Id} is not known; where this is mended: deploy client watch {job.Id}{place.Option}");

    /// <summary>12 where no host knew who asks or was the one that is known, 11 where every host refused, so that nothing was started anywhere; else the hosts' bits.</summary>
    public static int Of(IReadOnlyCollection<HostStanding> hosts) =>
        hosts.Count == 0 ? ExitCodes.HostUnreachable // a job has hosts
        : hosts.All(host => host is { State: HostState.Refused, Cause: Reasons.Unauthenticated } or { State: HostState.Unreachable, Cause: Reasons.OtherKey }) ? ExitCodes.Authentication
        : hosts.All(host => host.State == HostState.Refused) ? ExitCodes.Refused
        : hosts.Aggregate(ExitCodes.Ok, (bits, host) => bits | (host.State.IsTerminal() ? host.State.ExitBit() : ExitCodes.HostUnreachable));

    /// <summary>A refusal of a request: a daemon's, or of this user's own journal where that cannot be written, which is a local error.</summary>
    public static UserError Refused(JobPlace place, Problem problem) => new(
        $"{place.Name}: {problem.Detail}",
        place.IsHere && problem.Type == ProblemTypes.StoreUnwritable ? ExitCodes.Failed : problem.Type is ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew ? ExitCodes.Authentication : ExitCodes.Refused,
        problem.Hint ?? (problem.Job is { } job ? $"it is job {job}" : null));

    /// <summary>Standard output takes no more: what became of the job must not be taken from what it took.</summary>
    public static UserError Unwritten(string what, JobPlace place, JobView job) => new(
        $"{what} could not be written to standard output",
        ExitCodes.HostUnreachable,
        place.Outlives(job) ? $"it is kept: deploy client watch {job.Id}{place.Option}" : null);
}
