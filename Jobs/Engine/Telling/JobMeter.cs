using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>Adds the hosts of a job up. What ended is added once; what runs is gone through for each sum, and that is never more than run at once.</summary>
internal sealed class JobMeter
{
    /// <summary>A host on which nothing has moved for so long is stalled. // ours: 30 s</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(30);

    /// <summary>A host is slow that takes so many times what half of them took, and longer than <see cref="SlowAtLeast"/>.</summary>
    private const int SlowTimes = 3;

    /// <summary>Hosts that have ended before any is called slow.</summary>
    private const int SlowFrom = 5;

    private static readonly TimeSpan SlowAtLeast = TimeSpan.FromSeconds(10);

    private readonly List<double> seconds = []; // of hosts that ended, sorted when asked for
    private bool sorted = true;
    private long bytes;
    private JobSummary? told;

    /// <summary>True where a sum says no more than the last one that was asked for; what is guessed does not count.</summary>
    public bool IsTold(JobSummary sum)
    {
        bool same = told is not null && told with { Counts = sum.Counts, EtaSeconds = sum.EtaSeconds } == sum
            && told.Counts.Count == sum.Counts.Count && sum.Counts.All(count => told.Counts.GetValueOrDefault(count.Key) == count.Value);
        told = sum;
        return same;
    }

    /// <summary>Takes in a host that has ended.</summary>
    public void Add(HostStanding ended, Order order)
    {
        bytes += order == Order.Rsync ? ended.Totals?.Bytes ?? 0 : 0;
        if (ended is { Started: { } from, Ended: { } to } && to >= from)
        {
            seconds.Add((to - from).TotalSeconds);
            sorted = false;
        }
    }

    /// <summary>The sum, for a job whose gate is held.</summary>
    public JobSummary Sum(LiveJob job, DateTimeOffset now)
    {
        long done = bytes, total = bytes, rate = 0;
        bool knowsAll = job.Count(HostState.Queued) == 0 && job.Stored.Order == Order.Rsync;
        int stalled = 0, slow = 0;
        foreach (var run in job.Active.Values)
        {
            var standing = job[run.Place];
            if (standing.State.IsTerminal())
            {
                continue;
            }

            done += standing.Progress?.BytesDone ?? 0;
            total += standing.Progress?.BytesTotal ?? 0;
            rate += standing.Progress?.BytesPerSecond ?? 0;
            knowsAll &= standing.Progress?.BytesTotal is not null;
            stalled += standing.State == HostState.Running && run.IsStalled ? 1 : 0;
            slow += standing.State == HostState.Running && run.Took > Slowest() ? 1 : 0;
        }

        return new JobSummary
        {
            State = JobViews.Told(job.Stored),
            Hosts = job.Hosts.Count,
            Counts = JobViews.Counts(job.Count),
            Batch = job.Rollout.Plan.IsRollout ? job.Rollout.Batch : null,
            Batches = job.Rollout.Plan.IsRollout ? job.Rollout.Plan.Ends.Count : null,
            BytesDone = done,
            BytesTotal = knowsAll ? total : null,
            BytesPerSecond = rate > 0 ? rate : null,
            EtaSeconds = Eta(job, now, knowsAll && rate > 0 ? (double)(total - done) / rate : null),
            Stalled = stalled,
            Slow = slow,
        };
    }

    /// <summary>By bytes where all are known, else by hosts: as long for each that is left as it took so far for each that has ended.</summary>
    private int? Eta(LiveJob job, DateTimeOffset now, double? byBytes)
    {
        int left = job.Rollout.Waiting + job.Rollout.Running;
        if (left == 0 || job.Rollout.IsPaused || job.Stored.Started is not { } started)
        {
            return null;
        }

        double? byHosts = seconds.Count > 0 && now > started ? (now - started).TotalSeconds / seconds.Count * left : null;
        return (byBytes ?? byHosts) is { } eta ? (int)Math.Min(Math.Ceiling(Math.Max(eta, 0)), int.MaxValue) : null;
    }

    /// <summary>Longest that is not slow.</summary>
    private TimeSpan Slowest()
    {
        if (seconds.Count < SlowFrom)
        {
            return TimeSpan.MaxValue;
        }

        if (!sorted)
        {
            seconds.Sort();
            sorted = true;
        }

        double limit = seconds[seconds.Count / 2] * SlowTimes;
        return limit > SlowAtLeast.TotalSeconds ? TimeSpan.FromSeconds(limit) : SlowAtLeast;
    }
}
