using Deploy.Model;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>Jobs that ended lately, in memory: those that are not kept have no other place, of the rest it answers those who ask at once. Bounded by jobs, hosts and bytes; the oldest go.</summary>
internal sealed class RecentJobs
{
    /// <summary>Hosts of all of them together: some 10 MiB.</summary>
    private const int MostHosts = 50_000;

    /// <summary>Bytes of their documents, shapes and prints.</summary>
    private const long MostBytes = 32L * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<JobId, LiveJob> jobs = [];
    private readonly Queue<(LiveJob Job, long Bytes)> order = new();
    private long hosts;
    private long bytes;

    /// <summary>Takes a job that has ended; it stays for a while, however large it is.</summary>
    public void Add(LiveJob job)
    {
        long size = job.Contents.Bytes + job.Stored.Document.Length;
        lock (gate)
        {
            jobs[job.Id] = job;
            order.Enqueue((job, size));
            hosts += job.Hosts.Count;
            bytes += size;
            while (order.Count > 1 && (order.Count > Limits.FinishedJobs || hosts > MostHosts || bytes > MostBytes))
            {
                var (oldest, its) = order.Dequeue();
                jobs.Remove(oldest.Id);
                hosts -= oldest.Hosts.Count;
                bytes -= its;
            }
        }
    }

    /// <summary>Null where it is not there, or no more.</summary>
    public LiveJob? Find(JobId id)
    {
        lock (gate)
        {
            return jobs.GetValueOrDefault(id);
        }
    }

    /// <summary>Those that are in memory alone.</summary>
    public IReadOnlyList<LiveJob> NotKept()
    {
        lock (gate)
        {
            return [.. jobs.Values.Where(job => !job.IsKept)];
        }
    }
}
