using System.Runtime.InteropServices;

namespace Deploy.Tui.Screen.Real;

/// <summary>The signals that concern a terminal, taken while it is ours.</summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> held = [];
    private readonly Action<TerminalEvent> tell;
    private readonly Action leave;
    private readonly AutoResetEvent goesOn = new(false);
    private PosixSignalRegistration? stop;
    private volatile bool stopsItself;
    private int ends;

    /// <param name="tell">Takes what happened; from any thread.</param>
    /// <param name="leave">Restores the terminal: the second signal that ends kills, as it does without us.</param>
    public TerminalSignals(Action<TerminalEvent> tell, Action leave)
    {
        (this.tell, this.leave) = (tell, leave);
        Hold(PosixSignal.SIGWINCH, _ => tell(new TerminalEvent.Resized()));
        Hold(PosixSignal.SIGCONT, _ =>
        {
            goesOn.Set();
            if (!stopsItself)
            {
                tell(new TerminalEvent.Continued());
            }
        });
        HoldEnd(PosixSignal.SIGHUP, 1);
        HoldEnd(PosixSignal.SIGINT, 2);
        HoldEnd(PosixSignal.SIGQUIT, 3);
        HoldEnd(PosixSignal.SIGTERM, 15);
        HoldStop();
    }

    /// <summary>Stops this process and its group, and comes back when it goes on, or, where nobody can make it go on (no shell with job control), at once.</summary>
    public void Stop()
    {
        stopsItself = true;
        stop?.Dispose(); // the system's own way of SIGTSTP: it stops
        goesOn.Reset();
        StopBy(TerminalCalls.SigStop);
        stopsItself = false;
        HoldStop();
    }

    /// <summary>Stops for want of the terminal, as a process does that reads in the background.</summary>
    public void StopForTerminal()
    {
        stopsItself = true;
        goesOn.Reset();
        StopBy(TerminalCalls.SigTerminalIn);
        stopsItself = false;
    }

    public void Dispose()
    {
        foreach (var signal in held)
        {
            signal.Dispose();
        }

        stop?.Dispose();
    }

    /// <summary>The other threads, this one too, may run on for a moment after the signal was sent.</summary>
    private void StopBy(int signal)
    {
        _ = TerminalCalls.Kill(0, signal);
        goesOn.WaitOne(TimeSpan.FromMilliseconds(250));
    }

    private void HoldStop() => stop = PosixSignalRegistration.Create((PosixSignal)TerminalCalls.SigStop, context =>
    {
        context.Cancel = true;
        tell(new TerminalEvent.AskedToStop());
    });

    private void Hold(PosixSignal signal, Action<PosixSignalContext> act) => held.Add(PosixSignalRegistration.Create(signal, act));

    private void HoldEnd(PosixSignal signal, int number) => Hold(signal, context =>
    {
        if (Interlocked.Increment(ref ends) == 1)
        {
            context.Cancel = true;
            tell(new TerminalEvent.Ended(number));
        }
        else
        {
            leave();
        }
    });
}
