using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Microsoft.Data.Sqlite;

namespace Deploy.Store;

/// <content>What is read. Each throws <see cref="StoreException"/> where the file cannot be read.</content>
internal sealed partial class JobStore
{
    private const string Jobs =
        """
        SELECT id, bytes, "order", what, wire, peer, asked_by, as_host, accepted, not_after, state, reason, started, ended, proof, cancel_proof FROM job JOIN document ON document.job = number
        """;

    private const string Standings = "SELECT place, name, standing, digest, host.state, rev FROM host LEFT JOIN shape ON shape.number = host.shape";

    /// <summary>Null for an id that is not known.</summary>
    public StoredJob? Find(JobId id) => readers.Read(connection => connection.Rows($"{Jobs} WHERE id = $1", Job, id.ToString())).FirstOrDefault();

    /// <summary>Newest first, by when they were accepted.</summary>
    /// <param name="query">Which; its cursor is a <see cref="JobCursor"/>.</param>
    /// <param name="most">How many.</param>
    /// <exception cref="ArgumentException">The cursor is none.</exception>
    public Page<StoredJob> List(JobQuery query, int most)
    {
        JobCursor? after = null;
        if (query.Cursor is { } text && !JobCursor.TryParse(text, out after))
        {
            throw new ArgumentException("not a cursor of jobs");
        }

        (object? accepted, object? id) = (StoreConnection.Text(after?.Accepted), after?.Id.ToString());
        while (true)
        {
            // One more than asked for says whether there is another page.
            var rows = readers.Read(connection => connection.Rows(
                $"""
                {Jobs} WHERE id IS NOT NULL AND ($1 IS NULL OR iif(ended IS NULL AND state IN ('stopped', 'cancelled'), 'running', state) = $1) AND ($2 IS NULL OR "order" = $2) AND ($3 IS NULL OR accepted >= $3)
                  AND ($4 IS NULL OR (accepted, id) < ($4, $5)) AND ($6 IS NULL OR EXISTS (SELECT 1 FROM host WHERE host.job = number AND name = $6))
                ORDER BY accepted DESC, id DESC LIMIT $7
                """,
                row => (Job: JobOrNone(row), Accepted: row.GetValue(8), Id: row.GetValue(0)),
                query.State?.Word(),
                query.Order?.Word(),
                StoreConnection.Text(query.Since),
                accepted,
                id,
                query.Host,
                most + 1));
            StoredJob[] found = [.. rows.Take(most).Select(row => row.Job).OfType<StoredJob>()];
            if (rows.Count <= most || found.Length > 0 || rows[most - 1].Accepted is DBNull)
            {
                return new Page<StoredJob>(found, rows.Count > most && found is [.., var last] ? new JobCursor(last.Accepted, last.Id).ToString() : null);
            }

            (_, accepted, id) = rows[most - 1]; // all of these are damaged: those behind them
        }
    }

    /// <summary>Jobs that had not ended: what a start goes on with; oldest first. One that is kept as stopped or cancelled and has no end yet was on its way there.</summary>
    public IReadOnlyList<StoredJob> Unfinished() =>
        [.. readers.Read(connection => connection.Rows($"{Jobs} WHERE id IS NOT NULL AND ended IS NULL ORDER BY accepted, id", JobOrNone)).OfType<StoredJob>()];

    /// <summary>The hosts in the order of the list; from a place on, some at most, those that stand in one of the states; empty is all.</summary>
    public IReadOnlyList<(int Place, HostStanding Standing)> Hosts(JobId id, IReadOnlyList<HostState> states, int from, int most) => readers.Read(connection =>
    {
        string? words = states.Count == 0 ? null : $"[{string.Join(',', states.Select(state => $"\"{state.Word()}\""))}]";
        string one = words is null ? string.Empty : "AND host.state IN (SELECT value FROM json_each($4))";
        return connection.Rows(
            $"{Standings} WHERE host.job = (SELECT number FROM job WHERE id = $1) AND place >= $2 {one} ORDER BY place LIMIT $3",
            row => (row.GetInt32(0), Standing(row)),
            words is null ? [id.ToString(), from, most] : [id.ToString(), from, most, words]);
    });

    /// <summary>How many hosts stand where; a state in which none stands is left out.</summary>
    public IReadOnlyDictionary<HostState, int> Counts(JobId id) => readers.Read(connection => connection.Rows(
        "SELECT state, count(*) FROM host WHERE job = (SELECT number FROM job WHERE id = $1) GROUP BY state",
        row => (State: HostStates.TryParse(row.GetString(0), out var state) ? state : throw Unknown(row.GetString(0)), Count: row.GetInt32(1)),
        id.ToString())).ToDictionary(row => row.State, row => row.Count);

    /// <summary>Largest first, of equals by digest.</summary>
    public IReadOnlyList<Shape> Shapes(JobId id) => readers.Read(connection =>
    {
        var hosts = connection.Rows(
            "SELECT shape, name FROM host WHERE job = (SELECT number FROM job WHERE id = $1) AND shape IS NOT NULL ORDER BY shape",
            row => (Shape: row.GetInt64(0), Name: row.GetString(1)),
            id.ToString()).GroupBy(row => row.Shape, row => row.Name);
        return hosts.Select(group => ShapeOf(connection, group.Key, [.. group])).OrderByDescending(shape => shape.HostCount).ThenBy(shape => shape.Digest, StringComparer.Ordinal).ToList();
    });

    /// <summary>The digests of a job's shapes whose content is kept.</summary>
    public IReadOnlyList<string> Contents(JobId id) => readers.Read(connection => connection.Rows(
        "SELECT digest FROM shape WHERE job = (SELECT number FROM job WHERE id = $1) AND content IS NOT NULL",
        row => row.GetString(0),
        id.ToString()));

    /// <summary>Null where it is not known, or was larger than is kept.</summary>
    public ShapeContent? Content(JobId id, string digest) => readers.Read(connection => connection.Rows(
        "SELECT kind, content FROM shape WHERE job = (SELECT number FROM job WHERE id = $1) AND digest = $2 AND content IS NOT NULL",
        row => new ShapeContent(Kind(row.GetString(0)), row.GetFieldValue<byte[]>(1)),
        id.ToString(),
        digest)).FirstOrDefault();

    /// <summary>Null where the host is not of the job; empty where nothing was printed.</summary>
    public IReadOnlyList<LogLine>? Log(JobId id, string host) => readers.Read(connection => connection.Rows(
        "SELECT lines FROM host LEFT JOIN log ON log.job = host.job AND log.place = host.place WHERE host.job = (SELECT number FROM job WHERE id = $1) AND name = $2",
        row => row.IsDBNull(0) ? [] : StoredLog.Read(row.GetString(0)),
        id.ToString(),
        host)).FirstOrDefault();

    /// <summary>The leases as they were last kept, in the order of their jobs.</summary>
    public IReadOnlyList<Lease> Leases() =>
        [.. readers.Read(connection => connection.Rows("SELECT lease, job FROM lease ORDER BY job", row => FromJson(row.GetString(0), V1PeerJson.Default.Lease, $"the lease of job {row.GetString(1)}, which is free now"))).OfType<Lease>()];

    /// <summary>Null for a row that is damaged, which is said: one such must not take all others with it.</summary>
    private StoredJob? JobOrNone(SqliteDataReader row)
    {
        try
        {
            return Job(row);
        }
        catch (Exception e) when (e is StoreException or FormatException or InvalidCastException)
        {
            damage.Say($"job {row.GetValue(0)}, which is left out ({e.Message})");
            return null;
        }
    }

    private static StoredJob Job(SqliteDataReader row) => new()
    {
        Id = JobId.TryParse(row.GetString(0), out var id) ? id : throw Unknown(row.GetString(0)),
        Document = row.GetFieldValue<byte[]>(1),
        Order = Orders.TryParse(row.GetString(2), out var order) ? order : throw Unknown(row.GetString(2)),
        What = row.GetString(3),
        Wire = row.GetString(4),
        Asker = new Asker(row.GetString(5), StoreConnection.Text(row, 6), StoreConnection.Text(row, 7)),
        Accepted = StoreConnection.Time(row, 8),
        NotAfter = StoreConnection.Time(row, 9),
        State = JobStates.TryParse(row.GetString(10), out var state) ? state : throw Unknown(row.GetString(10)),
        Reason = StoreConnection.Text(row, 11),
        Started = row.IsDBNull(12) ? null : StoreConnection.Time(row, 12),
        Ended = row.IsDBNull(13) ? null : StoreConnection.Time(row, 13),
        Proof = StoredProof.Read(StoreConnection.Text(row, 14)),
        CancelProof = StoredProof.Read(StoreConnection.Text(row, 15)),
    };

    /// <summary>The columns of <see cref="Standings"/>.</summary>
    private HostStanding Standing(SqliteDataReader row)
    {
        string host = row.GetString(1);
        if (row.IsDBNull(2))
        {
            return new HostStanding { Host = host, State = HostState.Queued };
        }

        var standing = FromJson(row.GetString(2), V1PeerJson.Default.HostStanding, $"what is known of host {host} of a job, but for its state") ?? new HostStanding
        {
            Host = host,
            State = HostStates.TryParse(row.GetString(4), out var state) ? state : HostState.Unknown,
            Rev = row.GetInt64(5),
            Reason = "what else the store had of it is damaged",
        };
        return standing with { Shape = StoreConnection.Text(row, 3) };
    }

    /// <summary>Null for what is damaged, which is said.</summary>
    private T? FromJson<T>(string text, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            damage.Say(what);
            return null;
        }
    }

    private Shape ShapeOf(StoreConnection connection, long shape, List<string> hosts)
    {
        // All its hosts changed the same, or printed the same: any one tells the numbers.
        var (digest, kind, standing) = connection.Rows(
            """
            SELECT digest, coalesce(kind, iif("order" = 'exec', 'output', 'changes')), standing FROM shape JOIN job ON job.number = shape.job JOIN host ON host.job = shape.job AND host.name = $2
            WHERE shape.number = $1 LIMIT 1
            """,
            row => (row.GetString(0), Kind(row.GetString(1)), FromJson(row.GetString(2), V1PeerJson.Default.HostStanding, $"what host {hosts[0]} of a job changed")),
            shape,
            hosts[0])[0];
        return new Shape { Digest = digest, Kind = kind, Hosts = HostFold.Fold(hosts), HostCount = hosts.Count, Totals = standing?.Totals, ExitCode = standing?.ExitCode };
    }

    private static ShapeKind Kind(string word) => word == "changes" ? ShapeKind.Changes : ShapeKind.Output;

    private static StoreException Unknown(string word) => new($"the store is damaged: '{Deploy.Model.Text.SafeText.Of(word)}' stands in it where a word of deploy should; stop this daemon, move its file away and start without it");
}
