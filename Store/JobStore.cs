using Deploy.Logs;
using Deploy.Model;
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
    private readonly CancellationTokenSource closing = new();
    private readonly Task retention;

    private JobStore(StoreConnection connection, string? path, StoreSettings settings, TimeProvider time, ILog log)
    {
        var turn = new Lock();
        writer = new StoreWriter(connection, turn, path, log);
        readers = new StoreReaders(path, connection, turn);
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
            Schema.Bring(connection, path);
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

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await retention;
        readers.Dispose();
        await writer.DisposeAsync();
        closing.Dispose();
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
