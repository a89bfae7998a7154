namespace Deploy.Model.Jobs;

/// <summary>
/// The jobs of a daemon: asked in this house of the engine itself, and across the wire of a client of the v1 API. Whoever shows jobs need not know which.
/// Across the wire what fails on the way is an <see cref="IOException"/> that names the daemon and the next step.
/// </summary>
internal interface IJobs
{
    /// <summary>Takes a job; once this ends it is on disk.</summary>
    Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken);

    /// <summary>Null for an id that is not known.</summary>
    Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="ArgumentException">The cursor is none.</exception>
    Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>The hosts in the order of the job's list; null for a job that is not known.</summary>
    /// <param name="id">The job.</param>
    /// <param name="states">Those that stand there; empty is all.</param>
    /// <param name="cursor">From the page before; null is the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// What happens from now on, or behind <paramref name="since"/>; of one job until its end, of all without end. Begins with <c>hello</c> and, without <paramref name="since"/>, with every host as
    /// it stands. A reader that is slow gets the newest of each host, never all that was between.
    /// </summary>
    /// <param name="id">The job; null is all. Of one that is not known the stream is <c>hello</c> and nothing else.</param>
    /// <param name="since"><c>EPOCH:SEQ</c> of the last event seen; null is from the start. One that is too old gives <c>gap</c>, then every host as it stands.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, CancellationToken cancellationToken);

    /// <summary>Largest first; null for a job that is not known.</summary>
    Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken);

    /// <summary>The content of a shape of a job; null where either is not known.</summary>
    Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken);

    /// <summary>What rsync or the command printed on a host, bounded; null where job or host is not known.</summary>
    Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken);

    /// <summary>Asks something of a job. Cancel ends when every host has ended, or its time is over: the view says which.</summary>
    Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken);

    /// <summary>The leases in force.</summary>
    Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken);

    /// <summary>Takes the leases of a sync group from their jobs, which start no other host; logged. Null where it is done; else why not.</summary>
    Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken);
}
