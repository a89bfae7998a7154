using System.Text;

namespace Deploy.Processes.Native;

/// <summary>Reads small files (of /proc, records) whole, without following a link at the end of the path and without waiting for a pipe's writer.</summary>
internal static unsafe class SmallFile
{
    /// <summary>Bytes read into <paramref name="buffer"/>, cut where that is full; -1 when it cannot be read.</summary>
    /// <param name="directory">A directory's descriptor, or <see cref="Libc.AT_FDCWD"/> for an absolute path.</param>
    /// <param name="path">The name, UTF-8.</param>
    /// <param name="buffer">Where to.</param>
    public static int Read(int directory, string path, Span<byte> buffer)
    {
        int fd;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            fd = Libc.openat(directory, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        }

        if (fd < 0)
        {
            return -1;
        }

        int length = 0;
        fixed (byte* bytes = buffer)
        {
            nint got;
            while (length < buffer.Length && (got = Libc.read(fd, bytes + length, (nuint)(buffer.Length - length))) != 0)
            {
                if (got < 0)
                {
                    length = -1; // Also a process that ended under our eyes: ESRCH.
                    break;
                }

                length += (int)got;
            }
        }

        _ = Libc.close(fd);
        return length;
    }
}
