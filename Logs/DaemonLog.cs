using Deploy.Model.Text;

namespace Deploy.Logs;

/// <summary>The error log and the access log of one daemon. To stderr until <see cref="Use"/> says otherwise.</summary>
/// <remarks>
/// Every message is made safe to print here, whoever composed it. A thread of its own writes: a reader that stalls, or a place that cannot be
/// written, never stops an order. Lines that find no room are dropped and counted, and the count is said with the next line that goes out.
/// </remarks>
internal sealed class DaemonLog : ILog, IDisposable
{
    /// <summary>Lines that wait to be written; a burst of a thousand connections has one or two each.</summary>
    private const int WaitingLines = 2048;

    /// <summary>Characters of one message; a list of pids or a rsync error fits, a hostile name of a megabyte does not.</summary>
    private const int MessageLength = 4096;

    /// <summary>How long the end waits for what is still to be written.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    /// <summary>How long opening files may take before the caller goes on without: it is a disk that hangs, or a stderr that nobody reads.</summary>
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(5);

    private readonly Queue<Item> waiting = new(); // guarded by itself; a monitor, whose wait does not spin first as a task's does
    private readonly Stream standardError;
    private readonly LogSender sender;
    private readonly TimeProvider time;
    private readonly Thread writer;
    private LogPlan plan; // the writer's alone
    private LogSettings open = new() { Write = false }; // what the plan was made of
    private volatile LogSettings current = new() { Write = false };
    private bool isBegun;
    private long lost;
    private bool closed;

    /// <param name="standardError">Takes the lines where no other place is named, and what is wrong with the others; may block.</param>
    /// <param name="sender">Whose lines they are.</param>
    /// <param name="time">Stamps them, and names files by its local time.</param>
    public DaemonLog(Stream standardError, LogSender sender, TimeProvider time)
    {
        this.standardError = standardError;
        this.sender = sender;
        this.time = time;
        plan = LogPlan.Of(open, standardError, sender, time.LocalTimeZone);
        writer = new Thread(Run) { Name = "log", IsBackground = true };
        writer.Start();
    }

    /// <summary>True when the error log is not stderr: an error that ends the daemon has to be in it too.</summary>
    public bool IsElsewhere => current.ErrorPlace != LogSettings.StandardError;

    public bool IsEnabled(LogLevel level) => level <= current.Level;

    public void Write(LogLevel level, string message)
    {
        if (IsEnabled(level))
        {
            Add(level, SafeText.Of(message, MessageLength), null);
        }
    }

    /// <summary>Writes one line of the access log, where one is kept; whatever the level of the error log is.</summary>
    public void Write(AccessEntry request)
    {
        if (current.AccessPlace is not null)
        {
            Add(LogLevel.Info, string.Empty, request);
        }
    }

    /// <summary>Takes the first settings that there are, so that what their file is warned of stands in the log that it names; later ones come by <see cref="Use"/>, once they are in force.</summary>
    public void Begin(LogSettings first)
    {
        if (!isBegun)
        {
            Use(first);
        }
    }

    /// <summary>Takes these settings and opens what they name, at the start and at each reload. What cannot be opened is said, and never thrown.</summary>
    public void Use(LogSettings next)
    {
        isBegun = true;
        current = next;
        Do(() =>
        {
            var now = time.GetUtcNow();
            if (next with { Level = open.Level } == open)
            {
                plan.Reopen(now);
                return;
            }

            var former = plan;
            open = next;
            plan = LogPlan.Of(next, standardError, sender, time.LocalTimeZone);
            former.Dispose();
            plan.Reopen(now);
            former.SayLost(now, plan.Error);
        });
    }

    /// <summary>Opens files anew: after they were moved away.</summary>
    public void Reopen() => Do(() => plan.Reopen(time.GetUtcNow()));

    /// <summary>Waits until all that was said until now is written.</summary>
    public void Flush() => Do(() => { });

    /// <summary>Gives open files, and directories made for them, to the user that the daemon becomes; all bits set leaves a part as it is.</summary>
    public void GiveTo(uint user, uint group) => Do(() => plan.GiveTo(user, group));

    /// <summary>Writes what waits, for a second at most.</summary>
    public void Dispose()
    {
        lock (waiting)
        {
            closed = true;
            Monitor.Pulse(waiting);
        }

        if (writer.Join(FlushTime))
        {
            plan.SayLost(time.GetUtcNow(), null);
            plan.Dispose();
        }
    }

    private void Add(LogLevel level, string message, AccessEntry? request)
    {
        lock (waiting)
        {
            if (closed || waiting.Count >= WaitingLines)
            {
                lost++;
                return;
            }

            waiting.Enqueue(new Item(new LogEntry(time.GetUtcNow(), level, message, request), null)); // stamped here: lines stand in the order of their times
            Monitor.Pulse(waiting);
        }
    }

    /// <summary>Has the writer do this, after what waits, and waits for it.</summary>
    private void Do(Action work)
    {
        var done = new ManualResetEventSlim(); // not disposed: the writer may come to it after we gave up
        lock (waiting)
        {
            if (closed)
            {
                return;
            }

            waiting.Enqueue(new Item(null, () =>
            {
                work();
                done.Set();
            }));
            Monitor.Pulse(waiting);
        }

        _ = done.Wait(OpenTime);
    }

    private void Run()
    {
        while (Next() is { } item)
        {
            item.Work?.Invoke();
            if (item.Entry is { } entry)
            {
                (entry.Access is null ? plan.Error : plan.Access)?.Write(entry);
            }
        }
    }

    /// <summary>Waits for the next item; how many lines were lost comes before it. Null when the end has come and nothing waits.</summary>
    private Item? Next()
    {
        lock (waiting)
        {
            while (waiting.Count == 0 && lost == 0)
            {
                if (closed)
                {
                    return null;
                }

                Monitor.Wait(waiting);
            }

            if (lost > 0 && waiting.Count <= WaitingLines / 2) // not between each two lines of a flood
            {
                var note = new LogEntry(time.GetUtcNow(), LogLevel.Warning, $"{lost} log lines were lost: more came than could be written");
                lost = 0;
                return new Item(note, null);
            }

            return waiting.Dequeue();
        }
    }

    /// <summary>A line, or something to do between lines.</summary>
    private sealed record Item(LogEntry? Entry, Action? Work);
}
