using System.Runtime.InteropServices;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;

namespace Deploy.Processes;

/// <summary>A child that is to outlive this process: watched until it says on its stdout that it is ready, or ends. One thread, no loop of its own.</summary>
internal sealed unsafe class DetachedChild : IDisposable
{
    private readonly IChildOutput _output;
    private readonly int _pid;
    private readonly Lock _gate = new(); // between a signal and the child's end: its pid may be another's after that
    private int _ready;
    private int _error;
    private bool _reaped;

    private DetachedChild(Spawned spawned, IChildOutput output)
    {
        (_pid, _ready, _error) = (spawned.Pid, spawned.OutputFd, spawned.ErrorFd);
        _output = output;
    }

    /// <summary>Starts it, in its own session with default signals; null and why, where that is not possible.</summary>
    public static DetachedChild? TryStart(ChildStart start, out string? problem)
    {
        ChildSignal.StopIgnoring(); // else its exit code would be lost
        bool started = Spawner.TrySpawn(start, out var spawned, out var failure);
        problem = failure?.Reason;
        return started ? new DetachedChild(spawned, start.Output) : null;
    }

    /// <summary>Sends it a signal, unless it has ended. From any thread.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_reaped)
            {
                _ = Libc.kill(_pid, signal);
            }
        }
    }

    /// <summary>Hands on what it says on stderr until it is ready: null; or has ended: its exit code, 128 and the signal for one that was killed.</summary>
    /// <param name="isStopped">True when it shall not become ready any more: then its end is waited for.</param>
    public int? WaitUntilReady(Func<bool> isStopped)
    {
        byte[] buffer = new byte[16 * 1024];
        bool isReady = false;
        Libc.PollFd* waited = stackalloc Libc.PollFd[2];
        while (_ready >= 0 || _error >= 0)
        {
            waited[0] = new Libc.PollFd { Fd = _ready, Events = Libc.POLLIN };
            waited[1] = new Libc.PollFd { Fd = _error, Events = Libc.POLLIN };
            _ = Libc.poll(waited, 2, -1); // a negative descriptor is passed over
            isReady |= Read(ref _ready, buffer, waited[0].Revents, _output.OnOutput);
            while (Read(ref _error, buffer, Libc.POLLIN, _output.OnError))
            {
                // All that it said before it was ready.
            }

            if (isReady && !isStopped())
            {
                return null;
            }
        }

        return Reap();
    }

    public void Dispose()
    {
        Close(ref _ready);
        Close(ref _error);
    }

    /// <summary>Reads once; true when there was something. Closes at the end of the stream.</summary>
    private static bool Read(ref int fd, byte[] buffer, short events, ReadOnlySpanAction take)
    {
        if (fd < 0 || events == 0)
        {
            return false;
        }

        nint got;
        fixed (byte* bytes = buffer)
        {
            got = Libc.read(fd, bytes, (nuint)buffer.Length);
        }

        if (got > 0)
        {
            take(buffer.AsSpan(0, (int)got));
            return true;
        }

        if (got == 0 || Marshal.GetLastPInvokeError() is not (Libc.EAGAIN or Libc.EINTR))
        {
            Close(ref fd);
        }

        return false;
    }

    private int Reap()
    {
        Reaper.AwaitEnd(_pid);
        lock (_gate)
        {
            var state = Reaper.Look(_pid, out int? code, out int? signal);
            Reaper.Reap(_pid);
            _reaped = true;
            return state == ChildState.Ended ? code ?? 128 + signal!.Value : 1;
        }
    }

    private static void Close(ref int fd)
    {
        if (fd >= 0)
        {
            _ = Libc.close(fd);
        }

        fd = -1;
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
