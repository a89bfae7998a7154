using System.Runtime.InteropServices;
using Deploy.Processes.Native;

namespace Deploy.Processes.Spawn;

/// <summary>The two ends of a pipe: ours is non-blocking, the child's is not; both are close-on-exec and never 0, 1 or 2.</summary>
internal sealed unsafe class PipePair : IDisposable
{
    private int _readEnd = -1;

    /// <summary>The end that the child writes; closed by <see cref="Dispose"/>.</summary>
    public int WriteEnd { get; private set; } = -1;

    /// <summary>A new pipe, or null with an errno (EMFILE, ENFILE).</summary>
    public static PipePair? TryOpen(out int errno)
    {
        int* ends = stackalloc int[2];
        if (Libc.pipe2(ends, Libc.O_CLOEXEC) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return null;
        }

        var pipe = new PipePair { _readEnd = ends[0], WriteEnd = ends[1] };
        errno = 0;
        if (pipe.LeaveStandardNumbers() && Libc.fcntl(pipe._readEnd, Libc.F_SETFL, Libc.O_NONBLOCK) == 0)
        {
            return pipe;
        }

        errno = Marshal.GetLastPInvokeError();
        pipe.Dispose();
        return null;
    }

    /// <summary>Our end, which the caller closes from now on.</summary>
    public int TakeReadEnd()
    {
        int end = _readEnd;
        _readEnd = -1;
        return end;
    }

    public void Dispose()
    {
        Close(_readEnd);
        Close(WriteEnd);
        (_readEnd, WriteEnd) = (-1, -1);
    }

    /// <summary>Where the daemon itself runs without stdin or stdout, a pipe may get their numbers, and the child's file actions would overwrite it.</summary>
    private bool LeaveStandardNumbers()
    {
        int read = AboveStandard(_readEnd);
        if (read < 0)
        {
            return false;
        }

        _readEnd = read;
        int write = AboveStandard(WriteEnd);
        if (write < 0)
        {
            return false;
        }

        WriteEnd = write;
        return true;
    }

    private static int AboveStandard(int fd)
    {
        if (fd > 2)
        {
            return fd;
        }

        int moved = Libc.fcntl(fd, Libc.F_DUPFD_CLOEXEC, 3);
        if (moved >= 0)
        {
            Close(fd);
        }

        return moved;
    }

    private static void Close(int fd)
    {
        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }
    }
}
