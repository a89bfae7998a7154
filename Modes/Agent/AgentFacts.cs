using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Agent;

/// <summary>What an agent tells of its one host, itself.</summary>
internal static class AgentFacts
{
    /// <param name="name">What the agent calls itself.</param>
    /// <param name="rsync">Its rsync; null for none.</param>
    /// <param name="jobs">Its jobs: what runs, and how the last syncs ended, as far as the newest page of each goes.</param>
    /// <param name="now">By its clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<HostFacts> OfAsync(string name, RsyncFacts? rsync, IJobs jobs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var running = await jobs.ListAsync(new JobQuery { State = JobState.Running }, cancellationToken).ConfigureAwait(false);
        var syncs = await jobs.ListAsync(new JobQuery { Order = Order.Rsync }, cancellationToken).ConfigureAwait(false);
        var last = new Dictionary<string, LastSync>(StringComparer.Ordinal);
        foreach (var job in syncs.Items.Where(job => job.Ended is not null && !job.What.Contains(' ', StringComparison.Ordinal)))
        {
            // Newest first; a job of an agent has one host.
            if (job.Summary.Counts.FirstOrDefault(count => count.Value > 0).Key is { } word && HostStates.TryParse(word, out var state))
            {
                last.TryAdd(job.What, new LastSync(job.Id, state, job.Ended!.Value));
            }
        }

        return new HostFacts
        {
            Name = name,
            Wire = "v1",
            Reachable = true,
            LastContact = now,
            Version = DeployCommand.Version,
            Rsync = rsync?.Version,
            ClockSkewSeconds = 0,
            Running = running.Items.FirstOrDefault(job => job.Order is Order.Rsync or Order.Exec)?.Id,
            LastSyncs = last.Count == 0 ? null : last,
        };
    }
}
