using System.Threading.Channels;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Security.Rates;

namespace Deploy.Security.Audit;

/// <summary>
/// The audit log of a daemon: append-only records in a chain of hashes. Any thread says what was asked, one writes: all that waits goes to the disk together, and while the disk is slow the next
/// group gathers. What changes something waits until it is on disk (<see cref="WriteAsync"/>) and is not done where that fails; what reads does not wait (<see cref="Note"/>).
/// </summary>
internal sealed class AuditLog : IAsyncDisposable
{
    private const int Grouped = 512; // ours: records that are written at once

    private readonly Channel<Item> waiting = System.Threading.Channels.Channel.CreateBounded<Item>(new BoundedChannelOptions(Limits.AuditWaiting) { SingleReader = true });
    private readonly AuditFile? file;
    private readonly TimeProvider time;
    private readonly ILog log;
    private readonly TokenBucket refusals; // of all who prove nothing together
    private readonly RateTable<string> notes; // of each other one: by key, name, else address
    private readonly CancellationTokenSource stopping = new();
    private readonly Task writing;
    private readonly Task telling;
    private AuditEnd end; // the writer's alone, as the next
    private long? unsynced; // since when there is something that is not on disk
    private long? omittedAt; // when a record last told of some
    private long omitted; // records that were not written, and no record tells of
    private volatile AuditHead head;
    private volatile string? trouble;

    private AuditLog(AuditFile? file, TimeProvider time, ILog log)
    {
        (this.file, this.time, this.log) = (file, time, log);
        refusals = new TokenBucket(Limits.AuditRefusals, Limits.AuditRefusalsPerSecond, time);
        notes = new RateTable<string>(Limits.AuditRefusals, Limits.AuditRefusalsPerSecond, time);
        end = file?.End ?? AuditEnd.None;
        head = new AuditHead(end.Seq, end.Hash);
        writing = WriteOnAsync();
        telling = TellAsync();
    }

    /// <summary>The last record that is on disk.</summary>
    public AuditHead Head => head;

    /// <summary>Why the last records were not written; null where they were.</summary>
    public string? Trouble => trouble;

    /// <summary>Opens the log of a daemon, and goes on with the chain that it finds; what a kill left of a record is closed by one that says so.</summary>
    /// <param name="stateDirectory">Held by this daemon alone; null keeps nothing but the chain's end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told the chain's end at the start, at the stop and every hour, and what goes wrong.</param>
    /// <param name="fullBytes">When a file is put aside; <see cref="Limits.AuditFileBytes"/>.</param>
    /// <param name="mayLack">True: where it cannot be opened, a warning, and nothing is recorded. False: an error.</param>
    /// <exception cref="UserError">It cannot be opened.</exception>
    public static AuditLog Open(string? stateDirectory, TimeProvider time, ILog log, long fullBytes = Limits.AuditFileBytes, bool mayLack = false)
    {
        AuditFile? file = null;
        try
        {
            file = stateDirectory is null ? null : AuditFile.Open(stateDirectory, fullBytes, time, log);
        }
        catch (UserError error) when (mayLack)
        {
            log.Warning($"{error.Message}: nothing that is ordered is recorded in an audit log");
        }

        return new(file, time, log);
    }

    /// <summary>Records something, and waits until it is on disk. Null, or why it is not: then what was asked must not be done.</summary>
    public async Task<string?> WriteAsync(AuditEntry entry)
    {
        var item = new Item(AuditLine.Of(entry, time.GetUtcNow()), new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await waiting.Writer.WriteAsync(item).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return "the audit log is closed: this daemon is stopping";
        }

        return await item.Written!.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Records something that changes nothing: a refusal, or an order that reads. Nobody waits. Where more comes than can be written, or more of one key, or of all unproved peers together, than
    /// <see cref="Limits.AuditRefusals"/>, it is counted, and the number recorded: nobody may push out by it what changed something.
    /// </summary>
    public void Note(AuditEntry entry)
    {
        bool isFlood = !(entry is { Refusal: not null, Who.IsProved: false } ? refusals.Take(out _) : notes.Take(entry.Who.Key ?? (entry.Who.Name.Length > 0 ? entry.Who.Name : entry.Peer.ToString()), out _));
        if (isFlood || !waiting.Writer.TryWrite(new Item(AuditLine.Of(entry, time.GetUtcNow()), null)))
        {
            Interlocked.Increment(ref omitted);
        }
    }

    /// <summary>Waits until all that was recorded until now is on disk. Null, or why it is not.</summary>
    public async Task<string?> FlushAsync()
    {
        var item = new Item(null, new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await waiting.Writer.WriteAsync(item).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }

        return await item.Written!.Task.ConfigureAwait(false);
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        waiting.Writer.TryComplete();
        await writing.ConfigureAwait(false);
        await telling.ConfigureAwait(false);
        stopping.Dispose();
        file?.Dispose();
    }

    private async Task WriteOnAsync()
    {
        await Task.Yield(); // not on the caller's time
        var group = new List<Item>();
        while (await MoreAsync().ConfigureAwait(false))
        {
            while (group.Count < Grouped && waiting.Reader.TryRead(out var item))
            {
                group.Add(item);
            }

            Write(group, mustSync: group.Exists(item => item.Written is not null));
            group.Clear();
        }

        Write(group, mustSync: true); // what was counted and not said yet
    }

    /// <summary>Waits for more; what is not on disk goes there when nothing comes, and what could not be written is tried again.</summary>
    private async Task<bool> MoreAsync()
    {
        var more = waiting.Reader.WaitToReadAsync().AsTask();
        while (!more.IsCompleted && (unsynced is not null || Interlocked.Read(ref omitted) > 0))
        {
            try
            {
                await more.WaitAsync(Limits.AuditSyncTime, time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Write([], mustSync: false);
            }
        }

        return await more.ConfigureAwait(false);
    }

    private void Write(List<Item> group, bool mustSync)
    {
        bool sync = mustSync || (unsynced is { } since && time.GetElapsedTime(since) >= Limits.AuditSyncTime);
        string? problem = file?.Prepare(end.Seq);
        var (lines, next, counted) = Chain(group, mustSync);
        if (problem is null && lines.Length > 0)
        {
            problem = file?.Append(lines, sync);
        }
        else if (problem is null)
        {
            problem = sync && unsynced is not null ? file?.Sync() : trouble;
        }

        if (problem is null)
        {
            end = next;
            Interlocked.Add(ref omitted, -counted);
            omittedAt = counted > 0 ? time.GetTimestamp() : omittedAt;
            unsynced = sync || file is null ? null : lines.Length > 0 ? unsynced ?? time.GetTimestamp() : unsynced;
            if (unsynced is null && head.Seq != end.Seq)
            {
                head = new AuditHead(end.Seq, end.Hash);
                file?.Keep(end);
            }
        }
        else
        {
            Interlocked.Add(ref omitted, group.Count(item => item.Line is not null));
        }

        Told(problem);
        group.ForEach(item => item.Written?.SetResult(problem));
    }

    /// <summary>The lines of these, where the chain then ends, and how many records that were not written they tell of.</summary>
    private (byte[] Lines, AuditEnd Next, long Counted) Chain(List<Item> group, bool mustTell)
    {
        using var lines = new MemoryStream();
        var next = end;
        if (file?.Torn is { } torn)
        {
            if (torn.LacksBreak)
            {
                lines.WriteByte((byte)'\n');
            }

            if (torn.Sha256 is not null)
            {
                Add(AuditLine.Closing(torn, time.GetUtcNow()));
            }
        }

        bool isDue = mustTell || trouble is not null || omittedAt is not { } told || time.GetElapsedTime(told) >= Limits.AuditOmittedTime;
        long counted = isDue ? Interlocked.Read(ref omitted) : 0;
        if (counted > 0)
        {
            Add(AuditLine.Omitted(counted, time.GetUtcNow()));
        }

        foreach (var item in group)
        {
            if (item.Line is not null)
            {
                Add(item.Line);
            }
        }

        return (lines.ToArray(), next, counted);

        void Add(AuditLine line)
        {
            byte[] bytes = (line with { Seq = next.Seq + 1, Prev = next.Hash, First = file?.IsEmpty == true && lines.Length == 0 ? true : null }).ToBytes();
            lines.Write(bytes);
            next = new AuditEnd(next.Seq + 1, AuditLine.HashOf(bytes));
        }
    }

    private void Told(string? problem)
    {
        if (problem is not null && problem != trouble)
        {
            log.Error($"{problem}; orders that change something are refused until it can be");
        }
        else if (problem is null && trouble is not null)
        {
            log.Notice("the audit log can be written again");
        }

        trouble = problem;
    }

    /// <summary>Says the chain's end where it is kept by others (syslog): at the start, every hour, at the stop.</summary>
    private async Task TellAsync()
    {
        await Task.Yield();
        using var hours = new PeriodicTimer(Limits.AuditHeadTime, time);
        SayHead();
        try
        {
            while (await hours.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
            {
                await FlushAsync().ConfigureAwait(false);
                SayHead();
            }
        }
        catch (OperationCanceledException)
        {
            await writing.ConfigureAwait(false);
            SayHead();
        }
    }

    private void SayHead()
    {
        var now = head;
        log.Notice($"audit: {now.Seq} records, head {now.Sha256}");
    }

    /// <param name="Line">Its record, not in the chain yet; null for one that only waits.</param>
    /// <param name="Written">Told null, or why it is not written; null where nobody waits.</param>
    private sealed record Item(AuditLine? Line, TaskCompletionSource<string?>? Written);
}
