using System.Runtime.InteropServices;
using Deploy.Processes.Native;

namespace Deploy.Processes.Spawn;

/// <summary>A process that was just started, with our ends of its pipes. <see cref="ErrorFd"/> is -1 when both streams share one pipe.</summary>
internal readonly record struct Spawned(int Pid, int OutputFd, int ErrorFd);

/// <summary>
/// Starts a process by posix_spawn(3): own session and group, every signal default (the .NET runtime ignores SIGPIPE) and none blocked,
/// stdin from /dev/null, stdout and stderr into pipes, no other descriptor, no shell.
/// </summary>
internal static unsafe class Spawner
{
    /// <summary>True with the process, or false with the reason; nothing stays open then.</summary>
    /// <param name="start">What.</param>
    /// <param name="spawned">The process.</param>
    /// <param name="failure">The reason.</param>
    /// <param name="closeFrom">False closes the daemon's descriptors one by one, as with a glibc before 2.34; for tests.</param>
    public static bool TrySpawn(ChildStart start, out Spawned spawned, out ChildStartResult.NotStarted? failure, bool closeFrom = true)
    {
        spawned = default;
        failure = StartFailure.OfWords(start);
        if (failure is not null)
        {
            return false;
        }

        if (!ProgramLookup.TryFind(start, out string path, out int errno))
        {
            failure = StartFailure.Of(errno);
            return false;
        }

        using var output = PipePair.TryOpen(out errno);
        if (output is null)
        {
            failure = StartFailure.Of(errno, "a pipe for its output");
            return false;
        }

        using var error = start.OnePipe ? null : PipePair.TryOpen(out errno);
        if (error is null && !start.OnePipe)
        {
            failure = StartFailure.Of(errno, "a pipe for its output");
            return false;
        }

        errno = Spawn(start, path, output.WriteEnd, (error ?? output).WriteEnd, closeFrom, out int pid);
        if (errno != 0)
        {
            failure = StartFailure.OfSpawn(errno, start, path);
            return false;
        }

        spawned = new Spawned(pid, output.TakeReadEnd(), error?.TakeReadEnd() ?? -1);
        return true;
    }

    /// <summary>0 and the pid, or the errno: glibc (2.24) hands back what exec and the file actions met in the child.</summary>
    private static int Spawn(ChildStart start, string path, int outputEnd, int errorEnd, bool closeFrom, out int pid)
    {
        using var actions = new FileActions();
        pid = 0;
        int errno = actions.Plan(start.WorkingDirectory ?? "/", start.Directory, outputEnd, errorEnd, closeFrom);
        if (errno != 0)
        {
            return errno;
        }

        using var argv = new WordVector([start.Name ?? start.Program, .. start.Arguments]);
        using var envp = new WordVector([.. start.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);

        byte* attributes = stackalloc byte[SpawnCalls.AttributesBytes];
        byte* signals = stackalloc byte[SpawnCalls.SignalSetBytes];
        _ = SpawnCalls.posix_spawnattr_init(attributes);
        _ = SpawnCalls.posix_spawnattr_setflags(
            attributes,
            SpawnCalls.POSIX_SPAWN_SETSID | SpawnCalls.POSIX_SPAWN_SETSIGDEF | SpawnCalls.POSIX_SPAWN_SETSIGMASK);
        NativeMemory.Fill(signals, SpawnCalls.SignalSetBytes, 0xFF);
        _ = SpawnCalls.posix_spawnattr_setsigdefault(attributes, signals);
        NativeMemory.Clear(signals, SpawnCalls.SignalSetBytes);
        _ = SpawnCalls.posix_spawnattr_setsigmask(attributes, signals);

        int started = 0;
        fixed (byte* program = PathText.Terminated(path))
        {
            errno = SpawnCalls.posix_spawn(&started, program, actions.Pointer, attributes, argv.Pointers, envp.Pointers);
        }

        _ = SpawnCalls.posix_spawnattr_destroy(attributes);
        pid = started;
        return errno;
    }
}
