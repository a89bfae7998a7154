using Deploy.Logs;
using Deploy.Model;
using Deploy.Store.Damage;
using Microsoft.Data.Sqlite;

namespace Deploy.Store;

/// <summary>
/// The jobs that are kept, in SQLite: WAL, one writer whose commits take in all that waits, readers beside it. What a task here stands for is on disk when it ends. Any number of threads may use it.
/// </summary>
internal sealed partial class JobStore : IAsyncDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite; // documents hold what operators wrote, logs what hosts printed

    private readonly StoreWriter writer;
    private readonly StoreReaders readers;
    private readonly StoreDamage damage;
    private readonly CancellationTokenSource closing = new();
    private readonly Task retention;
    private readonly TimeProvider time;
    private readonly DateTimeOffset? made; // by the clock of a start before; null where it was made by this one
    private readonly long opened;

    private JobStore(StoreConnection connection, string? path, StoreSettings settings, TimeProvider time, ILog log)
    {
        var turn = new Lock();
        var now = time.GetUtcNow();
        (this.time, opened) = (time, time.GetTimestamp());
        Schema.Bring(connection, path, now);
        made = MadeBefore(connection, now);
        writer = new StoreWriter(connection, turn, path, log);
        readers = new StoreReaders(path, connection, turn);
        damage = new StoreDamage(path, log);
        retention = new Retention(writer, readers, settings, time, log).KeepAsync(closing.Token);
    }

    /// <summary>Opens it, made or brought to this version where needed.</summary>
    /// <param name="path">The file, in a directory that is there; null keeps all in memory.</param>
    /// <param name="settings">How much is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Takes what goes wrong.</param>
    /// <exception cref="UserError">It is of a newer version, no store, or cannot be opened; names the file and the next step.</exception>
    public static JobStore Open(string? path, StoreSettings settings, TimeProvider time, ILog log)
    {
        StoreConnection? connection = null;
        try
        {
            if (path is not null)
            {
                MakeFile(path);
            }

            connection = StoreConnection.Open(path, reads: false);
            return new JobStore(connection, path, settings, time, log);
        }
        catch (SqliteException e)
        {
            string message = StoreTrouble.Of(e, path, connection?.SystemSays);
            connection?.Dispose();
            throw new UserError($"the jobs cannot be kept: {message}", ExitCodes.Failed, StoreTrouble.IsDamage(e) ? $"e.g. mv {path} {path}.damaged; the jobs in it are lost then" : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the jobs cannot be kept: {e.Message}", ExitCodes.Failed, "name another state directory, or mend this one's permissions");
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Why nothing can be written just now; null where it can. Tried again with each write.</summary>
    public string? Unwritable => writer.Trouble;

    /// <summary>
    /// Since when every id that came is known here: when it was made. A clock that is set meanwhile moves that along, and one that was ahead at the making is not believed: what came since it was
    /// opened is known in any case.
    /// </summary>
    public DateTimeOffset Since
    {
        get
        {
            var here = time.GetUtcNow() - time.GetElapsedTime(opened);
            return made < here ? made.Value : here;
        }
    }

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await retention;
        readers.Dispose();
        await writer.DisposeAsync();
        closing.Dispose();
    }

    /// <summary>When it was made; null where it was just now, and where that is damaged, which is said where a job is met.</summary>
    private static DateTimeOffset? MadeBefore(StoreConnection connection, DateTimeOffset now)
    {
        try
        {
            return connection.Rows("SELECT since FROM memory", row => StoreConnection.Time(row, 0)) is [var since] && since != now ? since : null;
        }
        catch (SqliteException damage) when (StoreTrouble.IsDamage(damage))
        {
            return null;
        }
    }

    /// <summary>SQLite would make it for all to read; what it makes beside it gets the same mode.</summary>
    private static void MakeFile(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = OwnersAlone });
        if ((File.GetUnixFileMode(file.SafeFileHandle) & ~OwnersAlone) != 0)
        {
            File.SetUnixFileMode(file.SafeFileHandle, OwnersAlone);
        }
    }
}
