using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Deploy.Store;

/// <summary>One connection to SQLite with its statements, prepared once and kept. Not for two threads at once.</summary>
internal sealed class StoreConnection : IDisposable
{
    private const int BusySeconds = 5; // ours: another process that writes, e.g. a second client's, has its turn in milliseconds
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'"; // UTC, of one width: sorts as text

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> statements = new(StringComparer.Ordinal);
    private bool? syncs;

    private StoreConnection(SqliteConnection connection) => this.connection = connection;

    /// <param name="path">The file, which is there; null is a new store in memory.</param>
    /// <param name="reads">True where nothing will be written.</param>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static StoreConnection Open(string? path, bool reads)
    {
        Sqlite.Prepare();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path ?? ":memory:",
            Mode = path is null ? SqliteOpenMode.Memory : reads ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            var opened = new StoreConnection(connection);
            opened.Run("PRAGMA temp_store = MEMORY"); // nothing in /tmp
            return opened;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement with values for <c>$1</c>, <c>$2</c>, … and says how many rows it changed.</summary>
    public int Run(string statement, params ReadOnlySpan<object?> values) => Bind(statement, values).ExecuteNonQuery();

    /// <summary>The rows that a statement gives.</summary>
    public List<T> Rows<T>(string statement, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(statement, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The one number that a statement gives; null for no row, or NULL.</summary>
    public long? Number(string statement, params ReadOnlySpan<object?> values) => Bind(statement, values).ExecuteScalar() as long?;

    /// <summary>Whether the transactions from now on are on disk at their end, or in the system's hands alone. Outside of one.</summary>
    public void Syncs(bool whether)
    {
        if (syncs != whether)
        {
            Run(whether ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            syncs = whether;
        }
    }

    /// <summary>Ends a transaction that failed, where it has not ended itself.</summary>
    public void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does after some errors; or the next BEGIN will say what is wrong.
        }
    }

    /// <summary>True where the file is not at its path any more: what is written then is lost.</summary>
    public bool HasMoved => Sqlite.HasMoved(connection.Handle!);

    /// <summary>What the system said of the last failure, e.g. <c>No space left on device</c>; null where it said nothing.</summary>
    public string? SystemSays => Sqlite.SystemSays(connection.Handle!);

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    /// <summary>A time as it is kept.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A time as it is kept; null is none.</summary>
    public static string? Text(DateTimeOffset? time) => time is { } some ? Text(some) : null;

    /// <summary>The time in a column.</summary>
    public static DateTimeOffset Time(SqliteDataReader row, int column) =>
        new(DateTime.ParseExact(row.GetString(column), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), TimeSpan.Zero);

    /// <summary>The text in a column, or null.</summary>
    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private SqliteCommand Bind(string statement, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(statement, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this room: nothing from outside stands in a statement.
            command.CommandText = statement;
#pragma warning restore CA2100
            for (int at = 1; at <= values.Length; at++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${at}") });
            }

            statements.Add(statement, command);
        }

        for (int at = 0; at < values.Length; at++)
        {
            command.Parameters[at].Value = values[at] ?? DBNull.Value;
        }

        return command;
    }
}
