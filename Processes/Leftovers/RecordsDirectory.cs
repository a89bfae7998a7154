using System.Runtime.InteropServices;
using System.Text;
using Deploy.Processes.Native;

namespace Deploy.Processes.Leftovers;

/// <summary>
/// The directory of the records, held open: what is done in it is done through the handle, so that neither a link nor a swap of the path leads
/// elsewhere. Others must not be able to write in it, since a record makes the next daemon stop processes.
/// </summary>
internal sealed unsafe class RecordsDirectory : IDisposable
{
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_BASIC_STATS = 0x7FF;
    private const int UidOffset = 20; // struct statx: stx_uid
    private const int ModeOffset = 28; // struct statx: stx_mode
    private const int WritableByOthers = 0b010_010; // g+w, o+w

    private readonly Lock _lock = new();
    private int _fd;

    private RecordsDirectory(int fd) => _fd = fd;

    /// <summary>Opens it, and makes it first (0700) where it is missing. Null with a reason when it cannot serve.</summary>
    public static RecordsDirectory? TryOpen(string path, out string reason)
    {
        try
        {
#pragma warning disable CA1416 // "Not on Windows": this program is Linux's alone.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = exception.Message;
            return null;
        }

        int fd = Open(Libc.AT_FDCWD, path.TrimEnd('/'), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW);
        if (fd < 0)
        {
            reason = Libc.ErrorText(Marshal.GetLastPInvokeError());
            return null;
        }

        if (IsOurs(fd))
        {
            reason = "";
            return new RecordsDirectory(fd);
        }

        _ = Libc.close(fd);
        reason = "it must belong to the daemon's user, and nobody else may write in it";
        return null;
    }

    /// <summary>Names of what is in it; empty when it cannot be read.</summary>
    public IReadOnlyList<string> Names()
    {
        lock (_lock)
        {
            try
            {
                return _fd < 0 ? [] : [.. Directory.EnumerateFileSystemEntries($"/proc/self/fd/{_fd}").Select(entry => Path.GetFileName(entry))];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    /// <summary>Bytes read, cut where the buffer is full; -1 for what is not there, cannot be read or is a link.</summary>
    public int Read(string name, Span<byte> buffer)
    {
        lock (_lock)
        {
            return _fd < 0 ? -1 : SmallFile.Read(_fd, name, buffer);
        }
    }

    /// <summary>Puts the whole file there at one stroke, 0600; 0 or an errno.</summary>
    public int Write(string name, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_fd < 0)
            {
                return Libc.ECANCELED;
            }

            string temporary = name + ".tmp";
            Remove(temporary); // Of a daemon that was killed while it wrote; O_EXCL then takes nothing that stands there, and no link.
            int file = Open(_fd, temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW);
            if (file < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            int errno = WriteAll(file, bytes);
            _ = Libc.close(file);
            if (errno == 0)
            {
                fixed (byte* from = Terminated(temporary), to = Terminated(name))
                {
                    errno = Libc.renameat(_fd, from, _fd, to) == 0 ? 0 : Marshal.GetLastPInvokeError();
                }
            }

            if (errno != 0)
            {
                Remove(temporary);
            }

            return errno;
        }
    }

    /// <summary>Removes a file; one that is not there is removed already.</summary>
    public void Remove(string name)
    {
        lock (_lock)
        {
            fixed (byte* path = Terminated(name))
            {
                if (_fd >= 0)
                {
                    _ = Libc.unlinkat(_fd, path, 0);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_fd >= 0)
            {
                _ = Libc.close(_fd);
                _fd = -1;
            }
        }
    }

    private static int WriteAll(int file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written = Libc.write(file, start, (nuint)bytes.Length);
            return written == bytes.Length ? 0 : written < 0 ? Marshal.GetLastPInvokeError() : 28; // ENOSPC: a full disk takes a part.
        }
    }

    private static int Open(int directory, string path, int flags)
    {
        fixed (byte* bytes = Terminated(path))
        {
            return Libc.openat(directory, bytes, flags | Libc.O_CLOEXEC, 0x180 /* 0600 */);
        }
    }

    private static bool IsOurs(int fd)
    {
        byte* result = stackalloc byte[256]; // sizeof(struct statx)
        fixed (byte* empty = "\0"u8)
        {
            return Libc.statx(fd, empty, AT_EMPTY_PATH, STATX_BASIC_STATS, result) == 0
                && *(uint*)(result + UidOffset) == Libc.geteuid()
                && (*(ushort*)(result + ModeOffset) & WritableByOthers) == 0;
        }
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
