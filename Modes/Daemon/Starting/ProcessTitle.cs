using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Deploy.Processes.Spawn;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>
/// What the process list shows of a daemon: <c>deploy::agent: master process deploy-agent --config=…</c>, as the original but for the end, which says how it was started.
/// The process executes itself again with another argv[0], before it has opened anything: that keeps its pid, and costs some 5 ms (docs/decisions/010).
/// </summary>
internal static unsafe partial class ProcessTitle
{
    /// <summary>Stands between process_name and the program's name. // original</summary>
    public const string Marker = " master process ";

    /// <summary>The running program's file, whatever became of its path.</summary>
    public const string Self = "/proc/self/exe";

    /// <summary>argv[0] of a daemon.</summary>
    /// <param name="processName">The setting; null where there are no settings.</param>
    /// <param name="program">What it was called by.</param>
    public static string Of(string? processName, string program) => processName is { Length: > 0 } name ? SafeText.Of(name) + Marker + program : program;

    /// <summary>Gives the process this title. Does not return where it could; where it cannot, or has one, nothing is changed.</summary>
    public static void Take(string title, DaemonLaunch launch)
    {
        // Under JIT the program's file is the runtime's, which wants arguments of its own.
        if (RuntimeFeature.IsDynamicCodeSupported || CommandLine.IsTitled || !title.Contains(Marker, StringComparison.Ordinal))
        {
            return;
        }

        using var arguments = new WordVector([title, .. launch.Arguments]);
        using var environment = new WordVector([.. HandedSecrets.Added(Surroundings.Variables(), launch.Secrets).Select(pair => $"{pair.Key}={pair.Value}")]);
        fixed (byte* file = PathText.Terminated(Self))
        {
            _ = Execute(file, arguments.Pointers, environment.Pointers);
        }
    }

    /// <summary>Gives the process the name that pgrep(1) and killall(1) look for: executed by /proc/self/exe it is called <c>exe</c>.</summary>
    public static void Name(string program)
    {
        try
        {
            File.WriteAllText("/proc/self/comm", program); // proc(5): of the first thread, and so of the process; cut after 15 bytes
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It keeps the other one.
        }
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    private static partial int Execute(byte* file, byte** arguments, byte** environment);
}
