using System.Runtime.InteropServices;
using Deploy.Logs;
using Deploy.Processes.Native;

namespace Deploy.Processes;

/// <summary>Our end of one pipe of one child, read on the thread of <see cref="ChildLoop"/>.</summary>
internal sealed unsafe class ChildPipe(int fd, IChildOutput output, bool isError, ILog log)
{
    /// <summary>The most that a pipe can hold: /proc/sys/fs/pipe-max-size, 1 MiB unless root raised it.</summary>
    private const int PipeCapacityBytes = 1 << 20;

    private int _fd = fd;
    private bool _complained;

    /// <summary>The descriptor; -1 when it is closed.</summary>
    public int Fd => _fd;

    public bool IsOpen => _fd >= 0;

    /// <summary>Reads once and hands on; closes at the end of the stream. How many bytes it was; 0 when there is nothing (more) to read now.</summary>
    public int Read(Span<byte> buffer)
    {
        if (!IsOpen)
        {
            return 0;
        }

        nint got;
        fixed (byte* bytes = buffer)
        {
            got = Libc.read(_fd, bytes, (nuint)buffer.Length);
        }

        if (got > 0)
        {
            HandOn(buffer[..(int)got]);
            return (int)got;
        }

        int errno = got < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (errno is Libc.EAGAIN or Libc.EINTR)
        {
            return 0;
        }

        if (errno != 0)
        {
            log.Error($"reading a child's output: {Libc.ErrorText(errno)}");
        }

        Close();
        return 0;
    }

    /// <summary>Takes what stands in the pipe at this moment, whoever may still write to it, and closes.</summary>
    public void ReadRestAndClose(Span<byte> buffer)
    {
        for (int taken = 0; taken < PipeCapacityBytes && Read(buffer) > 0; taken += buffer.Length)
        {
        }

        Close();
    }

    public void Close()
    {
        if (IsOpen)
        {
            _ = Libc.close(_fd);
            _fd = -1;
        }
    }

    /// <summary>Whoever takes the output may be wrong; the thread and the other children must not suffer for it.</summary>
    private void HandOn(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (isError)
            {
                output.OnError(bytes);
            }
            else
            {
                output.OnOutput(bytes);
            }
        }
#pragma warning disable CA1031 // Any exception: see above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_complained)
            {
                _complained = true;
                log.Error($"a taker of a child's output failed, its bytes are lost to it: {exception}");
            }
        }
    }
}
