using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Rollouts;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>What a daemon before had not ended.</summary>
internal sealed partial class JobEngine
{
    /// <summary>Goes on with every job that had not ended.</summary>
    /// <exception cref="UserError">The store cannot be read.</exception>
    public async Task StartAsync()
    {
        foreach (var stored in store.Unfinished())
        {
            await ReviveAsync(stored).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on with one job of the store; for a journal that several share. Null where it is not known; as it stands where it has ended.</summary>
    public async Task<JobView?> ResumeAsync(JobId id)
    {
        if (Find(id) is null && store.Find(id) is { Ended: null } stored)
        {
            await ReviveAsync(stored).ConfigureAwait(false);
        }

        return await FindAsync(id, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A job of the store goes on.</summary>
    private async Task ReviveAsync(StoredJob stored)
    {
        var all = store.Hosts(stored.Id, [], 0, int.MaxValue);
        JobDocument? document = null;
        if (stored.Wire == "v1" && !JobDocument.TryParse(stored.Document, out document, out var problem))
        {
            log.Error($"job {stored.Id} cannot be gone on with, this version does not read its document: {SafeText.Of(problem.Detail)}");
        }

        document = document?.Signed(stored.Proof);

        var plan = RolloutPlan.Plain(all.Count, settings.FanOut);
        bool isRead = true;
        if (settings.Rollouts && document?.Spec.Rollout is { } asked)
        {
            isRead = RolloutPlan.TryParse(asked, all.Count, settings.RolloutParallel, out var read, out _);
            plan = read ?? plan;
        }

        var rollout = Rollout.Of(plan, [.. all.Select(host => host.Standing.State)]);
        switch (stored.State)
        {
            case JobState.Cancelled:
                rollout.Cancel(stored.Reason ?? "cancelled");
                break;
            case JobState.Stopped:
                rollout.Stop(stored.Reason ?? "stopped");
                break;
            case JobState.Paused:
                rollout.Pause(stored.Reason ?? "paused");
                break;
            default:
                break;
        }

        if (document is null && !rollout.IsOver)
        {
            rollout.Stop("interrupted: the daemon was restarted", Reasons.Interrupted);
        }
        else if (!isRead)
        {
            rollout.Stop("this version does not read its rollout; order it anew", Reasons.Interrupted);
        }

        var job = new LiveJob(stored, document, [.. all.Select(host => host.Standing.Host)], rollout) { IsKept = true, DeadlineAt = Deadline(plan, stored) };
        foreach (var (place, standing) in all)
        {
            job.Restore(place, standing);
        }

        foreach (string digest in store.Contents(stored.Id))
        {
            job.Contents.Claim(digest);
        }

        StopLate(job, time.GetUtcNow()); // before any host starts
        if (TakesLease(job) && rollout.Ending is null && await leases.TakeAsync(job).ConfigureAwait(false) is { } leased)
        {
            rollout.Stop($"its lease ran out: {leased.Detail}");
        }

        log.Notice($"job {job.Id} {stored.Order.Word()} {SafeText.Of(stored.What)} goes on: {string.Join(", ", JobViews.Counts(job.Count).Select(count => $"{count.Value} {count.Key}"))}");
        GoOn(job);
    }
}
