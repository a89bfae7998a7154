using System.Runtime.InteropServices;
using Deploy.Processes.Native;

namespace Deploy.Processes;

/// <summary>Wakes the thread that waits in poll(2): an eventfd. <see cref="Set"/> may be called from any thread, also after the end.</summary>
internal sealed unsafe class WakeUp : IDisposable
{
    private readonly Lock _lock = new();
    private int _fd;

    /// <exception cref="IOException">There is no descriptor left: the daemon cannot work.</exception>
    public WakeUp()
    {
        _fd = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (_fd < 0)
        {
            throw new IOException($"eventfd: {Libc.ErrorText(Marshal.GetLastPInvokeError())}");
        }
    }

    /// <summary>For poll(2).</summary>
    public int Fd => _fd;

    public void Set()
    {
        lock (_lock) // So that a descriptor of the same number, opened after our end, is never written to.
        {
            ulong one = 1;
            if (_fd >= 0)
            {
                _ = Libc.write(_fd, (byte*)&one, sizeof(ulong));
            }
        }
    }

    /// <summary>Takes the wake-ups so far; the next <see cref="Set"/> wakes again.</summary>
    public void Clear()
    {
        ulong count;
        _ = Libc.read(_fd, (byte*)&count, sizeof(ulong));
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
}
