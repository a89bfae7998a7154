using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.Daemon;

/// <summary>A file that one process holds at a time, by flock(2). Opened without following a link: a service user must not choose what root opens.</summary>
internal static partial class LockFile
{
    /// <summary>EWOULDBLOCK on Linux: another process holds it.</summary>
    public const int Busy = 11;

    private const int ReadWrite = 0x2;       // O_RDWR, asm-generic/fcntl.h
    private const int OwnerOnly = 0x180;     // mode 0600
    private const int Exclusive = 2 | 4;     // LOCK_EX | LOCK_NB, sys/file.h

    /// <summary>Takes it, made where missing: 0 and a handle that holds it until it is disposed, or the errno.</summary>
    public static int Take(string path, out SafeFileHandle? held) => Take(path, ReadWrite | Libc.O_CREAT, out held);

    /// <summary>The same with one that has to be there; it is not written.</summary>
    public static int TakeExisting(string path, out SafeFileHandle? held) => Take(path, Libc.O_RDONLY | Libc.O_NONBLOCK, out held);

    /// <summary>Holds an open file: 0, or the errno.</summary>
    public static int Hold(SafeFileHandle file) => Lock(file, Exclusive) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static int Take(string path, int how, out SafeFileHandle? held)
    {
        held = null;
        var file = Open(path, how | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, OwnerOnly);
        if (file.IsInvalid || Lock(file, Exclusive) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            file.Dispose();
            return errno;
        }

        held = file;
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
