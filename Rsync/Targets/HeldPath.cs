using System.Runtime.InteropServices;
using Deploy.Model.Targets;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Rsync.Targets;

/// <summary>Directories by descriptor, as runs need them.</summary>
internal static unsafe class HeldPath
{
    private const int AtSymlinkNoFollow = 0x100; // fcntl.h
    private const uint AllThatUmaskLeaves = 0x1FF; // 0777, as rsync itself makes a target

    /// <summary>Opens a target whose path no rule looks at: links are followed.</summary>
    public static TargetHold Follow(string target)
    {
        string path = "/" + string.Join('/', target.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var rest = new List<string>();
        while (true)
        {
            if (Open(Libc.AT_FDCWD, path, followLinks: true, out int errno) is { } directory)
            {
                return new TargetHold.Held(directory, rest, rest.Count > 0 && Exists(directory, rest[0]));
            }

            if (path == "/" || errno is not (Libc.ENOENT or Libc.ENOTDIR))
            {
                return new TargetHold.Refused($"{path} cannot be opened: {Libc.ErrorText(errno)}");
            }

            int slash = path.LastIndexOf('/');
            rest.Insert(0, path[(slash + 1)..]);
            path = slash == 0 ? "/" : path[..slash];
        }
    }

    /// <summary>Makes a directory below an open one and opens it; null with an errno, EEXIST for what is there already.</summary>
    public static SafeFileHandle? Make(SafeFileHandle directory, string name, out int errno)
    {
        fixed (byte* bytes = PathText.Terminated(name))
        {
            if (Libc.mkdirat((int)directory.DangerousGetHandle(), bytes, AllThatUmaskLeaves) != 0)
            {
                errno = Marshal.GetLastPInvokeError();
                return null;
            }

            long* times = stackalloc long[] { 0, 0, 0, 0 }; // 1970
            _ = Libc.utimensat((int)directory.DangerousGetHandle(), bytes, times, AtSymlinkNoFollow); // never the origin's by chance: rsync then tells it as one that it made
        }

        return Open((int)directory.DangerousGetHandle(), name, followLinks: false, out errno);
    }

    /// <summary>Removes a directory below an open one, if it is empty.</summary>
    public static void RemoveIfEmpty(SafeFileHandle directory, string name)
    {
        fixed (byte* bytes = PathText.Terminated(name))
        {
            _ = Libc.unlinkat((int)directory.DangerousGetHandle(), bytes, Libc.AT_REMOVEDIR);
        }
    }

    private static SafeFileHandle? Open(int directory, string path, bool followLinks, out int errno)
    {
        fixed (byte* bytes = PathText.Terminated(path))
        {
            int fd = Libc.openat(directory, bytes, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC | (followLinks ? 0 : Libc.O_NOFOLLOW), 0);
            errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    private static bool Exists(SafeFileHandle directory, string name)
    {
        fixed (byte* bytes = PathText.Terminated(name))
        {
            return Libc.faccessat((int)directory.DangerousGetHandle(), bytes, 0, 0) == 0;
        }
    }
}
