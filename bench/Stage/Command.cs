using System.Diagnostics;
using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;

namespace Deploy.Bench.Stage;

/// <summary>
/// One program, started by posix_spawn(3) in a session of its own and waited for by waitid(2), so that next to nothing of the measuring is in the
/// figure. Standard input is /dev/null.
/// </summary>
internal sealed unsafe partial class Command : IDisposable
{
    private const int ExitedWithCode = 1; // CLD_EXITED
    private const int ByPid = 1; // P_PID
    private const int Ended = 4; // WEXITED
    private const int ReadWrite = 2; // O_RDWR
    private const int LeaveIt = 0x01000000; // WNOWAIT: its pid stays its own
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private bool reaped;

    private Command(int pid) => Pid = pid;

    /// <summary>Also its group's and its session's number.</summary>
    public int Pid { get; }

    /// <summary>Starts it.</summary>
    /// <param name="words">An absolute path, and the arguments.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="outputPath">Where stdout and stderr go.</param>
    /// <exception cref="BenchError">It cannot be started.</exception>
    public static Command Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string outputPath = "/dev/null") => Start(words, environment, outputPath, terminal: null);

    /// <summary>Starts it on a terminal, which becomes its session's own.</summary>
    /// <param name="words">An absolute path, and the arguments.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="terminal">Its path.</param>
    /// <exception cref="BenchError">It cannot be started.</exception>
    public static Command StartOn(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string terminal) => Start(words, environment, "/dev/null", terminal);

    private static Command Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string outputPath, string? terminal)
    {
        using var output = File.OpenHandle(outputPath, outputPath == "/dev/null" ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        using var actions = new FileActions();
        int descriptor = (int)output.DangerousGetHandle();
        int errno = actions.Plan("/", null, descriptor, descriptor, closeFrom: true);
        if (terminal is not null)
        {
            fixed (byte* path = PathText.Terminated(terminal))
            {
                errno = errno != 0 ? errno : SpawnCalls.posix_spawn_file_actions_addopen(actions.Pointer, 0, path, ReadWrite, 0);
            }

            for (int stream = 1; stream <= 2 && errno == 0; stream++)
            {
                errno = SpawnCalls.posix_spawn_file_actions_adddup2(actions.Pointer, 0, stream);
            }
        }

        using var argv = new WordVector(words);
        using var envp = new WordVector([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        byte* attributes = stackalloc byte[SpawnCalls.AttributesBytes];
        byte* signals = stackalloc byte[SpawnCalls.SignalSetBytes];
        _ = SpawnCalls.posix_spawnattr_init(attributes);
        _ = SpawnCalls.posix_spawnattr_setflags(attributes, SpawnCalls.POSIX_SPAWN_SETSID | SpawnCalls.POSIX_SPAWN_SETSIGDEF);
        NativeMemory.Fill(signals, SpawnCalls.SignalSetBytes, 0xFF);
        _ = SpawnCalls.posix_spawnattr_setsigdefault(attributes, signals);
        int pid = 0;
        fixed (byte* program = PathText.Terminated(words[0]))
        {
            errno = errno != 0 ? errno : SpawnCalls.posix_spawn(&pid, program, actions.Pointer, attributes, argv.Pointers, envp.Pointers);
        }

        _ = SpawnCalls.posix_spawnattr_destroy(attributes);
        return errno == 0 ? new Command(pid) : throw new BenchError($"{words[0]} cannot be started: {Libc.ErrorText(errno)}");
    }

    /// <summary>Runs it to its end, and says how long that took.</summary>
    /// <exception cref="BenchError">It took longer than <paramref name="limit"/>, or failed.</exception>
    /// <exception cref="OperationCanceledException">The token fired; nothing of it is left.</exception>
    public static TimeSpan Time(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        long before = Stopwatch.GetTimestamp();
        using var command = Start(words, environment);
        int? code = command.Wait(deadline.Token);
        var took = Stopwatch.GetElapsedTime(before);
        cancellationToken.ThrowIfCancellationRequested();
        return deadline.IsCancellationRequested ? throw new BenchError($"{string.Join(' ', words)} did not end within {limit.TotalSeconds:0} s")
            : code != 0 ? throw new BenchError($"{string.Join(' ', words)} failed: exit code {code?.ToString() ?? "none, a signal ended it"}")
            : took;
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !reaped && Reaper.Look(Pid, out _, out _) == ChildState.Alive;

    /// <summary>Processor time of it so far, threads that have ended too: clock_gettime(2) on its clock, to the nanosecond.</summary>
    public TimeSpan Processor
    {
        get
        {
            const int ProcessClock = 2; // CPUCLOCK_SCHED, include/linux/posix-timers_types.h: ~pid and two bits for which clock
            long* time = stackalloc long[2]; // struct timespec on 64 bits
            return ClockTime((~Pid << 3) | ProcessClock, time) == 0 ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0) : throw new BenchError($"process {Pid} has no clock any more");
        }
    }

    /// <summary>TERM, without a wait.</summary>
    public void Terminate()
    {
        if (!reaped)
        {
            _ = Libc.kill(Pid, Libc.SIGTERM);
        }
    }

    /// <summary>KILL; ends when it is gone.</summary>
    public void Kill() => _ = Wait(new CancellationToken(canceled: true));

    /// <summary>TERM, and after five seconds KILL; ends when it is gone.</summary>
    public void Dispose()
    {
        if (!reaped)
        {
            Terminate();
            using var patience = new CancellationTokenSource(StopTime);
            _ = Wait(patience.Token);
        }
    }

    /// <summary>Waits for its end: the exit code, null where a signal ended it. The token kills its group.</summary>
    private int? Wait(CancellationToken cancellationToken)
    {
        const int InfoBytes = 128, CodeAt = 8, StatusAt = 24; // siginfo_t on 64 bits
        byte* info = stackalloc byte[InfoBytes];
        using (cancellationToken.Register(() => _ = Libc.kill(-Pid, Libc.SIGKILL)))
        {
            while (Libc.waitid(ByPid, Pid, info, Ended | LeaveIt) != 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
            {
            }
        }

        Reaper.Reap(Pid);
        reaped = true;
        return *(int*)(info + CodeAt) == ExitedWithCode ? *(int*)(info + StatusAt) : null;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockTime(int clock, long* time);
}
