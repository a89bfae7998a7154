using System.Runtime.InteropServices;
using Deploy.Model;
using Deploy.Output;
using Deploy.Processes;
using Deploy.Processes.Native;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>
/// Starts the daemon in the background, as the original did, and waits until it is ready: what it says until then goes to stderr here, and where it fails its exit code is ours.
/// A process with threads cannot fork, so this one starts itself again, in a session of its own (docs/decisions/010).
/// </summary>
internal static class BackgroundStart
{
    /// <summary>0 once the daemon is ready; its own exit code when it ends before (1 for 0: there is no daemon), 130 when it was we who were told to stop.</summary>
    /// <param name="title">Its argv[0].</param>
    /// <param name="launch">What it is to be.</param>
    /// <exception cref="UserError">It could not be started.</exception>
    public static int Run(string title, DaemonLaunch launch)
    {
        var start = new ChildStart
        {
            Program = ProcessTitle.Self,
            Name = title,
            Arguments = launch.Arguments,
            Environment = ReadySignal.Asked(HandedSecrets.Added(Surroundings.Variables(), launch.Secrets)),
            Output = new Relay(Terminal.OpenLog()),
        };
        DetachedChild? started = null;
        int asked = 0;
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            int times = Interlocked.Increment(ref asked);
            Volatile.Read(ref started)?.Signal(times == 1 ? Libc.SIGTERM : Libc.SIGKILL);
        }

        // Before the child: a signal that ended us between the two would leave a daemon that nobody knows of.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using var child = DetachedChild.TryStart(start, out string? problem)
            ?? throw new UserError($"the background process cannot be started: {problem}", ExitCodes.Failed, $"in the foreground: {launch.Program} --debug");
        Interlocked.Exchange(ref started, child);
        if (Volatile.Read(ref asked) > 0)
        {
            child.Signal(Libc.SIGTERM); // it came before there was a child; a second one to it does no harm but to end a stop sooner
        }

        return child.WaitUntilReady(() => Volatile.Read(ref asked) > 0) switch
        {
            null => ExitCodes.Ok,
            _ when Volatile.Read(ref asked) > 0 => ExitCodes.Interrupted,
            ExitCodes.Ok => ExitCodes.Failed, // it ended before it was ready, whoever asked it to: there is no daemon
            { } code => code,
        };
    }

    /// <summary>What the daemon says goes out as it is: it was made safe to print there.</summary>
    private sealed class Relay(Stream error) : IChildOutput
    {
        public void OnOutput(ReadOnlySpan<byte> bytes)
        {
            // The word that it is ready.
        }

        public void OnError(ReadOnlySpan<byte> bytes) => error.Write(bytes);
    }
}
