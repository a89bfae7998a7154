using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Tui.Screen.Real;

/// <summary>
/// The terminal that the process was started on, taken over whole: raw input, the alternate screen, no cursor, no wrapping, pastes in brackets. It is given back once,
/// whichever comes first: <see cref="Restore"/>, the end of the process, an exception that nobody takes, a second signal.
/// </summary>
internal sealed class RealTerminal : ITerminal, IDisposable
{
    private const int ReadBytes = 4096;

    /// <summary>Events that nobody has taken yet, before no more is read: typing ahead waits in the kernel.</summary>
    private const int MostWaiting = 64;

    /// <summary>The wait for a terminal that takes nothing, at the end: 4 such waits at most.</summary>
    private const int LastWaitMilliseconds = 50;

    private readonly TerminalDevice device;
    private readonly TimeProvider time;
    private readonly TerminalSignals signals;
    private readonly Channel<TerminalEvent> events = Channel.CreateUnbounded<TerminalEvent>(new UnboundedChannelOptions { SingleReader = false });
    private readonly Lock gate = new();
    private readonly Thread reader;
    private volatile bool isOver;
    private volatile bool isDisposed;
    private volatile bool isTaken;

    private RealTerminal(TerminalDevice device, TimeProvider time)
    {
        (this.device, this.time) = (device, time);
        signals = new TerminalSignals(Tell, Restore);
        reader = new Thread(ReadAll) { IsBackground = true, Name = "terminal" };
        AppDomain.CurrentDomain.ProcessExit += AtEnd;
        AppDomain.CurrentDomain.UnhandledException += AtCrash;
    }

    public (int Columns, int Rows) Size => device.Size;

    public ChannelReader<TerminalEvent> Events => events.Reader;

    /// <summary>Takes the terminal over. Started in the background it stops first, as programs do, until it is brought to the front.</summary>
    /// <param name="time">The dashboard's clock.</param>
    /// <returns>Null where standard input or output is no terminal, or it cannot be had: then print something plain.</returns>
    public static RealTerminal? Open(TimeProvider time)
    {
        if (!TerminalCalls.IsTerminalDescriptor(0) || !TerminalCalls.IsTerminalDescriptor(1))
        {
            return null;
        }

        // The second is for terminals that control no session, as some containers have them.
        var file = TerminalCalls.Open("/dev/tty") ?? TerminalCalls.Open("/proc/self/fd/1");
        if (file is null)
        {
            return null;
        }

        if (!IsBroughtToFront(file) || TerminalCalls.Settings(file) is not { } before)
        {
            file.Dispose();
            return null;
        }

        var terminal = new RealTerminal(new TerminalDevice(file, before), time);
        terminal.Take();
        terminal.reader.Start();
        return terminal;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (isTaken && !isOver && device.IsInFront)
            {
                device.Write(bytes);
            }
        }
    }

    public void Suspend()
    {
        Leave();
        signals.Stop();
        for (int tries = 0; tries < 3 && !Resume(); tries++)
        {
            signals.StopForTerminal(); // bg instead of fg
        }
    }

    public bool Resume()
    {
        if (device.IsInFront)
        {
            Take();
            return true;
        }

        isTaken = false;
        return false;
    }

    public void Restore()
    {
        if (isOver)
        {
            return;
        }

        isOver = true;
        device.Ring(); // whoever writes to a terminal that takes nothing lets go
        Leave();
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= AtEnd;
        AppDomain.CurrentDomain.UnhandledException -= AtCrash;
        signals.Dispose();
        if (reader.Join(TimeSpan.FromSeconds(1)))
        {
            device.Dispose(); // else left to the end of the process, rather than pulled away under a read
        }
    }

    private static bool IsBroughtToFront(SafeFileHandle file)
    {
        using var never = new ManualResetEvent(false);
        for (int tries = 0; tries < 20 && !TerminalCalls.IsInFront(file); tries++)
        {
            _ = TerminalCalls.Kill(0, TerminalCalls.SigTerminalIn);
            never.WaitOne(TimeSpan.FromMilliseconds(50)); // this thread may run on for a moment after the signal
        }

        return TerminalCalls.IsInFront(file);
    }

    private void AtEnd(object? sender, EventArgs args) => Restore();

    private void AtCrash(object sender, UnhandledExceptionEventArgs args) => Restore();

    private void Tell(TerminalEvent what)
    {
        // A storm of signals is not kept whole; that it is over always is.
        if (what is TerminalEvent.Ended || events.Reader.Count < 2 * MostWaiting)
        {
            events.Writer.TryWrite(what);
        }

        if (what is TerminalEvent.Ended)
        {
            device.Ring(); // whoever writes to a terminal that takes nothing has to hear of it
        }
    }

    private void Take()
    {
        lock (gate)
        {
            if (!isOver)
            {
                isTaken = true;
                device.MakeRaw();
                device.Write(TerminalModes.Enter);
            }
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            // In the background the terminal is somebody else's: the shell has set it as it likes it.
            if (isTaken && device.IsInFront)
            {
                device.Write(TerminalModes.LeaveAt(device.Size.Rows), LastWaitMilliseconds, mindsBell: false);
                device.PutBack();
            }

            isTaken = false;
        }
    }

    private void ReadAll()
    {
        TerminalCalls.BlockTerminalSignals();
        byte[] bytes = new byte[ReadBytes];
        while (!isOver)
        {
            if (events.Reader.Count >= MostWaiting || !isTaken || !device.IsInFront)
            {
                if (device.HasGone)
                {
                    Tell(new TerminalEvent.Ended(TerminalCalls.SigHangUp));
                    return;
                }

                _ = device.Pause(200);
                continue;
            }

            if (!device.WaitToRead(Timeout.Infinite))
            {
                return;
            }

            // Between looking and reading the terminal may have gone to another: then the read fails, and nothing of theirs is taken.
            int read = isTaken && device.IsInFront ? device.Read(bytes) : -1;
            if (read == 0)
            {
                Tell(new TerminalEvent.Ended(TerminalCalls.SigHangUp));
                return;
            }

            if (read > 0)
            {
                events.Writer.TryWrite(new TerminalEvent.Typed(bytes.AsSpan(0, read).ToArray(), time.GetTimestamp()));
            }
        }
    }
}
