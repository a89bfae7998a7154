using System.Globalization;
using System.Runtime.CompilerServices;
using Deploy.Jobs.Engine.Telling;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>What is asked: memory first, then the store.</summary>
internal sealed partial class JobEngine
{
    /// <summary>Jobs of one page.</summary>
    private const int PageOfJobs = 100;

    /// <summary>Hosts of one page: some 300 KiB of JSON.</summary>
    private const int PageOfHosts = 1000;

    private readonly long[,] ended = new long[(int)JobState.Cancelled + 1, (int)Order.Exec + 1];

    public Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken) =>
        Task.FromResult(Find(id) is { } job ? job.View(time.GetUtcNow()) with { Spec = JobViews.Spec(job.Stored) }
            : store.Find(id) is { } stored ? JobViews.Of(stored, store) with { Spec = JobViews.Spec(stored) }
            : null);

    public Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        // What is in memory alone is laid between what is stored, by the time of acceptance: a page goes from where the last one ended to its own last stored job.
        long from = long.MaxValue;
        string? inStore = null;
        if (query.Cursor?.Split('.', 2) is { } parts && (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out from) || (inStore = parts[1]).Length == 0))
        {
            throw new ArgumentException("not a cursor of jobs");
        }

        var page = store.List(query with { Cursor = inStore }, PageOfJobs);
        long to = page is { Cursor: not null, Items: [.., var last] } ? last.Accepted.UtcTicks : long.MinValue;
        var inMemory = live.Values.Where(job => !job.IsKept).Concat(recent.NotKept()).DistinctBy(job => job.Id)
            .Where(job => job.Stored.Accepted.UtcTicks < from && job.Stored.Accepted.UtcTicks >= to && Fits(job, query));
        var now = time.GetUtcNow();
        return Task.FromResult(new Page<JobView>(
            [
                .. page.Items.Select(stored => (stored.Accepted, View: Find(stored.Id)?.View(now) ?? JobViews.Of(stored, store)))
                    .Concat(inMemory.Select(job => (job.Stored.Accepted, View: job.View(now))))
                    .OrderByDescending(job => job.Accepted).Select(job => job.View),
            ],
            page.Cursor is null ? null : string.Create(CultureInfo.InvariantCulture, $"{to}.{page.Cursor}")));
    }

    public Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken)
    {
        int from = int.TryParse(cursor ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : int.MaxValue;
        if (Find(id) is { } job)
        {
            return Task.FromResult<Page<HostStanding>?>(Page(job, states, from));
        }

        if (store.Find(id) is null)
        {
            return Task.FromResult<Page<HostStanding>?>(null);
        }

        var some = store.Hosts(id, states, from, PageOfHosts);
        return Task.FromResult<Page<HostStanding>?>(new Page<HostStanding>([.. some.Select(host => host.Standing)], some.Count == PageOfHosts ? $"{some[^1].Place + 1}" : null));
    }

    public async IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (id is { } one && Find(one) is null && store.Find(one) is null)
        {
            yield return new JobEvent { Seq = hub.Last, Epoch = hub.Epoch, Time = time.GetUtcNow(), Type = EventType.Hello };
            yield break;
        }

        await foreach (var what in hub.ReadAsync(id, since, () => id is { } job ? Whole(job) : live.Keys.Order(JobIdOrder).SelectMany(Whole), cancellationToken).ConfigureAwait(false))
        {
            yield return what;
        }
    }

    public Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken)
    {
        if (Find(id) is { IsKept: false } job)
        {
            lock (job.Gate)
            {
                return Task.FromResult<IReadOnlyList<Shape>?>(JobContents.Shapes(job));
            }
        }

        return Task.FromResult(store.Find(id) is null ? null : store.Shapes(id));
    }

    public Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken)
    {
        if (Find(id) is { } job)
        {
            lock (job.Gate)
            {
                if (job.Contents.Find(digest) is { } content || !job.IsKept)
                {
                    return Task.FromResult(job.Contents.Find(digest));
                }
            }
        }

        return Task.FromResult(store.Content(id, digest));
    }

    public Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken)
    {
        if (Find(id) is not { IsKept: false } job)
        {
            return Task.FromResult(store.Log(id, host));
        }

        int place = job.Hosts.ToList().FindIndex(name => HostName.Comparer.Equals(name, host));
        lock (job.Gate)
        {
            return Task.FromResult(place < 0 ? null : job.Contents.Log(place));
        }
    }

    public Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken) => Task.FromResult(leases.InForce());

    /// <summary>What is counted, now.</summary>
    public EngineCounters Count() => new()
    {
        Live = live.Values.CountBy(job => (JobViews.Told(job.Stored), job.Stored.Order)).ToDictionary(),
        Ended = Enum.GetValues<JobState>().Where(JobStates.IsTerminal).SelectMany(_ => Enum.GetValues<Order>(), (state, order) => (state, order))
            .ToDictionary(both => both, both => Interlocked.Read(ref ended[(int)both.state, (int)both.order])),
        HostsEnded = Enum.GetValues<HostState>().Where(HostStates.IsTerminal).ToDictionary(state => state, moves.Ended),
        HostsRunning = turns.Running,
        HostsWaiting = live.Values.Sum(job => job.Rollout.Waiting),
        StoreErrors = moves.StoreErrors,
    };

    private static IComparer<JobId> JobIdOrder { get; } = Comparer<JobId>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));

    private static bool Fits(LiveJob job, JobQuery query) =>
        (query.State is not { } state || JobViews.Told(job.Stored) == state)
        && (query.Order is not { } order || job.Stored.Order == order)
        && (query.Since is not { } since || job.Stored.Accepted >= since)
        && (query.Host is not { } host || job.Hosts.Contains(host, HostName.Comparer));

    private static Page<HostStanding> Page(LiveJob job, IReadOnlyList<HostState> states, int from)
    {
        var some = new List<HostStanding>();
        lock (job.Gate)
        {
            for (int place = from; place < job.Hosts.Count; place++)
            {
                if (states.Count > 0 && !states.Contains(job[place].State))
                {
                    continue;
                }

                if (some.Count == PageOfHosts)
                {
                    return new Page<HostStanding>(some, $"{place}");
                }

                some.Add(job[place]);
            }
        }

        return new Page<HostStanding>(some, null);
    }

    /// <summary>A job as it stands, as events: every host, then the job, then its end where it has ended.</summary>
    private List<JobEvent> Whole(JobId id)
    {
        var events = new List<JobEvent>();
        var now = time.GetUtcNow();
        if (Find(id) is { } job)
        {
            lock (job.Gate)
            {
                events.AddRange(Enumerable.Range(0, job.Hosts.Count).Select(place => JobEvents.Host(id, job[place], job.Hosts.Count == 1 ? job.Contents.Find(job[place].Shape) : null)));
                Add(job.Stored, job.Summary(now));
            }
        }
        else if (store.Find(id) is { } stored)
        {
            var all = store.Hosts(id, [], 0, int.MaxValue);
            events.AddRange(all.Select(host => JobEvents.Host(id, host.Standing, all.Count == 1 && host.Standing.Shape is { } digest ? store.Content(id, digest) : null)));
            Add(stored, JobViews.Of(stored, store).Summary);
        }

        return events;

        void Add(StoredJob told, JobSummary summary)
        {
            events.Add(JobEvents.Job(EventType.JobState, id, summary, told.Reason));
            if (told.Ended is not null)
            {
                events.Add(JobEvents.Job(EventType.End, id, summary, told.Reason));
            }
        }
    }

    private void CountEnd(StoredJob job) => Interlocked.Increment(ref ended[(int)job.State, (int)job.Order]);
}
