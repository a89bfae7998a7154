using Deploy.Logs;

namespace Deploy.Store;

/// <summary>Takes away what is older than is kept, in steps so small that no write waits long: first a job is hidden, then what it had goes, piece by piece. What a kill left is gone on with.</summary>
internal sealed class Retention(StoreWriter writer, StoreReaders readers, StoreSettings settings, TimeProvider time, ILog log)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1); // ours

    /// <summary>Jobs that may go in one sweep whatever the clock says.</summary>
    private const int Unsuspicious = 10; // ours

    /// <summary>How long a sweep that would take most of all is put off: a clock that is years ahead for an hour must not cost the history.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(1); // ours

    /// <summary>A job that may go: it has ended, and its id need not be known any more.</summary>
    private const string MayGo = "id IS NOT NULL AND ended IS NOT NULL AND state IN ('done', 'stopped', 'cancelled') AND not_after < $1";

    private const string Gone = "job IN (SELECT number FROM job WHERE id IS NULL)";

    /// <summary>Each takes some of what hidden jobs had, a few milliseconds' worth; the next begins where one finds nothing.</summary>
    private static readonly string[] Pieces =
    [
        $"DELETE FROM host WHERE (job, place) IN (SELECT job, place FROM host WHERE {Gone} LIMIT 500)",
        $"DELETE FROM log WHERE number IN (SELECT number FROM log WHERE {Gone} LIMIT 50)",
        $"DELETE FROM shape WHERE number IN (SELECT number FROM shape WHERE {Gone} LIMIT 4)",
        $"DELETE FROM document WHERE {Gone}",
        "DELETE FROM job WHERE id IS NULL",
    ];

    private long? doubtedAt; // monotonic

    /// <summary>Now, then every hour, until it is cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        await Task.Yield(); // a start does not wait for it
        try
        {
            do
            {
                await SweepAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The store closes.
        }
    }

    /// <summary>All that may go just now.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (IsDoubtful())
            {
                return;
            }

            int jobs = 0;
            for (List<string> next; (next = readers.Read(Next)).Count > 0; jobs += next.Count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await writer.WriteAsync(connection => Hide(connection, next));
            }

            if (readers.Read(connection => connection.Number("SELECT 1 FROM job WHERE id IS NULL")) is null)
            {
                return;
            }

            foreach (string piece in Pieces)
            {
                for (int taken = 1; taken > 0;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await writer.WriteAsync(connection => taken = connection.Run(piece));
                }
            }

            await writer.WriteAsync(connection => connection.Run("PRAGMA incremental_vacuum(2000)")); // pages: the file shrinks by 8 MB at most
            log.Info($"{jobs} jobs were older than is kept, and were taken away");
        }
        catch (StoreException)
        {
            // The writer said why; the next hour tries again.
        }
    }

    /// <summary>True where most of all jobs have come to be old at once, for a day from when that was seen first.</summary>
    private bool IsDoubtful()
    {
        var now = time.GetUtcNow();
        long old = readers.Read(connection => connection.Number($"SELECT count(*) FROM job WHERE {MayGo} AND ended < $2", StoreConnection.Text(now), StoreConnection.Text(Oldest(now)))) ?? 0;
        if (old <= Unsuspicious || old * 2 <= readers.Read(connection => connection.Number("SELECT count(id) FROM job")))
        {
            doubtedAt = null;
            return false;
        }

        if (doubtedAt is null)
        {
            doubtedAt = time.GetTimestamp();
            log.Warning($"{old} jobs, most of all that are kept, would be older than {settings.Days} days by the clock, which says {now:u}: they are kept for a day more; set the clock where it is wrong");
        }

        return time.GetElapsedTime(doubtedAt.Value) < Doubt;
    }

    private DateTimeOffset Oldest(DateTimeOffset now) => now - TimeSpan.FromDays(settings.Days);

    /// <summary>Ids of some jobs that go next; empty for none.</summary>
    private List<string> Next(StoreConnection connection)
    {
        var now = time.GetUtcNow();
        var old = connection.Rows(
            $"SELECT id FROM job WHERE {MayGo} AND ended < $2 ORDER BY ended LIMIT 100",
            row => row.GetString(0),
            StoreConnection.Text(now),
            StoreConnection.Text(Oldest(now)));
        long over = (connection.Number("SELECT count(id) FROM job") ?? 0) - settings.Jobs;
        return old.Count > 0 || over <= 0
            ? old
            : connection.Rows($"SELECT id FROM job WHERE {MayGo} ORDER BY ended LIMIT min($2, 100)", row => row.GetString(0), StoreConnection.Text(now), over);
    }

    private static void Hide(StoreConnection connection, List<string> ids)
    {
        foreach (string id in ids)
        {
            connection.Run("DELETE FROM lease WHERE job = $1", id);
            connection.Run("UPDATE job SET id = NULL WHERE id = $1", id);
        }
    }
}
