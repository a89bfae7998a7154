using System.Threading.Channels;
using Deploy.Logs;
using Microsoft.Data.Sqlite;

namespace Deploy.Store;

/// <summary>
/// The one that writes: all that waits goes into one transaction, and whoever waits hears of it once that is on disk. While the disk is slow the next group gathers, so that no write waits longer
/// than two commits, and nobody sleeps for company.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private const int Waiting = 4096; // ours: who comes then waits for a place
    private const int Grouped = 512; // ours: writes of one transaction, some milliseconds beside the disk's time

    private readonly Channel<Write> waiting = Channel.CreateBounded<Write>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly StoreConnection connection;
    private readonly Lock turn;
    private readonly string? path;
    private readonly ILog log;
    private readonly Task loop;
    private volatile string? trouble;

    /// <param name="connection">Its own from now on.</param>
    /// <param name="turn">Held while a transaction runs.</param>
    /// <param name="path">The file; null in memory.</param>
    /// <param name="log">Takes what goes wrong, and that it is over.</param>
    public StoreWriter(StoreConnection connection, Lock turn, string? path, ILog log)
    {
        (this.connection, this.turn, this.path, this.log) = (connection, turn, path, log);
        loop = GoOnAsync();
    }

    /// <summary>Why the last transaction was not written; null where it was.</summary>
    public string? Trouble => trouble;

    /// <summary>Writes, with others, in one transaction; it is on disk when this ends. What is asked first is written first.</summary>
    /// <param name="write">Runs in the transaction; once more where that fails for another's fault.</param>
    /// <param name="sync">False where a kill must not lose it, and a power cut may: the system has it when this ends, and the disk with the next write that is synced.</param>
    /// <exception cref="StoreException">It is not written.</exception>
    public async Task WriteAsync(Action<StoreConnection> write, bool sync = true)
    {
        var mine = new Write(write, sync);
        try
        {
            await waiting.Writer.WriteAsync(mine);
        }
        catch (ChannelClosedException)
        {
            throw new StoreException("the store is closed: this daemon is stopping");
        }

        await mine.Written;
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        connection.Dispose();
    }

    private async Task GoOnAsync()
    {
        var group = new List<Write>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < Grouped && waiting.Reader.TryRead(out var write))
            {
                group.Add(write);
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<Write> group)
    {
        if (Try(group) is not { } failure)
        {
            group.ForEach(write => write.Succeed());
        }
        else if (group.Count == 1 || failure is { IsOfAll: true })
        {
            group.ForEach(write => write.Fail(failure.Error));
        }
        else
        {
            // One of them is at fault, or is too large for the room that is left: the others need not suffer.
            group.ForEach(write => Commit([write]));
        }
    }

    /// <summary>One transaction; null where it is on disk.</summary>
    private Failure? Try(List<Write> group)
    {
        lock (turn)
        {
            try
            {
                if (path is not null && connection.HasMoved)
                {
                    return Note($"{path} was moved or deleted while it was in use; put it back, or stop this daemon and start it again", isOfAll: true);
                }

                connection.Syncs(group.Exists(write => write.Sync));
                connection.Run("BEGIN IMMEDIATE");
                group.ForEach(write => write.Do(connection));
                connection.Run("COMMIT");
                Recover();
                return null;
            }
            catch (SqliteException e) when (StoreTrouble.IsOfTheWorld(e))
            {
                string message = StoreTrouble.Of(e, path, connection.SystemSays);
                connection.RollBack();
                return Note(message, isOfAll: !StoreTrouble.IsFull(e));
            }
            catch (Exception e)
            {
                // A mistake of whoever asked: told to that one, whose task fails with it.
                connection.RollBack();
                return new Failure(e, IsOfAll: false);
            }
        }
    }

    private Failure Note(string message, bool isOfAll)
    {
        if (trouble != message)
        {
            log.Error(message);
        }

        trouble = message;
        return new Failure(new StoreException(message), isOfAll);
    }

    private void Recover()
    {
        if (trouble is not null)
        {
            trouble = null;
            log.Notice($"{path} can be written again");
        }
    }

    /// <param name="Error">What the callers get.</param>
    /// <param name="IsOfAll">True where no other write would fare better.</param>
    private sealed record Failure(Exception Error, bool IsOfAll);

    /// <summary>A write and whoever waits for it.</summary>
    private sealed class Write(Action<StoreConnection> write, bool sync)
    {
        public bool Sync => sync;

        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => done.Task;

        public void Do(StoreConnection connection) => write(connection);

        public void Succeed() => done.SetResult();

        public void Fail(Exception error) => done.SetException(error);
    }
}
