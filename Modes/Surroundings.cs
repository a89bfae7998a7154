using System.Net;
using Deploy.Logs;

namespace Deploy.Modes;

/// <summary>What the process finds around itself: the one reader of the environment.</summary>
internal static class Surroundings
{
    /// <summary>This host's name as the kernel has it.</summary>
    public static string HostName => Dns.GetHostName();

    /// <summary>What a daemon's log has to know of its process.</summary>
    /// <param name="program">What the daemon calls itself, e.g. <c>deploy-agent</c>.</param>
    public static LogSender Sender(string program) => new()
    {
        Host = HostName,
        Program = program,
        ProcessId = Environment.ProcessId,
        IsJournal = LogSender.LeadsToJournal(Variable("JOURNAL_STREAM"), 2),
    };

    /// <summary>An environment variable, or null when it is not set or empty.</summary>
    public static string? Variable(string name) =>
#pragma warning disable RS0030 // The one home of the environment.
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030
}
