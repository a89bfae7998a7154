using System.Globalization;
using System.Runtime.CompilerServices;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <content>Reading.</content>
internal sealed partial class EventHub
{
    private const int AtOnce = 64; // ours: events taken under the lock

    /// <summary>After how much quiet a reader hears that it is still connected, and how far it is. // jobs.md</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What comes, from now or behind <paramref name="since"/>; ends with a job's <c>end</c> event. Lines of logs go to readers of their job alone, <c>end</c> too. The number of each event is one
    /// that can be resumed from: it is 0 until a fresh reader has the whole, which a <c>bookmark</c> says.
    /// </summary>
    /// <param name="job">Null is all jobs.</param>
    /// <param name="since"><c>EPOCH:SEQ</c>, or null.</param>
    /// <param name="standing">
    /// Gives the whole as it stands, for a fresh reader and behind a gap: host.state events of each host, then job.state; asked once the reader is subscribed, so that nothing falls between. Of one
    /// job that has ended the stream ends behind it; of one of which it says nothing, at once.
    /// </param>
    /// <param name="cancellationToken">Ends it, with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<JobEvent> ReadAsync(
        JobId? job, string? since, Func<IEnumerable<JobEvent>> standing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new Reader(this, job);
        bool isFresh = since is null || since == At(0);
        long position = reader.Resumes(since) ?? 0;
        bool needsWhole = position == 0;
        yield return Own(EventType.Hello, position, job);
        if (needsWhole && !isFresh)
        {
            yield return Own(EventType.Gap, 0, job);
        }

        bool isAgain = false;
        var events = new JobEvent[AtOnce];
        while (true)
        {
            if (needsWhole)
            {
                needsWhole = false;
                position = reader.Begin();
                JobEvent? told = null;
                bool isBehind = false;
                foreach (var what in standing())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    told = what with { Seq = 0, Epoch = Epoch, Time = time.GetUtcNow() };
                    isBehind |= told.Standing is { } host && !host.State.IsTerminal();
                    yield return told;
                }

                if (job is not null && told is null)
                {
                    yield break;
                }

                if (job is not null && IsLast(told!))
                {
                    if (isBehind && !isAgain)
                    {
                        // The job ended while its hosts were told: once more, all of them have ended now.
                        (needsWhole, isAgain) = (true, true);
                        continue;
                    }

                    if (told!.Type == EventType.JobState)
                    {
                        yield return told with { Type = EventType.End };
                    }

                    yield break;
                }

                yield return Own(EventType.Bookmark, position, job);
            }

            int count = reader.Take(ref position, events, out var more, out var end);
            if (count < 0)
            {
                needsWhole = true;
                yield return Own(EventType.Gap, 0, job);
                continue;
            }

            for (int at = 0; at < count; at++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                position = events[at].Seq;
                yield return events[at];
                if (events[at].Type == EventType.End)
                {
                    yield break;
                }
            }

            if (end is not null)
            {
                // Resumed behind the end: it is told again, for else nothing would come.
                yield return end with { Seq = position };
                yield break;
            }

            if (more is not null)
            {
                await more.WaitAsync(Quiet, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                if (!more.IsCompleted)
                {
                    yield return Own(EventType.Bookmark, position, job);
                }
            }
        }
    }

    /// <summary>True where nothing of a job comes behind it.</summary>
    private static bool IsLast(JobEvent what) => what.Type == EventType.End || what is { Type: EventType.JobState, Summary.State: var state } && state.IsTerminal();

    private string At(long seq) => $"{Epoch}:{seq.ToString(CultureInfo.InvariantCulture)}";

    private JobEvent Own(EventType type, long seq, JobId? job) => new() { Seq = seq, Epoch = Epoch, Time = time.GetUtcNow(), Type = type, Job = job };

    /// <summary>One that reads, of one job or of all: it keeps the job's topic, that is all that it costs.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly EventHub hub;
        private readonly JobId? job;
        private JobTopic? topic;

        public Reader(EventHub hub, JobId? job)
        {
            (this.hub, this.job) = (hub, job);
            lock (hub.gate)
            {
                Join();
                hub.Watched(job is null ? 1 : 0);
            }
        }

        private EventLog Log => topic?.Log ?? hub.all;

        /// <summary>The number behind which this reader can go on; null where it cannot.</summary>
        public long? Resumes(string? since)
        {
            if (since is null || !since.StartsWith(hub.Epoch + ":", StringComparison.Ordinal)
                || !long.TryParse(since.AsSpan(hub.Epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long seq))
            {
                return null;
            }

            lock (hub.gate)
            {
                // Of a job of which nothing is held it is not known what was.
                return seq > 0 && seq <= hub.last && seq >= Log.Evicted && (topic is null || Log.Count > 0) ? seq : null;
            }
        }

        /// <summary>From here on nothing is missed.</summary>
        public long Begin()
        {
            lock (hub.gate)
            {
                Leave();
                Join();
                return hub.last;
            }
        }

        /// <summary>The next events; none moves the position to the last and gives what to wait for, or the end where the job has ended; below 0 for a gap.</summary>
        public int Take(ref long position, JobEvent[] events, out Task? more, out JobEvent? end)
        {
            lock (hub.gate)
            {
                (more, end) = (null, null);
                if (position < Log.Evicted)
                {
                    return -1;
                }

                int count = Log.Read(position, events);
                if (count == 0)
                {
                    position = hub.last;
                    end = topic?.End?.Event;
                    more = end is null ? Log.More() : null;
                }

                return count;
            }
        }

        public void Dispose()
        {
            lock (hub.gate)
            {
                Leave();
                hub.Watched(job is null ? -1 : 0);
            }
        }

        private void Join()
        {
            if (job is { } one)
            {
                topic = hub.TopicOf(one);
                topic.Readers++;
            }
        }

        private void Leave()
        {
            if (topic is { } left)
            {
                left.Readers--;
                topic = null;
                if (left is { Readers: 0, Log.Count: 0 } && hub.topics.TryGetValue(left.Job, out var held) && held == left)
                {
                    hub.topics.Remove(left.Job);
                }
            }
        }
    }
}
