using System.Globalization;
using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Processes.Confined;

/// <summary>What tells one directory from every other as long as it is held: <c>major:minor:inode</c>.</summary>
internal static unsafe class DirectoryMark
{
    /// <summary>Where any directory will do.</summary>
    public const string Any = "-";

    private const int StatxBytes = 256; // linux/stat.h
    private const uint Basic = 0x7ff;
    private const int InodeOffset = 32;
    private const int MajorOffset = 136;
    private const int MinorOffset = 140;

    /// <summary>Of an open directory.</summary>
    /// <exception cref="IOException">The kernel does not say.</exception>
    public static string Of(SafeFileHandle directory)
    {
        byte empty = 0;
        return Of((int)directory.DangerousGetHandle(), &empty, Libc.AT_EMPTY_PATH) ?? throw new IOException($"statx: {Libc.ErrorText(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Of the directory that this process is in; null where the kernel does not say.</summary>
    public static string? OfWorkingDirectory()
    {
        fixed (byte* here = ".\0"u8)
        {
            return Of(Libc.AT_FDCWD, here, 0);
        }
    }

    private static string? Of(int directory, byte* path, int flags)
    {
        byte* facts = stackalloc byte[StatxBytes];
        return Libc.statx(directory, path, flags, Basic, facts) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{*(uint*)(facts + MajorOffset)}:{*(uint*)(facts + MinorOffset)}:{*(ulong*)(facts + InodeOffset)}")
            : null;
    }
}
