using System.Runtime.InteropServices;

namespace Deploy.Processes.Native;

/// <summary>SIGCHLD as this room needs it: a parent may hand it down ignored or blocked, and the runtime leaves it so.</summary>
internal static unsafe partial class ChildSignal
{
    private const int SIGCHLD = 17; // Linux, x86-64 and arm64
    private const int SIG_DFL = 0;
    private const int SIG_IGN = 1;
    private const int SIG_UNBLOCK = 1;
    private const int SIG_SETMASK = 2;
    private const int LastSignal = 64;

    /// <summary>Bytes to reserve for struct sigaction, 152 in glibc; the handler is its first field.</summary>
    private const int ActionBytes = 256;

    /// <summary>Ignored, the kernel would throw away how a child ended and free its pid at once: makes it the default. Before the runtime's handler is asked for.</summary>
    public static void StopIgnoring() => StopIgnoring(SIGCHLD);

    /// <summary>The same for another signal, e.g. SIGHUP under nohup(1), by which a daemon is to read its configuration again.</summary>
    public static void StopIgnoring(int number)
    {
        byte* action = stackalloc byte[ActionBytes];
        if (sigaction(number, null, action) == 0 && *(nint*)action == SIG_IGN)
        {
            _ = signal(number, SIG_DFL);
        }
    }

    /// <summary>Makes every signal the default and blocks none, as a program expects that is executed: the runtime ignores SIGPIPE.</summary>
    public static void ResetAll()
    {
        for (int number = 1; number <= LastSignal; number++)
        {
            StopIgnoring(number);
        }

        byte* set = stackalloc byte[SpawnCalls.SignalSetBytes];
        NativeMemory.Clear(set, SpawnCalls.SignalSetBytes);
        _ = pthread_sigmask(SIG_SETMASK, set, null);
    }

    /// <summary>Lets the calling thread take it: blocked when the process began, it is blocked in every thread.</summary>
    public static void UnblockHere()
    {
        byte* set = stackalloc byte[SpawnCalls.SignalSetBytes];
        NativeMemory.Clear(set, SpawnCalls.SignalSetBytes);
        *(ulong*)set = 1UL << (SIGCHLD - 1);
        _ = pthread_sigmask(SIG_UNBLOCK, set, null);
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* action, byte* old);

    [LibraryImport("libc")]
    private static partial nint signal(int signal, nint handler);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte* set, byte* old);
}
