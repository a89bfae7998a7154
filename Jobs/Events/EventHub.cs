using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>
/// What moves on a daemon, to whoever reads. Publishing never waits. The newest of each host and job is held, once for all readers, in the order of its number; a reader is a number and no queue, so
/// that a slow or dead one costs neither memory nor a job a moment, and resuming is the same as having been slow. Host states are never dropped but for newer ones of the same host; progress comes
/// once a second and host, summaries four times a second and job, the last of them always.
/// </summary>
/// <remarks>What is held: of each job until its end two events a host (state, progress), its state, its summary, some lines of logs; behind its end that, until newer ended jobs need the room.</remarks>
/// <param name="time">The clock.</param>
/// <param name="recent">How many events of ended jobs are held. // ours: 10,000, five jobs of 2,000 hosts</param>
internal sealed partial class EventHub(TimeProvider time, int recent = Limits.RecentEvents)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20); // ours: what comes due within one is told together

    private readonly Lock gate = new();
    private readonly Dictionary<JobId, JobTopic> topics = [];
    private readonly EventLog all = new();
    private readonly Queue<EventEntry> ended = new();
    private readonly PriorityQueue<Pace, long> due = new();
    private ITimer? timer;
    private bool isArmed;
    private long last;
    private int endedCount;
    private long endedBytes;

    /// <summary>Changes with each start.</summary>
    public string Epoch { get; } = JobId.New(time.GetUtcNow()).ToString();

    /// <summary>The number of the last event.</summary>
    public long Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    /// <summary>How many events are held, of how many jobs.</summary>
    public (int Events, int Jobs) Held
    {
        get
        {
            lock (gate)
            {
                return (topics.Values.Sum(topic => topic.Log.Count) + facts.Log.Count, topics.Count);
            }
        }
    }

    /// <summary>
    /// Tells one event; its number, epoch and time are given here. From any thread. A job's last is <see cref="EventType.End"/>; where something of it is told later, another end goes behind it.
    /// </summary>
    public void Publish(JobEvent what)
    {
        var job = what.Job ?? throw new ArgumentException("an event of no job");
        lock (gate)
        {
            var topic = TopicOf(job);
            switch (what.Type)
            {
                case EventType.HostState:
                    var host = topic.HostOf(what.Host!);
                    host.Progress.Waiting = null;
                    host.Progress.Told = Drop(host.Progress.Told);
                    host.State = Replace(host.State, topic, what);
                    break;
                case EventType.HostProgress:
                    TellAtPace(topic.HostOf(what.Host!).Progress, what);
                    break;
                case EventType.JobSummary:
                    TellAtPace(topic.Summary, what);
                    break;
                case EventType.JobState:
                    topic.Summary.Waiting = null;
                    topic.Summary.Told = Drop(topic.Summary.Told);
                    topic.State = Replace(topic.State, topic, what);
                    break;
                case EventType.HostLog:
                    TellLine(topic, what);
                    break;
                case EventType.End:
                    TellEnd(topic, what);
                    break;
                default:
                    throw new ArgumentException($"{what.Type} is the hub's own");
            }

            MakeRoom();
        }
    }

    private JobTopic TopicOf(JobId job)
    {
        if (!topics.TryGetValue(job, out var topic))
        {
            topics.Add(job, topic = new JobTopic(job));
        }

        return topic;
    }

    private EventEntry Replace(EventEntry? old, JobTopic topic, JobEvent what)
    {
        Drop(old);
        return Tell(topic, what);
    }

    private EventEntry Tell(JobTopic topic, JobEvent what)
    {
        // A reader that finds no content asks for it.
        bool isTooMuch = what.Content is { } content && topic.ContentBytes + content.Bytes.Length > Limits.EventContentBytes;
        var entry = new EventEntry(topic, what with { Seq = ++last, Epoch = Epoch, Time = time.GetUtcNow(), Content = isTooMuch ? null : what.Content });
        topic.ContentBytes += entry.ContentBytes;
        topic.Log.Append(entry);
        if (IsForAll(what))
        {
            all.Append(entry);
        }

        if (topic.HasEnded)
        {
            Retire(entry);
        }

        return entry;
    }

    /// <summary>Takes an entry out, where there is one.</summary>
    private EventEntry? Drop(EventEntry? entry)
    {
        if (entry?.Event is not { } what)
        {
            return null;
        }

        entry.Topic.ContentBytes -= entry.ContentBytes;
        if (entry.IsRecent)
        {
            endedCount--;
            endedBytes -= entry.ContentBytes;
        }

        entry.Clear();
        entry.Topic.Log.Cleared();
        if (IsForAll(what))
        {
            all.Cleared();
        }

        return null;
    }

    private void TellAtPace(Pace pace, JobEvent what)
    {
        if (pace.Next is not { } next || time.GetTimestamp() >= next)
        {
            pace.Waiting = what;
            TellWaiting(pace);
            return;
        }

        pace.Waiting = what;
        if (!pace.IsQueued)
        {
            pace.IsQueued = true;
            due.Enqueue(pace, next);
            Arm();
        }
    }

    private void TellWaiting(Pace pace)
    {
        if (pace.Waiting is { } what)
        {
            pace.Waiting = null;
            pace.Next = time.GetTimestamp() + (long)(pace.Least.TotalSeconds * time.TimestampFrequency);
            pace.Told = Replace(pace.Told, pace.Topic, what);
        }
    }

    private void TellLine(JobTopic topic, JobEvent what)
    {
        topic.Lines.Enqueue(Tell(topic, what));
        topic.LinesSize += Size(what);
        while (topic.Lines.Count > Limits.EventLines || topic.LinesSize > Limits.EventLinesSize)
        {
            // Best effort: whoever wants all asks for the log.
            var oldest = topic.Lines.Dequeue();
            topic.LinesSize -= oldest.Event is { } line ? Size(line) : 0;
            Drop(oldest);
        }
    }

    private static bool IsForAll(JobEvent what) => what.Type is not (EventType.HostLog or EventType.End);

    private static int Size(JobEvent what) => what.Log?.Text.Length ?? 0;

    private void TellEnd(JobTopic topic, JobEvent what)
    {
        foreach (var pace in topic.Paces)
        {
            TellWaiting(pace);
        }

        topic.End = Replace(topic.End, topic, what);
        if (!topic.HasEnded)
        {
            topic.HasEnded = true;
            foreach (var entry in topic.Log.Entries)
            {
                Retire(entry);
            }
        }
    }

    private void Retire(EventEntry entry)
    {
        entry.IsRecent = true;
        endedCount++;
        endedBytes += entry.ContentBytes;
        ended.Enqueue(entry);
    }

    /// <summary>Takes out the oldest of ended jobs where there are too many: readers that are behind them hear of a gap.</summary>
    private void MakeRoom()
    {
        while (ended.TryPeek(out var entry) && (entry.Event is null || endedCount > recent || endedBytes > Limits.EventContentBytes))
        {
            ended.Dequeue();
            if (entry.Event is not { } what)
            {
                continue; // Something newer took its place, at the end of the queue.
            }

            Drop(entry);
            if (what.Type != EventType.HostLog)
            {
                entry.Topic.Log.Evict(entry.Seq);
            }

            if (IsForAll(what))
            {
                all.Evict(entry.Seq);
            }

            if (entry.Topic.Log.Count == 0)
            {
                topics.Remove(entry.Topic.Job);
            }
        }
    }

    private void Arm()
    {
        if (isArmed || !due.TryPeek(out _, out long first))
        {
            return;
        }

        isArmed = true;
        timer ??= time.CreateTimer(_ => TellDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = time.GetElapsedTime(time.GetTimestamp(), first);
        timer.Change(left > Tick ? left : Tick, Timeout.InfiniteTimeSpan);
    }

    private void TellDue()
    {
        lock (gate)
        {
            isArmed = false;
            while (due.TryPeek(out var pace, out long at) && at <= time.GetTimestamp())
            {
                due.Dequeue();
                pace.IsQueued = false;
                TellWaiting(pace);
            }

            Arm();
        }
    }
}
