using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Deploy.Model.Text;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Security;

/// <summary>What the kernel says of a path itself, links not followed: the facts that .NET does not give.</summary>
/// <param name="IsLink">A symbolic link.</param>
/// <param name="OwnerId">Its owner's user id.</param>
/// <param name="Mode">Type and permission bits.</param>
internal readonly partial record struct FileFacts(bool IsLink, uint OwnerId, ushort Mode)
{
    // struct statx, linux/stat.h: 256 bytes; stx_uid at 20, stx_gid at 24, stx_mode at 28. glibc has the call since 2.28.
    private const int StatxBytes = 256;
    private const int AttributesOffset = 8;
    private const int AttributesMaskOffset = 56;
    private const ulong MountRoot = 0x2000; // STATX_ATTR_MOUNT_ROOT, linux/stat.h; kernel 5.8
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x7ff;
    private const int TypeMask = 0xF000;
    private const int TypeDirectory = 0x4000;
    private const int TypeLink = 0xA000;
    private const int TypeRegular = 0x8000;

    /// <summary>In a mode: group or others may write, S_IWGRP and S_IWOTH, sys/stat.h.</summary>
    public const int OthersWrite = 0x12;

    /// <summary>A file, and neither directory, link, pipe, socket nor device.</summary>
    public bool IsRegular => (Mode & TypeMask) == TypeRegular;

    public bool IsDirectory => (Mode & TypeMask) == TypeDirectory;

    /// <summary>Its group's id.</summary>
    public uint GroupId { get; init; }

    /// <summary>The facts, or null where there is nothing (or nothing that we may see).</summary>
    public static FileFacts? Of(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        return TryStatx(AtFdCwd, path, AtSymlinkNoFollow, facts) ? Read(facts) : null;
    }

    /// <summary>Those of an open file; null where the kernel does not say.</summary>
    public static FileFacts? Of(SafeFileHandle file)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        return TryStatx((int)file.DangerousGetHandle(), string.Empty, AtEmptyPath, facts) ? Read(facts) : null;
    }

    private static FileFacts Read(ReadOnlySpan<byte> facts)
    {
        ushort mode = BinaryPrimitives.ReadUInt16LittleEndian(facts[ModeOffset..]);
        return new FileFacts((mode & TypeMask) == TypeLink, BinaryPrimitives.ReadUInt32LittleEndian(facts[OwnerOffset..]), mode) { GroupId = BinaryPrimitives.ReadUInt32LittleEndian(facts[GroupOffset..]) };
    }

    /// <summary>True for a directory, links followed, that is the root of a mounted file system; also a bind mount. False where there is none, or the kernel does not say.</summary>
    public static bool IsMountPoint(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        return TryStatx(AtFdCwd, RealPath(path), AtSymlinkNoFollow, facts)
            && (BinaryPrimitives.ReadUInt64LittleEndian(facts[AttributesMaskOffset..]) & BinaryPrimitives.ReadUInt64LittleEndian(facts[AttributesOffset..]) & MountRoot) != 0;
    }

    /// <summary>The path with every link resolved; what does not exist yet keeps its name below the deepest parent that does.</summary>
    public static string RealPath(string path)
    {
        string missing = string.Empty;
        for (string existing = path; existing.Length > 1;)
        {
            if (Resolve(existing) is { } real)
            {
                return (real == "/" ? string.Empty : real) + missing;
            }

            int slash = existing.LastIndexOf('/');
            missing = existing[slash..] + missing;
            existing = existing[..slash];
        }

        return missing.Length == 0 ? "/" : missing;
    }

    private static unsafe bool TryStatx(int directory, string path, int flags, Span<byte> facts)
    {
        fixed (byte* name = CString(path))
        fixed (byte* buffer = facts)
        {
            return Statx(directory, name, flags, StatxBasic, buffer) == 0;
        }
    }

    private static unsafe string? Resolve(string path)
    {
        fixed (byte* name = CString(path))
        {
            byte* resolved = RealPathOf(name, null);
            if (resolved is null)
            {
                return null;
            }

            string text = ByteText.FromBytes(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved));
            NativeMemory.Free(resolved);
            return text;
        }
    }

    private static byte[] CString(string path) => [.. ByteText.ToBytes(path), 0];

    [LibraryImport("libc", EntryPoint = "statx")]
    private static unsafe partial int Statx(int directory, byte* path, int flags, uint mask, byte* facts);

    [LibraryImport("libc", EntryPoint = "realpath")]
    private static unsafe partial byte* RealPathOf(byte* path, byte* buffer);
}
