using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Tui.Screen.Real;

/// <summary>The calls of libc for a terminal; constants are Linux's, equal on x86-64 and arm64. What is a structure elsewhere is bytes here, far more than glibc and musl take.</summary>
internal static partial class TerminalCalls
{
    public const int Interrupted = 4;     // EINTR, asm-generic/errno-base.h
    public const int InputOutput = 5;     // EIO: the terminal has gone, or the reader is in the background
    public const int Again = 11;          // EAGAIN
    public const int NotATerminal = 25;   // ENOTTY: also of a terminal that controls no session

    public const int SigHangUp = 1;       // asm-generic/signal.h
    public const int SigStop = 20;        // SIGTSTP
    public const int SigTerminalIn = 21;  // SIGTTIN
    public const int SigTerminalOut = 22; // SIGTTOU

    public const short PollIn = 1;        // asm-generic/poll.h
    public const short PollOut = 4;
    public const short PollError = 0x8;
    public const short PollHangUp = 0x10;

    public const int TermiosBytes = 256;  // struct termios: 60 in glibc and musl

    private const int ReadWrite = 0x2;          // O_RDWR, asm-generic/fcntl.h
    private const int NoControl = 0x100;        // O_NOCTTY
    private const int NonBlocking = 0x800;      // O_NONBLOCK, also EFD_NONBLOCK
    private const int CloseOnExec = 0x80000;    // O_CLOEXEC, also EFD_CLOEXEC
    private const nuint GetSize = 0x5413;       // TIOCGWINSZ, asm-generic/ioctls.h
    private const int Now = 0;                  // TCSANOW: waiting for what was written could wait for ever
    private const int Block = 0;                // SIG_BLOCK
    private const int SignalSetBytes = 128;     // sigset_t of glibc and musl

    /// <summary>A terminal, opened anew, so that it does not block and nobody who inherited ours notices; null where it cannot be.</summary>
    public static SafeFileHandle? Open(string path)
    {
        var file = OpenFile(path, ReadWrite | NoControl | NonBlocking | CloseOnExec);
        if (!file.IsInvalid && IsTerminal(file) == 1)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>What wakes a poll.</summary>
    public static SafeFileHandle NewBell() => EventDescriptor(0, NonBlocking | CloseOnExec);

    /// <summary>Whether a descriptor of this process is a terminal.</summary>
    public static bool IsTerminalDescriptor(int descriptor) => IsTerminalAt(descriptor) == 1;

    /// <summary>80 and 24 where it does not tell.</summary>
    public static (int Columns, int Rows) SizeOf(SafeFileHandle terminal)
    {
        var size = default(WindowSize);
        return Control(terminal, GetSize, ref size) == 0 && size is { Columns: > 0, Rows: > 0 } ? (size.Columns, size.Rows) : (80, 24);
    }

    /// <summary>Whether this process's group has the terminal; true where there is no such thing as groups on it, false once it has gone.</summary>
    public static bool IsInFront(SafeFileHandle terminal)
    {
        int group = ForegroundGroup(terminal);
        return group < 0 ? Marshal.GetLastPInvokeError() == NotATerminal : group == OwnGroup();
    }

    /// <summary>The settings; null where they cannot be read.</summary>
    public static byte[]? Settings(SafeFileHandle terminal)
    {
        byte[] settings = new byte[TermiosBytes];
        return GetSettings(terminal, settings) == 0 ? settings : null;
    }

    /// <summary>Puts settings in force at once.</summary>
    public static bool Put(SafeFileHandle terminal, ReadOnlySpan<byte> settings)
    {
        for (int tries = 0; tries < 10; tries++)
        {
            if (PutSettings(terminal, Now, settings) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The calling thread is not stopped for using a terminal that it does not have: the calls fail instead (EIO).</summary>
    public static void BlockTerminalSignals()
    {
        Span<byte> set = stackalloc byte[SignalSetBytes];
        _ = EmptySet(set);
        _ = AddToSet(set, SigTerminalIn);
        _ = AddToSet(set, SigTerminalOut);
        _ = ChangeMask(Block, set, 0);
    }

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, Span<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<PollEntry> entries, nuint count, int milliseconds);

    /// <summary>To a process, or with 0 to this process's group.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminalAt(int descriptor);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    private static partial SafeFileHandle EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafeFileHandle file, nuint request, ref WindowSize size);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp", SetLastError = true)]
    private static partial int ForegroundGroup(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(SafeFileHandle file, Span<byte> settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int PutSettings(SafeFileHandle file, int when, ReadOnlySpan<byte> settings);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(Span<byte> set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddToSet(Span<byte> set, int signal);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ChangeMask(int how, ReadOnlySpan<byte> set, nint before);

    /// <summary>poll.h struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>asm-generic/termios.h struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
