using System.Text.Json;
using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Rollouts;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>An order that came on the original's wire.</summary>
/// <param name="Order">Which.</param>
/// <param name="What">What it is about, as it came.</param>
/// <param name="Hosts">At least one, each once.</param>
/// <param name="Asker">Who.</param>
internal sealed record AdoptedOrder(Order Order, string What, IReadOnlyList<string> Hosts, Asker Asker)
{
    /// <summary>Where its hosts stand at first: an agent's runs, a proxy's may be out of reach.</summary>
    public HostState Begins { get; init; } = HostState.Running;
}

/// <summary>Orders of the original's wire as jobs: they are known and kept like all others, and never refused or held up for it.</summary>
internal sealed partial class JobEngine
{
    /// <summary>Takes an order as a job whose hosts all run, or are being reached; its code ends it. Where it cannot be kept it is in memory alone.</summary>
    public async Task<AdoptedJob> AdoptAsync(AdoptedOrder order)
    {
        var now = time.GetUtcNow();
        var spec = new JobSpec { Id = JobId.New(now), Order = order.Order, Hosts = HostFold.Fold(order.Hosts), Group = SafeText.Of(order.What, Limits.JobSubject) };
        var stored = new StoredJob
        {
            Id = spec.Id,
            Document = spec.IsKept ? JsonSerializer.SerializeToUtf8Bytes(spec, V1Json.Default.JobSpec) : default,
            Order = order.Order,
            What = order.What,
            Wire = "legacy",
            Asker = order.Asker,
            Accepted = now,
            NotAfter = now + settings.OrderLifetime,
            State = JobState.Running,
            Started = now,
        };
        var rollout = new Rollout(RolloutPlan.Plain(order.Hosts.Count, order.Hosts.Count));
        while (rollout.TryStart(out _))
        {
            // All of them run.
        }

        bool kept = spec.IsKept && await TryKeepAsync(stored, order).ConfigureAwait(false);
        var job = new LiveJob(stored, null, order.Hosts, rollout) { IsKept = kept, IsHeld = true };
        lock (job.Gate)
        {
            live[job.Id] = job;
            for (int place = 0; place < order.Hosts.Count; place++)
            {
                job.Put(place, Begun(order, place, now));
                hub.Publish(JobEvents.Host(job.Id, job[place]));
            }

            hub.Publish(JobEvents.Job(EventType.JobState, job.Id, job.Summary(now)));
        }

        return new AdoptedJob(job, moves, () => SettleAsync(job));
    }

    private static HostStanding Begun(AdoptedOrder order, int place, DateTimeOffset now) => new() { Host = order.Hosts[place], State = order.Begins, Rev = 1, Started = now };

    /// <summary>That it may run is on disk as well: after a restart it is known to have been interrupted.</summary>
    private async Task<bool> TryKeepAsync(StoredJob job, AdoptedOrder order)
    {
        var added = store.AddAsync(job, order.Hosts);
        try
        {
            await Task.WhenAll([added, .. order.Hosts.Select((_, place) => store.SaveAsync(job.Id, place, Begun(order, place, job.Accepted), null, []))]).ConfigureAwait(false);
        }
        catch (Exception error) when (error is StoreException or ArgumentException)
        {
            log.Write(Logs.LogLevel.Error, $"job {job.Id}: {(added.IsCompletedSuccessfully ? "that it runs" : "it")} is not kept: {SafeText.Of(error.Message)}");
        }

        return added.IsCompletedSuccessfully; // then its end is to be kept too, or a restart would find it cut short
    }
}
