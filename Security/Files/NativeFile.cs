using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Files;

/// <summary>The calls on files that .NET does not have. They answer 0 or an errno.</summary>
internal static partial class NativeFile
{
    public const int NoEntry = 2;            // ENOENT, asm-generic/errno-base.h
    public const int Exists = 17;            // EEXIST

    public const int ReadOnly = 0;           // O_RDONLY, asm-generic/fcntl.h
    public const int ReadWrite = 0x2;        // O_RDWR
    public const int Create = 0x40;          // O_CREAT, with mode 0600

    private const int NonBlocking = 0x800;   // O_NONBLOCK: a pipe must not keep us waiting for its other end
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int OwnerOnly = 0x180;     // mode 0600
    private const int PathBytes = 4096;      // PATH_MAX, linux/limits.h

    /// <summary>O_NOFOLLOW: a link as the last part of the path is not followed (ELOOP).</summary>
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>The user that this process is.</summary>
    public static uint User => GetEffectiveUser();

    /// <summary>The text of an errno.</summary>
    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>Opens; a pipe is not waited for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="how">Of the flags above.</param>
    /// <param name="file">Open where 0 is answered, else of no use.</param>
    public static int Open(string path, int how, out SafeFileHandle file)
    {
        file = OpenFile(CString(path), how | NonBlocking | CloseOnExec, OwnerOnly);
        return file.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Gives a file a second name; <see cref="Exists"/> where there is anything of it.</summary>
    public static int Link(string file, string name) => LinkFile(CString(file), CString(name)) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives an open file away.</summary>
    public static int ChangeOwner(SafeFileHandle file, uint user, uint group) => ChangeOwnerOf(file, user, group) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Where a link leads, as it says it; null for what is none.</summary>
    public static string? LinkTarget(string path)
    {
        Span<byte> target = stackalloc byte[PathBytes];
        nint length = ReadLink(CString(path), target, PathBytes);
        return length < 0 ? null : ByteText.FromBytes(target[..(int)length]);
    }

    /// <summary>Puts on disk what was written, also of a directory: its names.</summary>
    public static int Sync(SafeFileHandle file) => SyncFile(file) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static byte[] CString(string path) => [.. ByteText.ToBytes(path), 0];

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial SafeFileHandle OpenFile(ReadOnlySpan<byte> path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true)]
    private static partial int LinkFile(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwnerOf(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(ReadOnlySpan<byte> path, Span<byte> target, nint size);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
