using Deploy.Model;

namespace Deploy.Store;

/// <summary>The tables of a store, and how an older one is brought to this version. <c>user_version</c> says which it has.</summary>
/// <remarks>
/// <code>
/// job       one row a job; id is NULL while what it had is taken away, step by step: it is not there for readers then
/// document  its bytes, the signature that came with them and that of its cancellation, apart: a row of job is written anew with each state
/// host      one row a host of a job; standing is NULL while it is queued, else the JSON of HostStanding without progress and shape
/// shape     one row a digest of a job; content is NULL where it was larger than is kept
/// log       what a host printed, one JSON of LogLine a line
/// lease     one row a job that holds one, the JSON of Lease
/// memory    one row: since when every id that comes is kept here
/// </code>
/// States, orders and kinds stand as their words, times as ISO 8601 in UTC with seven decimals.
/// </remarks>
internal static class Schema
{
    /// <summary>Steps[n] brings a store from version n to n + 1. A step that shipped is never changed.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE job (
          number INTEGER PRIMARY KEY, id TEXT UNIQUE, "order" TEXT NOT NULL, what TEXT NOT NULL, wire TEXT NOT NULL, peer TEXT NOT NULL, asked_by TEXT, as_host TEXT,
          accepted TEXT NOT NULL, not_after TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, started TEXT, ended TEXT, shape_bytes INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX job_accepted ON job (accepted, id);
        CREATE INDEX job_state ON job (state);
        CREATE INDEX job_ended ON job (ended);
        CREATE TABLE document (job INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE host (
          job INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, state TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 0, shape INTEGER, standing TEXT,
          PRIMARY KEY (job, place)) WITHOUT ROWID;
        CREATE INDEX host_name ON host (job, name);
        CREATE INDEX host_state ON host (job, state);
        CREATE TABLE shape (number INTEGER PRIMARY KEY, job INTEGER NOT NULL, digest TEXT NOT NULL, kind TEXT, content BLOB, UNIQUE (job, digest));
        CREATE TABLE log (number INTEGER PRIMARY KEY, job INTEGER NOT NULL, place INTEGER NOT NULL, lines TEXT NOT NULL, UNIQUE (job, place));
        CREATE TABLE lease (job TEXT PRIMARY KEY, lease TEXT NOT NULL);
        """,
        "ALTER TABLE document ADD COLUMN proof TEXT",
        "ALTER TABLE document ADD COLUMN cancel_proof TEXT; CREATE TABLE memory (since TEXT NOT NULL)",
    ];

    private const int ApplicationId = 0x4450_4c59; // "DPLY": another program's database is not ours to change

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings a store that was just opened to this version; a new one gets all of it.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="path">For messages.</param>
    /// <param name="now">When its memory of ids begins, where that begins here.</param>
    /// <exception cref="UserError">It is of a newer version, or of another program.</exception>
    public static void Bring(StoreConnection connection, string? path, DateTimeOffset now)
    {
        bool isNew = connection.Number("SELECT count(*) FROM sqlite_master") == 0;
        Check(connection, path, isNew);
        if (isNew)
        {
            connection.Run("PRAGMA auto_vacuum = INCREMENTAL"); // before the first table
        }

        connection.Run("PRAGMA journal_mode = WAL");
        connection.Syncs(true);
        connection.Run("PRAGMA journal_size_limit = 8388608"); // bytes: what one large write took is given back
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            // Again, alone now: another process may have been quicker.
            long version = Check(connection, path, connection.Number("SELECT count(*) FROM sqlite_master") == 0);
            for (long step = version; step < Version; step++)
            {
                connection.Run(Steps[step]);
            }

            if (version < Version)
            {
                connection.Run($"PRAGMA user_version = {Version}");
                connection.Run($"PRAGMA application_id = {ApplicationId}");
                connection.Run("INSERT INTO memory (since) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM memory)", StoreConnection.Text(now));
            }

            connection.Run("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    private static long Check(StoreConnection connection, string? path, bool isNew)
    {
        long version = connection.Number("PRAGMA user_version") ?? 0;
        if (!isNew && connection.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new UserError($"{path} is a database of another program", ExitCodes.Failed, "name another state directory");
        }

        return version <= Version
            ? version
            : throw new UserError(
                $"{path} was written by a newer deploy: it has version {version}, this program knows {Version}",
                ExitCodes.Failed,
                "install that newer deploy again, or name another state directory");
    }
}
