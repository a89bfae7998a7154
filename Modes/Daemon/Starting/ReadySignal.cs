using System.Runtime.InteropServices;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>The daemon's end of <see cref="BackgroundStart"/>: stdout and stderr are pipes to whoever started it, until it is ready.</summary>
internal static partial class ReadySignal
{
    private const string Name = "DEPLOY_BACKGROUND";
    private const int Out = 1;
    private const int Error = 2;
    private const int ReadWrite = 0x2;       // O_RDWR, asm-generic/fcntl.h
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const uint NotForOthersToWrite = 0x12; // 022, as under a service manager; the original's 0 let everybody write what it made

    /// <summary>True in a process that is to be in the background once it is ready.</summary>
    public static bool IsAsked => Surroundings.Variable(Name) is not null;

    /// <summary>This environment, with the wish in it.</summary>
    public static Dictionary<string, string> Asked(IReadOnlyDictionary<string, string> environment) => new(environment) { [Name] = "1" };

    /// <summary>Lets go of what the shell that started it had set.</summary>
    public static void Begin() => _ = SetMask(NotForOthersToWrite);

    /// <summary>Leaves the terminal: what is written to stderr is lost from here on. Then says that it is ready.</summary>
    public static void Give()
    {
        int nothing = Open("/dev/null", ReadWrite | CloseOnExec);
        if (nothing >= 0)
        {
            _ = Duplicate(nothing, Error);
        }

        _ = Write(Out, "1"u8, 1); // Whoever waited may be gone.
        if (nothing >= 0)
        {
            _ = Duplicate(nothing, Out);
            _ = Close(nothing);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
