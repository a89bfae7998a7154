using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Wishes;

/// <summary>Command lines about a job that is there.</summary>
internal static class ActCommand
{
    /// <summary><c>deploy client cancel ID --via proxy-01</c>.</summary>
    public static string Of(JobId job, JobAct act, string option) => About(act switch { JobAct.Cancel => "cancel", JobAct.Pause => "pause", _ => "resume" }, job, option);

    /// <summary>Follows a job, or prints one that has ended.</summary>
    public static string Watch(JobId job, string option, bool changes = false) => About("watch", job, option) + (changes ? " --changes" : string.Empty);

    /// <summary>Lists the hosts; agents without a proxy are listed by the dashboard itself, which prints a table into a pipe.</summary>
    public static string Hosts(string option) => option.StartsWith(" --hosts", StringComparison.Ordinal) ? $"deploy tui{option} | cat" : $"deploy client hosts{option}";

    /// <summary>What was printed on a host.</summary>
    public static string Log(JobId job, string host, string option) => $"deploy client log {job} {ShellQuote.Of(host)}{Via(option)}";

    /// <summary>What of a dashboard's option goes with a job that is there: a proxy alone. Jobs that were made without one are found on this machine.</summary>
    internal static string Via(string option) => option.StartsWith(" --via", StringComparison.Ordinal) ? option : string.Empty;

    private static string About(string word, JobId job, string option) => $"deploy client {word} {job}{Via(option)}";
}
