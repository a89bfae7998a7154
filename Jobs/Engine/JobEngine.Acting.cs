using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Rollouts;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>What is asked of jobs that are there, and the engine's own start and stop.</summary>
internal sealed partial class JobEngine
{
    public async Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken)
    {
        LiveJob? job;
        while ((job = Find(id)) is null)
        {
            if (Coming(id) is { } coming)
            {
                await coming.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (store.Find(id) is { Ended: not null } ended)
            {
                return new Submission.Taken(JobViews.Of(ended, store), IsNew: false);
            }
            else if (NotHere(id, act) is { } problem)
            {
                return new Submission.Refused(problem);
            }
        }

        if (job.IsHeld)
        {
            return new Submission.Refused(new Problem(ProblemTypes.Busy, 409, "an order of the original's wire", $"job {id} came on the original's wire, and whoever asked there waits for its end: it cannot be acted on here")
            {
                Hint = job.Stored.Order == Order.Rsync ? $"stop its sync with: deploy client rkill {SafeText.Of(job.Stored.What)}" : "wait for its end",
                Job = id,
            });
        }

        string who = $"by {SafeText.Of(asker.By ?? asker.Peer)}";
        lock (job.Gate)
        {
            switch (act)
            {
                case JobAct.Cancel when !job.Rollout.IsOver:
                    job.Rollout.Cancel($"cancelled {who}");
                    break;
                case JobAct.Pause:
                    job.Rollout.Pause($"paused {who}");
                    break;
                case JobAct.Resume:
                    job.Rollout.Resume();
                    break;
                default:
                    break;
            }
        }

        log.Notice($"job {id}: {act.ToString().ToLowerInvariant()} asked for {who} ({asker.Peer})");
        if (act == JobAct.Cancel)
        {
            _ = SettleAsync(job);
            await AnyAsync(job.Finished.Task, settings.CancelTime, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await SettleAsync(job).WaitAsync(cancellationToken).ConfigureAwait(false);
            turns.Offer(job);
            Pump();
        }

        return new Submission.Taken(job.View(time.GetUtcNow()), IsNew: false);
    }

    public async Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken)
    {
        var taken = leases.InForce().Where(lease => lease.What == what).ToList();
        if (taken.Count == 0)
        {
            return new Problem(ProblemTypes.NotFound, 404, "no such lease", $"nobody holds {SafeText.Of(what)} at {settings.Name}");
        }

        string who = $"{SafeText.Of(asker.By ?? asker.Peer)}: {SafeText.Of(reason)}";
        foreach (var lease in taken)
        {
            if (Find(lease.Job) is { } job)
            {
                lock (job.Gate)
                {
                    job.Rollout.Stop($"its lease was taken by {who}");
                }

                await SettleAsync(job).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            await leases.DropAsync(lease.Job).ConfigureAwait(false);
            log.Notice($"job {lease.Job}: its lease on {SafeText.Of(what)} was taken by {who} ({asker.Peer})");
        }

        return null;
    }

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

    /// <summary>Says at a stop what runs still, one line; nothing where nothing does.</summary>
    /// <param name="grace">How long it is waited for.</param>
    public void SayStopping(TimeSpan grace)
    {
        var under = live.Values.OrderBy(job => job.Stored.Accepted).Select(job => $"{job.Stored.Order.Word()} {job.Stored.What} ({job.Id})").ToList();
        if (under.Count > 0)
        {
            log.Notice($"stopping: {under.Count} jobs get up to {grace.TotalSeconds:0} s: {string.Join(", ", under)}");
        }
    }

    /// <summary>Takes no job and starts no host any more; waits for hosts that run until the token fires, then has their runners leave. What has not ended goes on at the next start.</summary>
    public async Task StopAsync(CancellationToken grace)
    {
        stopping = true;
        turns.Close();
        await AnyAsync(hosts.WhenNoneAsync(), Timeout.InfiniteTimeSpan, grace).ConfigureAwait(false);
        await leaving.CancelAsync().ConfigureAwait(false);
        await hosts.WhenNoneAsync().ConfigureAwait(false);
        await chores.WhenNoneAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(true)).ConfigureAwait(false);
        leaving.Dispose();
    }

    private Task? Coming(JobId id)
    {
        lock (gate)
        {
            return arriving.GetValueOrDefault(id);
        }
    }

    /// <summary>Why a job cannot be acted on that does not run here. A cancellation may overtake its job: then the job does not come any more. Null where it came this moment.</summary>
    private Problem? NotHere(JobId id, JobAct act)
    {
        lock (gate)
        {
            if (arriving.ContainsKey(id) || Find(id) is not null)
            {
                return null;
            }

            if (store.Find(id) is not null)
            {
                return new Problem(ProblemTypes.Busy, 409, "another process has this job", $"job {id} has not ended and is not done by {settings.Name}") { Job = id };
            }

            if (act == JobAct.Cancel)
            {
                if (cancelledEarly.Count >= MostCancelledEarly)
                {
                    foreach (var old in cancelledEarly.OrderBy(one => one.Value).Take(MostCancelledEarly / 2).ToList())
                    {
                        cancelledEarly.Remove(old.Key);
                    }
                }

                cancelledEarly.TryAdd(id, time.GetUtcNow());
            }
        }

        return new Problem(ProblemTypes.NotFound, 404, "no such job", $"{settings.Name} has no job {id}{(act == JobAct.Cancel ? "; should it come, it is refused" : string.Empty)}") { Job = id };
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

        foreach (var shape in store.Shapes(stored.Id))
        {
            job.Contents.Claim(shape.Digest);
        }

        StopLate(job, time.GetUtcNow()); // before any host starts
        if (TakesLease(job) && rollout.Ending is null && await leases.TakeAsync(job).ConfigureAwait(false) is { } leased)
        {
            rollout.Stop($"its lease ran out: {leased.Detail}");
        }

        log.Notice($"job {job.Id} {stored.Order.Word()} {SafeText.Of(stored.What)} goes on: {string.Join(", ", JobViews.Counts(job.Count).Select(count => $"{count.Value} {count.Key}"))}");
        GoOn(job);
    }

    /// <summary>Waits for a task, for a time at most, or until a token fires; whichever comes first.</summary>
    private async Task AnyAsync(Task task, TimeSpan most, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
