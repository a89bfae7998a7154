using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security.Targets;

/// <summary>Opening directories and their entries without following a link. Descriptors are of O_PATH: they name a place and read nothing.</summary>
internal static unsafe partial class DirectoryCalls
{
    public const int ENOENT = 2;
    public const int ENOTDIR = 20;

    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int OPath = 0x200000; // equal on x86-64 and arm64, as O_CLOEXEC is; O_DIRECTORY and O_NOFOLLOW are not
    private const int OCloseOnExec = 0x80000;
    private const long Openat2Number = 437; // on every architecture; kernel 5.6
    private const int LongestLink = 4096;   // PATH_MAX
    private const int StatxBytes = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int TypeLink = 0xA000;
    private const int TypeDirectory = 0x4000;

    // RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH, linux/openat2.h
    private const ulong ResolveBeneath = 0x02 | 0x04 | 0x08;

    private static int ODirectory => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    private static int ONoFollow => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Whether this kernel has openat2(2) and lets us use it.</summary>
    public static bool HasOpenat2()
    {
        using var root = OpenDirectory("/", out int errno);
        using var again = root is null ? null : OpenBeneath(root, ".", out errno);
        return again is not null;
    }

    /// <summary>The directory at an absolute path, links followed; null with an errno.</summary>
    public static SafeFileHandle? OpenDirectory(string path, out int errno)
    {
        fixed (byte* name = CString(path))
        {
            return Handle(OpenAt(AtFdCwd, name, OPath | ODirectory | OCloseOnExec, 0), out errno);
        }
    }

    /// <summary>The directory at a path below this one, in one step of the kernel, through no link and never above; null with an errno.</summary>
    public static SafeFileHandle? OpenBeneath(SafeFileHandle directory, string path, out int errno)
    {
        // struct open_how: flags, mode, resolve.
        ulong* how = stackalloc ulong[3];
        how[0] = (ulong)(OPath | ODirectory | OCloseOnExec);
        how[1] = 0;
        how[2] = ResolveBeneath;
        fixed (byte* name = CString(path))
        {
            return Handle((int)SystemCall((nint)Openat2Number, directory.DangerousGetHandle(), (nint)name, (nint)how, 3 * sizeof(ulong)), out errno);
        }
    }

    /// <summary>One entry of a directory, whatever it is, a link itself and not what it leads to; null with an errno.</summary>
    public static SafeFileHandle? OpenEntry(SafeFileHandle directory, string name, out int errno)
    {
        fixed (byte* bytes = CString(name))
        {
            return Handle(OpenAt((int)directory.DangerousGetHandle(), bytes, OPath | ONoFollow | OCloseOnExec, 0), out errno);
        }
    }

    /// <summary>What an open entry is.</summary>
    public static (bool IsDirectory, bool IsLink, uint OwnerId) FactsOf(SafeFileHandle entry)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        byte empty = 0;
        fixed (byte* buffer = facts)
        {
            if (Statx((int)entry.DangerousGetHandle(), &empty, AtEmptyPath, 0x7ff, buffer) != 0)
            {
                return default; // neither directory nor link: nothing goes through it
            }
        }

        int type = BinaryPrimitives.ReadUInt16LittleEndian(facts[ModeOffset..]) & TypeMask;
        return (type == TypeDirectory, type == TypeLink, BinaryPrimitives.ReadUInt32LittleEndian(facts[OwnerOffset..]));
    }

    /// <summary>Where an open link leads; null where that cannot be read.</summary>
    public static string? LinkTextOf(SafeFileHandle link)
    {
        byte empty = 0;
        return Read((int)link.DangerousGetHandle(), &empty);
    }

    /// <summary>The path of an open directory at this moment; null where /proc does not say.</summary>
    public static string? PathOf(SafeFileHandle directory)
    {
        fixed (byte* name = CString(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.DangerousGetHandle()}")))
        {
            return Read(AtFdCwd, name);
        }
    }

    private static string? Read(int directory, byte* name)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        fixed (byte* buffer = text)
        {
            nint length = ReadLinkAt(directory, name, buffer, (nuint)text.Length);
            return length <= 0 || length == text.Length ? null : ByteText.FromBytes(text[..(int)length]);
        }
    }

    private static SafeFileHandle? Handle(int fd, out int errno)
    {
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static byte[] CString(string path) => [.. ByteText.ToBytes(path), 0];

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(int directory, byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int directory, byte* path, int flags, uint mask, byte* facts);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);
}
