using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Jobs;

/// <summary>The jobs of this host: those that run, and the last <see cref="Limits.FinishedJobs"/> that ended; in memory until the store comes.</summary>
internal sealed class JobTable(TimeProvider time, ILog log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<JobId, Job> running = [];
    private readonly Queue<Job> finished = new();

    /// <summary>Called after each job's end, from any thread.</summary>
    public Action? JobEnded { get; init; }

    /// <summary>Takes an order as a job that runs.</summary>
    public Job Open(Order order, string what, string peer)
    {
        var job = new Job(JobId.New(time.GetUtcNow()), order, what, peer, time.GetUtcNow());
        lock (gate)
        {
            running.Add(job.Id, job);
        }

        return job;
    }

    /// <summary>Ends a job in its terminal state and says so, one line.</summary>
    public void End(Job job, HostState state, string? reason)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            job.End(state, reason, now);
            running.Remove(job.Id);
            finished.Enqueue(job);
            if (finished.Count > Limits.FinishedJobs)
            {
                finished.Dequeue();
            }
        }

        bool bad = state is HostState.Failed or HostState.Partial or HostState.Timeout;
        log.Write(
            bad ? LogLevel.Error : LogLevel.Info,
            $"job {job.Id} {job.Order.Word()} {SafeText.Of(job.What)} from {job.Peer}: {state.Word()}{(reason is null ? string.Empty : ": " + SafeText.Of(reason))} ({(now - job.Accepted).TotalSeconds:0.000} s)");
        JobEnded?.Invoke();
    }

    /// <summary>Ends a job that an exception left open: a bug, which goes on up.</summary>
    public void EndBroken(Job job)
    {
        if (job.Ended is null)
        {
            End(job, HostState.Failed, "an error inside deploy");
        }
    }

    /// <summary>Says at a stop what runs still, one line; nothing where nothing does.</summary>
    /// <param name="grace">How long it is waited for.</param>
    public void SayStopping(TimeSpan grace)
    {
        var under = Snapshot().Where(job => job.Ended is null).Select(job => $"{job.Order.Word()} {job.What} ({job.Id})").ToList();
        if (under.Count > 0)
        {
            log.Notice($"stopping: {under.Count} jobs get up to {grace.TotalSeconds:0} s: {string.Join(", ", under)}");
        }
    }

    /// <summary>What runs and what ended lately, oldest first.</summary>
    public IReadOnlyList<Job> Snapshot()
    {
        lock (gate)
        {
            return [.. finished, .. running.Values];
        }
    }
}
