using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Deploy.Store;

/// <summary>Connections for reading beside the writer, opened when they are first needed. A store in memory has one connection, which all share in turns.</summary>
/// <param name="path">The file; null in memory.</param>
/// <param name="shared">The writer's connection.</param>
/// <param name="turn">Held while the writer's connection is used.</param>
internal sealed class StoreReaders(string? path, StoreConnection shared, Lock turn) : IDisposable
{
    private const int Kept = 2; // ours: some 100 KiB each; many agents live in one process

    private readonly ConcurrentBag<StoreConnection> idle = [];
    private volatile bool closed;

    /// <summary>Reads; what one call reads is of one moment where it is one statement.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public T Read<T>(Func<StoreConnection, T> read)
    {
        if (path is null)
        {
            lock (turn)
            {
                return closed ? throw Closed() : read(shared);
            }
        }

        StoreConnection? connection = null;
        try
        {
            if (closed)
            {
                throw Closed();
            }

            connection = idle.TryTake(out var kept) ? kept : StoreConnection.Open(path, reads: true);
            var found = read(connection);
            GiveBack(connection);
            return found;
        }
        catch (SqliteException e) when (StoreTrouble.IsOfTheWorld(e))
        {
            string message = StoreTrouble.Of(e, path, connection?.SystemSays);
            connection?.Dispose();
            throw new StoreException(message);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        lock (turn)
        {
            closed = true;
        }

        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private static StoreException Closed() => new("the store is closed: this daemon is stopping");

    private void GiveBack(StoreConnection connection)
    {
        if (closed || idle.Count >= Kept)
        {
            connection.Dispose();
            return;
        }

        idle.Add(connection);
        if (closed && idle.TryTake(out var late))
        {
            late.Dispose();
        }
    }
}
