using System.Net;
using Deploy.Logs;
using Deploy.Model.Text;

namespace Deploy.Modes;

/// <summary>What the process finds around itself: the one reader of the environment.</summary>
internal static class Surroundings
{
    /// <summary>This host's name as the kernel has it.</summary>
    public static string HostName => Dns.GetHostName();

    /// <summary>Who runs this and where: <c>alice@build-01</c>; for those who read it, nothing is decided by it.</summary>
    public static string UserAtHost => $"{Environment.UserName}@{HostName}";

    /// <summary>Absolute path of the running program.</summary>
    public static string ProgramPath => Environment.ProcessPath!;

    /// <summary>The user's home directory; null where there is none.</summary>
    public static string? Home => Variable("HOME") is { } home && home != CLibrary.Nowhere ? home : null;

    /// <summary>This process's id.</summary>
    public static int ProcessId => Environment.ProcessId;

    /// <summary>The whole environment that the process was started with, in ByteText; of equal names the first, as getenv(3).</summary>
    public static IReadOnlyDictionary<string, string> Variables()
    {
        var all = new Dictionary<string, string>();
        foreach (string pair in ByteText.FromBytes(File.ReadAllBytes("/proc/self/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                all.TryAdd(pair[..equals], pair[(equals + 1)..]);
            }
        }

        return all;
    }

    /// <summary>What a daemon's log has to know of its process.</summary>
    /// <param name="program">What the daemon calls itself, e.g. <c>deploy-agent</c>.</param>
    public static LogSender Sender(string program) => new()
    {
        Host = HostName,
        Program = program,
        ProcessId = ProcessId,
        IsJournal = LogSender.LeadsToJournal(Variable("JOURNAL_STREAM"), 2),
    };

    /// <summary>An environment variable, or null when it is not set or empty.</summary>
    public static string? Variable(string name) =>
#pragma warning disable RS0030 // The one home of the environment.
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030
}
