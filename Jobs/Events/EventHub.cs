using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>
/// What moves on a daemon, to whoever reads. Publishing never waits: of each subscriber the newest of each host is kept, not a queue, so that a slow or dead reader costs bounded memory and no
/// job a moment. Host states are never dropped but for newer ones of the same host; progress comes once a second and host, summaries four times a second and job.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class EventHub(TimeProvider time)
{
    /// <summary>Changes with each start.</summary>
    public string Epoch { get; } = JobId.New(time.GetUtcNow()).ToString();

    /// <summary>The number of the last event.</summary>
    public long Last => throw new NotImplementedException();

    /// <summary>Tells one event; its number, epoch and time are given here. From any thread.</summary>
    public void Publish(JobEvent what) => throw new NotImplementedException();

    /// <summary>What comes, from now or behind <paramref name="since"/>; ends with a job's <c>end</c> event.</summary>
    /// <param name="job">Null is all jobs.</param>
    /// <param name="since"><c>EPOCH:SEQ</c>, or null.</param>
    /// <param name="standing">Gives the whole as it stands, for a fresh reader and behind a gap: host.state events of each host, then job.state; asked once the reader is subscribed, so that nothing falls between.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<JobEvent> ReadAsync(JobId? job, string? since, Func<IEnumerable<JobEvent>> standing, CancellationToken cancellationToken) => throw new NotImplementedException();
}
