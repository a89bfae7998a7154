using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Modes.Daemon;

/// <summary>The directory where a daemon keeps its state, held by a lock: two daemons on one would take each other's children for leftovers.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly SafeHandle held;

    private StateDirectory(string path, SafeHandle held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>The directory; ours, mode 0700.</summary>
    public string Path { get; }

    /// <summary>True where another daemon has the one of this name, see <see cref="Open"/>: it runs, or is stopping still.</summary>
    public static bool IsHeld(string? asked, string? systemd, string name)
    {
        int errno = LockFile.TakeExisting(System.IO.Path.Combine(PathOf(asked, systemd, name), "lock"), out var held);
        held?.Dispose();
        return errno == LockFile.Busy;
    }

    private static string PathOf(string? asked, string? systemd, string name) => asked ?? systemd ?? System.IO.Path.Combine("/var/lib/deploy", name); // Filesystem Hierarchy Standard 5.8

    /// <summary>Opens it, made where missing: the given one, else systemd's, else <c>/var/lib/deploy/&lt;name&gt;</c>.</summary>
    /// <param name="asked">From the command line, or null.</param>
    /// <param name="systemd">$STATE_DIRECTORY, or null.</param>
    /// <param name="name">Mode, address and port.</param>
    /// <param name="mayLack">True: where none can be written, a warning and null. False: an error.</param>
    /// <param name="log">Takes the warning.</param>
    /// <exception cref="UserError">It cannot be written, or another daemon holds it.</exception>
    public static StateDirectory? Open(string? asked, string? systemd, string name, bool mayLack, ILog log)
    {
        string path = PathOf(asked, systemd, name);
        string problem;
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            switch (LockFile.Take(System.IO.Path.Combine(path, "lock"), out var held))
            {
                case 0:
                    return new StateDirectory(path, held!);
                case LockFile.Busy:
                    throw new UserError($"state directory {path} is in use by another daemon", ExitCodes.Failed, "stop that one (it may be stopping still), or give this one its own: --state-dir DIR");
                case var errno:
                    problem = Marshal.GetPInvokeErrorMessage(errno);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        if (!mayLack || asked is not null)
        {
            throw new UserError($"state directory {path} cannot be written: {problem}{(mayLack ? string.Empty : "; without it nothing that is ordered could be recorded")}", ExitCodes.Failed, "give another: --state-dir DIR");
        }

        log.Warning($"state directory {path} cannot be written ({problem}): state is kept in memory, nothing that is ordered is recorded in an audit log, and what a killed daemon leaves running is not found again; give one: --state-dir DIR");
        return null;
    }

    public void Dispose() => held.Dispose();
}
