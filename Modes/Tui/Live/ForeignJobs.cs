using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Tui.Live;

/// <summary>Jobs that agents do by order of others: which agent has which, and each job put together. From any thread.</summary>
/// <param name="own">This user's jobs, which are none of these.</param>
internal sealed class ForeignJobs(IJobs own)
{
    private const int Most = 1000; // ours: the newest; older ones are forgotten here

    private readonly Lock gate = new();
    private readonly Dictionary<JobId, SortedDictionary<string, JobView>> jobs = [];
    private readonly Dictionary<JobId, bool> isOwn = [];

    /// <summary>Whether it is this user's own.</summary>
    public async Task<bool> IsOwnAsync(JobId id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (jobs.ContainsKey(id))
            {
                return false;
            }

            if (isOwn.TryGetValue(id, out bool known) && known)
            {
                return true;
            }
        }

        bool found = await own.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null;
        lock (gate)
        {
            if (isOwn.Count >= Most)
            {
                isOwn.Clear();
            }

            isOwn[id] = found;
        }

        return found;
    }

    /// <summary>Whether an agent's part of a job is here.</summary>
    public bool Has(string agent, JobId id)
    {
        lock (gate)
        {
            return jobs.TryGetValue(id, out var parts) && parts.ContainsKey(agent);
        }
    }

    /// <summary>The agents that have a job.</summary>
    public IReadOnlyList<string> At(JobId id)
    {
        lock (gate)
        {
            return jobs.TryGetValue(id, out var parts) ? [.. parts.Keys] : [];
        }
    }

    /// <summary>Takes an agent's part in; the whole job, or null for this user's own.</summary>
    public async Task<JobView?> TakeAsync(string agent, JobView part, CancellationToken cancellationToken)
    {
        if (await IsOwnAsync(part.Id, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        lock (gate)
        {
            if (!jobs.TryGetValue(part.Id, out var parts))
            {
                jobs.Add(part.Id, parts = new SortedDictionary<string, JobView>(StringComparer.Ordinal));
                if (jobs.Count > Most)
                {
                    jobs.Remove(jobs.Keys.MinBy(id => id.ToString(), StringComparer.Ordinal));
                }
            }

            parts[agent] = part;
            return Merging.Of([.. parts.Select(one => new KnownJob(own, one.Value, one.Key))]);
        }
    }

    /// <summary>Takes how an agent's part stands; how all stand.</summary>
    public JobSummary Take(string agent, JobId id, JobSummary summary)
    {
        lock (gate)
        {
            if (!jobs.TryGetValue(id, out var parts) || !parts.TryGetValue(agent, out var part))
            {
                return summary;
            }

            parts[agent] = part with { State = summary.State, Summary = summary };
            return Merging.Summary([.. parts.Values.Select(one => one.Summary)]);
        }
    }
}
