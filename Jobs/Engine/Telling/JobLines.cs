using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>What the log says of a job's end, one line.</summary>
internal static class JobLines
{
    /// <summary>How loud a host's end is said.</summary>
    public static LogLevel Level(HostState state) => state switch
    {
        HostState.Failed or HostState.Partial or HostState.Timeout => LogLevel.Error,
        HostState.Unreachable or HostState.Unknown => LogLevel.Warning,
        _ => LogLevel.Info,
    };

    /// <summary>State and reason: <c>failed: rsync exited 12</c>.</summary>
    public static string Of(HostStanding standing) => Of(standing.State.Word(), standing.Reason);

    public static string Of(string state, string? reason) => reason is null ? state : $"{state}: {SafeText.Of(reason)}";

    /// <summary>Says the end of a job: one host's by its state, many hosts' by their counts.</summary>
    /// <param name="log">Takes it.</param>
    /// <param name="job">It has ended; its gate is not held.</param>
    /// <param name="told">How an order of the original's wire ended, as its answer says; null for the rest.</param>
    public static void Say(ILog log, LiveJob job, HostState? told)
    {
        var stored = job.Stored;
        var worst = told ?? job[0].State;
        string text = told is { } state ? Of(state.Word(), stored.Reason)
            : job.Hosts.Count == 1 ? Of(job[0])
            : $"{stored.State.Word()}: {string.Join(", ", JobViews.Counts(job.Count).Select(count => $"{count.Value} {count.Key}"))}{(stored.Reason is null ? string.Empty : $"; {SafeText.Of(stored.Reason)}")}";
        log.Write(
            told is not null || job.Hosts.Count == 1 ? Level(worst) : stored.State == JobState.Stopped ? LogLevel.Warning : LogLevel.Info,
            $"job {job.Id} {stored.Order.Word()} {SafeText.Of(stored.What)} from {stored.Asker.Peer}: {text} ({(stored.Ended!.Value - stored.Accepted).TotalSeconds:0.000} s)");
    }
}
