using Deploy.Jobs.Engine;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Leases;

/// <summary>
/// Who rolls out what where: a job that syncs holds its sync group on its hosts, alone. A lease lives as long as its job; where its daemon dies it runs out <see cref="Life"/> after the last heartbeat, so
/// that nobody waits for the dead, and a daemon that comes back takes the leases of its jobs up again.
/// </summary>
internal sealed class LeaseBook(JobStore store, TimeProvider time, ILog log)
{
    /// <summary>How long a lease holds without a heartbeat. // issue: some 60 s</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<JobId, Held> held = [];
    private long extendedAt;
    private bool loaded;

    /// <summary>The leases in force, oldest first.</summary>
    public IReadOnlyList<Lease> InForce()
    {
        lock (gate)
        {
            return [.. Current().Select(one => one.Lease).OrderBy(lease => lease.Since)];
        }
    }

    /// <summary>Takes a lease for a job that is to start; null where it has it, else who is in the way.</summary>
    public async Task<Problem?> TakeAsync(LiveJob job)
    {
        var now = time.GetUtcNow();
        var mine = new Held(
            new Lease
            {
                What = job.Stored.What,
                Job = job.Id,
                Hosts = job.Document!.Spec.Hosts,
                Holder = job.Stored.Asker.By,
                Reason = job.Document.Spec.Reason is { } why ? SafeText.Of(why, Limits.JobSubject) : null,
                Since = now,
                Expires = now + Life,
            },
            new HashSet<string>(job.Hosts, HostName.Comparer),
            job);
        Task kept; // begun under the lock, here and below: writes come to the disk in the order in which the book changed
        lock (gate)
        {
            if (Current().FirstOrDefault(other => other.Lease.Job != job.Id && other.Lease.What == mine.Lease.What && other.Names.Overlaps(mine.Names)) is { } other)
            {
                return Leased(other);
            }

            held[job.Id] = mine;
            kept = KeepAsync(job.Id, mine.Lease);
        }

        await kept.ConfigureAwait(false);
        return null;
    }

    /// <summary>Gives a job's lease back; nothing where it has none.</summary>
    public async Task DropAsync(JobId job)
    {
        Task kept;
        lock (gate)
        {
            if (!held.Remove(job))
            {
                return;
            }

            kept = KeepAsync(job, null);
        }

        await kept.ConfigureAwait(false);
    }

    /// <summary>The heartbeat of all leases whose jobs live here; does something every 20 s.</summary>
    public async Task ExtendAsync()
    {
        List<Task> kept = [];
        lock (gate)
        {
            if (held.Count == 0 || (extendedAt != 0 && time.GetElapsedTime(extendedAt) < Heartbeat))
            {
                return;
            }

            extendedAt = time.GetTimestamp();
            foreach (var one in held.Values.Where(one => one.Living is not null).ToList())
            {
                var longer = one.Lease with { Expires = time.GetUtcNow() + Life };
                held[longer.Job] = one with { Lease = longer };
                kept.Add(KeepAsync(longer.Job, longer));
            }
        }

        await Task.WhenAll(kept).ConfigureAwait(false);
    }

    /// <summary>Names moments, no ages: whoever asks again is told the same until something has changed.</summary>
    private static Problem Leased(Held other) => new(
        ProblemTypes.Leased,
        409,
        "somebody else rolls this out",
        $"{SafeText.Of(other.Lease.What)} is held on {HostsIn(other.Lease.Hosts)} by {SafeText.Of(other.Lease.Holder ?? "somebody")} with job {other.Lease.Job} since {other.Lease.Since:u}"
            + $"{(other.Lease.Reason is { } why ? $" ({why})" : string.Empty)}; {other.Living switch
            {
                null => $"its daemon was stopped, it runs out at {other.Lease.Expires:u}",
                { Stored.State: JobState.Paused } => "the job is paused, and holds it until it is resumed or cancelled",
                _ => "the job runs",
            }}")
    {
        Hint = $"wait for it with --wait, or take it: deploy client steal '{SafeText.Of(other.Lease.What)}' --reason WHY",
        Job = other.Lease.Job,
    };

    private static string HostsIn(string folded) => folded.Length <= 80 ? folded : folded[..80] + "…";

    /// <summary>Those of jobs that live here, whatever the clock says, and those that have not run out.</summary>
    private IEnumerable<Held> Current()
    {
        if (!loaded)
        {
            foreach (var lease in store.Leases())
            {
                held.TryAdd(lease.Job, new Held(lease, FrozenHosts.TryParse(lease.Hosts, out var hosts, out _) ? new HashSet<string>(hosts.Expand(), HostName.Comparer) : [], Living: null));
            }

            loaded = true;
        }

        var now = time.GetUtcNow();
        return held.Values.Where(one => one.Living is not null || (one.Lease.Expires > now && one.Lease.Expires <= now + Life));
    }

    /// <summary>What cannot be written costs the taking over after a restart, not the job.</summary>
    private async Task KeepAsync(JobId job, Lease? lease)
    {
        try
        {
            await store.SaveAsync(job, lease).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            log.Warning($"job {job}: its lease is not kept: {SafeText.Of(error.Message)}");
        }
    }

    /// <param name="Lease">As it is told.</param>
    /// <param name="Names">Its hosts.</param>
    /// <param name="Living">Its job, where that lives in this daemon; else null.</param>
    private sealed record Held(Lease Lease, HashSet<string> Names, LiveJob? Living);
}
