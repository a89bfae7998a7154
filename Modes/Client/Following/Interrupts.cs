using System.Runtime.InteropServices;

namespace Deploy.Modes.Client.Following;

/// <summary>Ctrl-C while a job is followed: once asks where it stands, twice leaves it. SIGTERM and SIGHUP leave it at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource leave = new();
    private readonly List<PosixSignalRegistration> signals = [];
    private int count;
    private Action? first;

    /// <summary>Fires when the job is to be left.</summary>
    public CancellationToken Leave => leave.Token;

    /// <summary>Takes the process's own signals.</summary>
    public static Interrupts OfProcess()
    {
        var interrupts = new Interrupts();
        interrupts.signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => interrupts.Take(context, interrupts.Interrupt)));
        foreach (var end in new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            interrupts.signals.Add(PosixSignalRegistration.Create(end, context => interrupts.Take(context, interrupts.End)));
        }

        return interrupts;
    }

    /// <summary>What the first Ctrl-C does; without it the first one leaves.</summary>
    public void OnFirst(Action? act) => first = act;

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        if (Interlocked.Increment(ref count) == 1 && first is { } act)
        {
            act();
        }
        else
        {
            leave.Cancel();
        }
    }

    /// <summary>SIGTERM.</summary>
    public void End() => leave.Cancel();

    public void Dispose()
    {
        foreach (var signal in signals)
        {
            signal.Dispose();
        }

        leave.Dispose();
    }

    /// <summary>Once it is being left, the next signal kills, as it does by default.</summary>
    private void Take(PosixSignalContext context, Action act)
    {
        if (!leave.IsCancellationRequested)
        {
            context.Cancel = true;
            act();
        }
    }
}
