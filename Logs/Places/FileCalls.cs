using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Logs.Places;

/// <summary>The calls of libc that a log file needs. They answer 0 or an errno; none waits for another process.</summary>
internal static partial class FileCalls
{
    public const int NoEntry = 2;            // ENOENT, asm-generic/errno-base.h
    public const int Exists = 17;            // EEXIST
    private const int Interrupted = 4;       // EINTR

    private const int WriteOnly = 0x1;       // O_WRONLY, asm-generic/fcntl.h
    private const int Create = 0x40;         // O_CREAT
    private const int NoTerminal = 0x100;    // O_NOCTTY
    private const int Append = 0x400;        // O_APPEND
    private const int NonBlocking = 0x800;   // O_NONBLOCK: opening a pipe must not wait for its reader
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int OwnerOnly = 0x180;     // mode 0600 // original: the same
    private const int DirectoryMode = 0x1ED; // mode 0755
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x7ff;
    private const int StatxBytes = 256;

    // arch/arm64/include/uapi/asm/fcntl.h differs from asm-generic's values in these two.
    private static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000; // O_DIRECTORY
    private static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;      // O_NOFOLLOW

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>What the kernel says of a file.</summary>
    /// <param name="Device">st_dev as the C library prints it.</param>
    /// <param name="Inode">st_ino.</param>
    /// <param name="Mode">Type and permission bits.</param>
    /// <param name="Links">Names that it has.</param>
    /// <param name="Owner">Its user id.</param>
    /// <param name="Group">Its group id.</param>
    internal readonly record struct Facts(ulong Device, ulong Inode, ushort Mode, uint Links, uint Owner, uint Group)
    {
        /// <summary>S_IFREG.</summary>
        public bool IsRegular => (Mode & 0xF000) == 0x8000;

        /// <summary>S_IFCHR.</summary>
        public bool IsCharacterDevice => (Mode & 0xF000) == 0x2000;

        /// <summary>True for the same file, under whatever name.</summary>
        public bool IsSameFile(Facts other) => (Device, Inode) == (other.Device, other.Inode);
    }

    /// <summary>The text of an errno.</summary>
    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>Opens for appending, made with mode 0600 where missing; a link as the last part of the path is not followed (ELOOP).</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">Open when 0 is answered.</param>
    public static int OpenForAppending(string path, out SafeFileHandle? file) =>
        Open(path, WriteOnly | Create | Append | NoTerminal | NonBlocking | NoFollow | CloseOnExec, out file);

    /// <summary>Opens a directory that is no link, to give it away.</summary>
    public static int OpenDirectory(string path, out SafeFileHandle? directory) => Open(path, DirectoryOnly | NoFollow | CloseOnExec, out directory);

    /// <summary>Makes one directory, mode 0755; EEXIST is answered as any other errno.</summary>
    public static int MakeDirectory(string path) => Answer(Mkdir(CString(path), DirectoryMode));

    /// <summary>Appends; what was written of it also when an errno is answered.</summary>
    public static int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        while (written < bytes.Length)
        {
            nint count = WriteSome(file, bytes[written..], (nuint)(bytes.Length - written));
            if (count >= 0)
            {
                written += (int)count;
            }
            else if (Marshal.GetLastPInvokeError() is var errno && errno != Interrupted)
            {
                return errno;
            }
        }

        return 0;
    }

    /// <summary>Changes the owner; all bits set leaves that part as it is.</summary>
    public static int ChangeOwner(SafeFileHandle file, uint user, uint group) => Answer(Fchown(file, user, group));

    /// <summary>Of an open file.</summary>
    public static Facts? FactsOf(SafeFileHandle file)
    {
        bool added = false;
        file.DangerousAddRef(ref added);
        try
        {
            return FactsOf((int)file.DangerousGetHandle());
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    /// <summary>Of a descriptor that is not ours to close.</summary>
    public static Facts? FactsOf(int descriptor) => Statx(descriptor, string.Empty, AtEmptyPath);

    /// <summary>Of a path itself, links not followed; null where there is nothing that we may see.</summary>
    public static Facts? FactsOf(string path) => Statx(AtFdCwd, path, AtSymlinkNoFollow);

    private static int Open(string path, int flags, out SafeFileHandle? file)
    {
        file = OpenFile(CString(path), flags, OwnerOnly);
        if (!file.IsInvalid)
        {
            return 0;
        }

        int errno = Marshal.GetLastPInvokeError();
        file.Dispose();
        file = null;
        return errno;
    }

    private static int Answer(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>struct statx, linux/stat.h: stx_nlink at 16, stx_uid at 20, stx_gid at 24, stx_mode at 28, stx_ino at 32, stx_dev_major at 136, stx_dev_minor at 140.</summary>
    private static Facts? Statx(int directory, string path, int flags)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (StatxOf(directory, CString(path), flags, StatxBasic, facts) != 0)
        {
            return null;
        }

        ulong major = BinaryPrimitives.ReadUInt32LittleEndian(facts[136..]);
        ulong minor = BinaryPrimitives.ReadUInt32LittleEndian(facts[140..]);
        return new Facts(
            ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff), // sys/sysmacros.h gnu_dev_makedev
            BinaryPrimitives.ReadUInt64LittleEndian(facts[32..]),
            BinaryPrimitives.ReadUInt16LittleEndian(facts[28..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[24..]));
    }

    /// <summary>The path's bytes, which need not be UTF-8, and the NUL.</summary>
    private static byte[] CString(string path) => [.. ByteText.ToBytes(path), 0];

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial SafeFileHandle OpenFile(ReadOnlySpan<byte> path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int Mkdir(ReadOnlySpan<byte> path, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int Fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatxOf(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> facts);
}
