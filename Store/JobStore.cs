using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Store;

/// <summary>
/// The jobs that are kept, in SQLite: WAL, one writer whose commits take in all that waits, readers beside it. What a task here stands for is on disk when it ends.
/// </summary>
internal sealed class JobStore : IAsyncDisposable
{
    private JobStore()
    {
    }

    /// <summary>Opens it, made or brought to this version where needed.</summary>
    /// <param name="path">The file; null keeps all in memory.</param>
    /// <param name="settings">How much is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Takes what goes wrong.</param>
    /// <exception cref="UserError">It is of a newer version, no store, or cannot be opened; names the file and the next step.</exception>
    public static JobStore Open(string? path, StoreSettings settings, TimeProvider time, ILog log) => throw new NotImplementedException();

    /// <summary>Keeps a new job with all its hosts, queued.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task AddAsync(StoredJob job, IReadOnlyList<string> hosts) => throw new NotImplementedException();

    /// <summary>Keeps where a job stands.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task SaveAsync(JobId id, JobState state, string? reason, DateTimeOffset? started, DateTimeOffset? ended) => throw new NotImplementedException();

    /// <summary>Keeps where a host of a job stands; without its progress.</summary>
    /// <param name="id">The job.</param>
    /// <param name="place">The host's place in the job's list, from 0.</param>
    /// <param name="standing">All of it.</param>
    /// <param name="content">The content of its shape where the job has none yet; else null.</param>
    /// <param name="log">What was printed; empty leaves it.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task SaveAsync(JobId id, int place, HostStanding standing, ShapeContent? content, IReadOnlyList<LogLine> log) => throw new NotImplementedException();

    /// <summary>Null for an id that is not known.</summary>
    public StoredJob? Find(JobId id) => throw new NotImplementedException();

    /// <summary>Newest first.</summary>
    public Page<StoredJob> List(JobQuery query, int most) => throw new NotImplementedException();

    /// <summary>Jobs that had not ended: what a start goes on with; oldest first.</summary>
    public IReadOnlyList<StoredJob> Unfinished() => throw new NotImplementedException();

    /// <summary>The hosts in the order of the list; from a place on, some at most, those that stand in one of the states; empty is all.</summary>
    public IReadOnlyList<(int Place, HostStanding Standing)> Hosts(JobId id, IReadOnlyList<HostState> states, int from, int most) => throw new NotImplementedException();

    /// <summary>How many hosts stand where.</summary>
    public IReadOnlyDictionary<HostState, int> Counts(JobId id) => throw new NotImplementedException();

    /// <summary>Largest first.</summary>
    public IReadOnlyList<Shape> Shapes(JobId id) => throw new NotImplementedException();

    /// <summary>Null where it is not known.</summary>
    public ShapeContent? Content(JobId id, string digest) => throw new NotImplementedException();

    /// <summary>Null where the host is not of the job.</summary>
    public IReadOnlyList<LogLine>? Log(JobId id, string host) => throw new NotImplementedException();

    /// <summary>The leases as they were last kept.</summary>
    public IReadOnlyList<Lease> Leases() => throw new NotImplementedException();

    /// <summary>Keeps a lease of a job; null takes it away.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task SaveAsync(JobId holder, Lease? lease) => throw new NotImplementedException();

    /// <summary>Why nothing can be written just now; null where it can. Tried again with each write.</summary>
    public string? Unwritable => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>How much is kept.</summary>
/// <param name="Days">Jobs that ended longer ago go. // ours: 90</param>
/// <param name="Jobs">The oldest that ended go where there are more. // ours: 10,000</param>
internal sealed record StoreSettings(int Days = 90, int Jobs = 10_000);

/// <summary>A job as it is kept: its document, and what came to it.</summary>
internal sealed record StoredJob
{
    public required JobId Id { get; init; }

    /// <summary>The document's bytes as they were sent.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }

    public required Order Order { get; init; }

    public required string What { get; init; }

    /// <summary><c>v1</c> or <c>legacy</c>.</summary>
    public required string Wire { get; init; }

    /// <summary>Who asked.</summary>
    public required Asker Asker { get; init; }

    public required DateTimeOffset Accepted { get; init; }

    /// <summary>Until when it may start anywhere; its id is kept at least until then.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    public JobState State { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }
}

/// <summary>The store cannot be written: a full disk, a read-only file system. Nothing of what was asked is kept.</summary>
internal sealed class StoreException(string message) : Exception(message);
