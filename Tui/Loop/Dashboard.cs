using System.Threading.Channels;
using Deploy.Tui.Keys;
using Deploy.Tui.Screen;
using Deploy.Tui.Screen.Real;

namespace Deploy.Tui.Loop;

/// <summary>
/// The loop of a dashboard: it alone changes the model, one message after the other, and draws. Keys come before whatever else waits, so that a key is answered at once in
/// a flood of events; a fleet that tells more than is taken in is held back.
/// </summary>
/// <param name="parts">Model, update, view.</param>
/// <param name="options">How it is shown.</param>
/// <param name="terminal">Taken over already; given back before <see cref="RunAsync"/> ends, however it ends.</param>
/// <param name="fleet">What it shows.</param>
/// <param name="time">The clock.</param>
internal sealed partial class Dashboard<TModel>(DashboardParts<TModel> parts, DashboardOptions options, ITerminal terminal, IFleet fleet, TimeProvider time)
{
    /// <summary>Messages of the fleet that wait; then it waits.</summary>
    private const int MostWaiting = 256;

    /// <summary>Messages of the fleet that are taken in before it is looked whether a picture is due.</summary>
    private const int MostAtOnce = 64;

    /// <summary>Between two pictures that keys ask for, and between two <see cref="Message.Woke"/>.</summary>
    private static readonly TimeSpan KeyPace = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest sleep: the clock may be set meanwhile.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>How long a fleet may take to end once it is told to.</summary>
    private static readonly TimeSpan FleetGrace = TimeSpan.FromSeconds(2);

    private readonly Channel<Message> told = Channel.CreateBounded<Message>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Channel<bool> alarms = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<Message> own = [];
    private readonly KeyDecoder decoder = new();
    private readonly long started = time.GetTimestamp();
    private TModel model = parts.Start;
    private DashboardEnd? end;
    private Frame? shown;
    private TimeSpan? lastDrawn;
    private TimeSpan? lastWoke;
    private Pace wanted;
    private bool saidNotKept;

    /// <summary>How soon a picture is wanted.</summary>
    private enum Pace
    {
        None,
        ByItself,
        ByKey,
        AtOnce,
    }

    private TimeSpan Now => time.GetElapsedTime(started);

    /// <summary>Shows it until it is left.</summary>
    /// <param name="cancellationToken">Leaves it as well.</param>
    /// <exception cref="Exception">Whatever updating, drawing or the fleet throws; the terminal is given back before.</exception>
    public async Task<DashboardEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var alarm = time.CreateTimer(_ => alarms.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var cancelled = cancellationToken.Register(() => alarms.Writer.TryWrite(true));
        var telling = Task.Run(() => fleet.RunAsync(told.Writer, stop.Token), CancellationToken.None);
        try
        {
            TakeSize();
            Do(parts.FirstEffects);
            await LoopAsync(telling, alarm, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            terminal.Restore();
            await stop.CancelAsync().ConfigureAwait(false);
            await WaitForFleetAsync(telling, isCrash: end is null && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        }

        return end ?? new DashboardEnd(null, null);
    }

    private async Task LoopAsync(Task telling, ITimer alarm, CancellationToken cancellationToken)
    {
        Task<bool>? typed = null, heard = null, rung = null;
        while (true)
        {
            TakeAll();
            if (end is not null || cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (telling.IsFaulted)
            {
                await telling.ConfigureAwait(false);
            }

            var due = Draw();
            if (HasWork)
            {
                continue;
            }

            Arm(alarm, due);
            typed = Next(typed, terminal.Events);
            heard = Next(heard, told.Reader);
            rung = Next(rung, alarms.Reader);
            Task[] waits = telling.IsCompleted ? [typed, heard, rung] : [typed, heard, rung, telling];
            await Task.WhenAny(waits).ConfigureAwait(false);
            alarms.Reader.TryRead(out _);
        }

        static Task<bool> Next<T>(Task<bool>? before, ChannelReader<T> reader) => before is { IsCompleted: false } ? before : reader.WaitToReadAsync(CancellationToken.None).AsTask();
    }

    private bool HasWork => own.Count > 0 || terminal.Events.TryPeek(out _) || told.Reader.TryPeek(out _);

    /// <summary>Takes in what has come: all of the terminal, then as much of the fleet as comes before the next key.</summary>
    private void TakeAll()
    {
        TakeTerminal();
        TakeOwn();
        Press(decoder.Expire(Now)); // behind the terminal's bytes: what had come in time is no gap
        if (end is null && IsToWake())
        {
            lastWoke = Now;
            Take(new Message.Woke(), Pace.ByItself);
        }

        for (int taken = 0; end is null && taken < MostAtOnce && !terminal.Events.TryPeek(out _) && told.Reader.TryRead(out var message); taken++)
        {
            Take(message, Pace.ByItself);
        }
    }

    private void TakeTerminal()
    {
        while (end is null && terminal.Events.TryRead(out var what))
        {
            switch (what)
            {
                case TerminalEvent.Typed typed:
                    Press(decoder.Take(typed.Bytes.Span, time.GetElapsedTime(started, typed.Stamp)));
                    break;
                case TerminalEvent.Resized:
                    TakeSize();
                    break;
                case TerminalEvent.AskedToStop:
                    Suspend();
                    break;
                case TerminalEvent.Continued when terminal.Resume():
                    TakeAgain();
                    break;
                case TerminalEvent.Ended ended:
                    end = new DashboardEnd(fleet.Future, ended.Signal);
                    break;
            }
        }
    }

    private void Press(IReadOnlyList<Message> keys)
    {
        foreach (var key in keys)
        {
            if (end is null)
            {
                Take(key, Pace.ByKey);
            }
        }
    }

    private void TakeSize()
    {
        var (columns, rows) = terminal.Size;
        shown = null;
        Take(new Message.Resized(columns, rows), Pace.AtOnce);
    }

    /// <summary>The terminal is in front again, and shows nothing of ours.</summary>
    private void TakeAgain()
    {
        TakeSize();
        Take(new Message.Resumed(), Pace.AtOnce);
    }

    /// <summary>One message, and what comes of it; then what the loop itself has to say about that.</summary>
    private void Take(Message message, Pace pace)
    {
        Update(message);
        Want(pace);
        TakeOwn();
    }

    private void TakeOwn()
    {
        while (end is null && own.TryDequeue(out var said))
        {
            Update(said);
            Want(Pace.ByKey);
        }
    }

    private void Update(Message message)
    {
        (model, var effects) = parts.Update(model, message with { At = time.GetUtcNow() });
        Do(effects);
    }

    private bool IsToWake() => WakeIn() is { } wait && wait <= TimeSpan.Zero;

    /// <summary>The time until the model wants to be woken; one that asks for a moment that is over is woken again and again, but not faster than it can be drawn.</summary>
    private TimeSpan? WakeIn()
    {
        if (parts.Wake(model) is not { } moment)
        {
            return null;
        }

        var wait = moment - time.GetUtcNow();
        return lastWoke is { } before && before + KeyPace - Now is var pause && pause > wait ? pause : wait;
    }

    private void Want(Pace pace) => wanted = pace > wanted ? pace : wanted;

    /// <summary>Draws, if it is time for it.</summary>
    /// <returns>When it is time; null where no picture is wanted.</returns>
    private TimeSpan? Draw()
    {
        if (wanted == Pace.None)
        {
            return null;
        }

        var due = lastDrawn is not { } before || wanted == Pace.AtOnce ? TimeSpan.Zero : before + (wanted == Pace.ByKey ? KeyPace : TimeSpan.FromSeconds(1.0 / Math.Max(1, options.FramesPerSecond)));
        if (Now < due)
        {
            return due;
        }

        (wanted, lastDrawn) = (Pace.None, Now);
        var frame = Frame.Of(parts.Draw(model), options.Theme, options.IsAscii);
        var bytes = FrameDiff.Between(shown, frame);
        shown = frame;
        if (!bytes.IsEmpty)
        {
            terminal.Write(bytes.Span);
        }

        return null;
    }

    private void Arm(ITimer alarm, TimeSpan? draw)
    {
        var wait = LongestSleep;
        foreach (var one in (TimeSpan?[])[draw - Now, decoder.Due - Now, WakeIn()])
        {
            wait = one < wait ? one.Value : wait;
        }

        // A whole millisecond more than asked for: timers count in these, and one that fires early only fires again.
        alarm.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private async Task WaitForFleetAsync(Task telling, bool isCrash)
    {
        try
        {
            await telling.WaitAsync(FleetGrace, time).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception) when (isCrash)
        {
            // What went wrong is on its way already.
        }
        catch (TimeoutException) when (!telling.IsCompleted)
        {
            // It does not end. The process will, and the operator has his shell back.
        }
    }
}
