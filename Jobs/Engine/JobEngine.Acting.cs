using Deploy.Jobs.Engine.Telling;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>What is asked of jobs that are there, and the engine's own stop.</summary>
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
                return Lacks(asker, ended, HostsOf(ended)) is { } lacks ? new Submission.Refused(lacks)
                    : act == JobAct.Cancel ? new Submission.Taken(JobViews.Of(ended, store), IsNew: false)
                    : new Submission.Refused(HasEnded(id, act));
            }
            else if (NotHere(id, act, asker) is { } problem)
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

        if (Lacks(asker, job.Stored, job.Hosts) is { } no)
        {
            return new Submission.Refused(no);
        }

        if (act != JobAct.Cancel && job.Stored.Ended is not null)
        {
            return new Submission.Refused(HasEnded(id, act));
        }

        string who = $"by {SafeText.Of(asker.By ?? asker.Peer)}";
        bool isAgain;
        lock (job.Gate)
        {
            isAgain = job.Ending == JobState.Cancelled;
            switch (act)
            {
                case JobAct.Cancel when !job.Rollout.IsOver:
                    job.Stored = job.Stored with { CancelProof = asker.Proof ?? job.Stored.CancelProof };
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
            if (isAgain)
            {
                await CancelAgainAsync(job, asker).ConfigureAwait(false);
            }

            _ = SettleAsync(job);
            long since = time.GetTimestamp();
            while (!job.Finished.Task.IsCompleted && !IsStopped(job) && time.GetElapsedTime(since) < settings.CancelTime && !cancellationToken.IsCancellationRequested)
            {
                await AnyAsync(job.Finished.Task, settings.CancelTime < Beat ? settings.CancelTime : Beat, cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await SettleAsync(job).WaitAsync(cancellationToken).ConfigureAwait(false);
            turns.Offer(job);
            Pump();
        }

        var view = job.View(time.GetUtcNow());
        return new Submission.Taken(act == JobAct.Cancel && view.Ended is null && store.Unwritable is { } unkept ? view with { Reason = $"cancelled {who}; that is not kept yet: {SafeText.Of(unkept)}" } : view, IsNew: false);
    }

    /// <summary>Hosts that said no to whoever cancelled before are asked once more.</summary>
    private async Task CancelAgainAsync(LiveJob job, Asker asker)
    {
        if (asker.Proof is { } proof && job.IsKept)
        {
            try
            {
                await store.SaveCancelAsync(job.Id, proof).ConfigureAwait(false);
            }
            catch (StoreException)
            {
                // It holds until a restart.
            }
        }

        await CancelAsync(job).ConfigureAwait(false);
    }

    /// <summary>Nothing of it runs any more, and that merely cannot be kept just now.</summary>
    private bool IsStopped(LiveJob job)
    {
        lock (job.Gate)
        {
            return store.Unwritable is not null && job.Active.Values.All(run => run.HasEnded);
        }
    }

    /// <summary>Why an asker may not act on a job: whoever acts on one must be allowed to order it. Null where it may.</summary>
    private Problem? Lacks(Asker asker, StoredJob job, IReadOnlyList<string> hosts)
    {
        var spec = JobViews.Spec(job) ?? new JobSpec { Id = job.Id, Order = job.Order, Hosts = string.Empty, Group = job.What };
        return Lacks(asker, spec, hosts) is { } lacks ? lacks with { Detail = $"job {job.Id}: {lacks.Detail}", Job = job.Id } : null;
    }

    private List<string> HostsOf(StoredJob job) => [.. store.Hosts(job.Id, [], 0, int.MaxValue).Select(host => host.Standing.Host)];

    private static Problem HasEnded(JobId id, JobAct act) => new(ProblemTypes.TooLate, 409, "the job has ended", $"job {id} has ended, there is nothing left to {act.ToString().ToLowerInvariant()}")
    {
        Hint = "deploy client watch shows how; deploy client retry orders what was left out again",
        Job = id,
    };

    public async Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken)
    {
        var taken = new List<Lease>();
        Problem? lacks = null;
        foreach (var lease in leases.InForce().Where(lease => lease.What == what))
        {
            var held = Find(lease.Job)?.Stored ?? store.Find(lease.Job);
            var of = new JobSpec { Id = lease.Job, Order = Order.Rsync, Hosts = lease.Hosts, Group = what }; // where its job is gone
            if ((held is null ? Lacks(asker, of, [lease.Hosts]) : Lacks(asker, held, HostsOf(held))) is { } no)
            {
                lacks = no;
            }
            else
            {
                taken.Add(lease);
            }
        }

        if (taken.Count == 0)
        {
            var any = new JobSpec { Id = JobId.New(time.GetUtcNow()), Order = Order.Rsync, Hosts = string.Empty, Group = what };
            return lacks ?? Lacks(asker, any, []) ?? new Problem(ProblemTypes.NotFound, 404, "no such lease", $"nobody holds {SafeText.Of(what)} at {settings.Name}");
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
    private Problem? NotHere(JobId id, JobAct act, Asker asker)
    {
        if (settings.MayReach?.Invoke(asker, []) is { } none)
        {
            return none;
        }

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

            if (act == JobAct.Cancel && !cancelledEarly.TryAdd(id, asker with { Proof = null }, time.GetUtcNow(), settings.MaxOrderLifetime()))
            {
                return new Problem(ProblemTypes.TooMany, 503, "too many cancellations", $"{settings.Name} has no job {id}, and remembers as many cancellations of jobs that have not come as it can") { Hint = "cancel it when it is there", Job = id };
            }
        }

        return new Problem(ProblemTypes.NotFound, 404, "no such job", $"{settings.Name} has no job {id}{(act == JobAct.Cancel ? "; should it come and be one that you may order, it is refused" : string.Empty)}") { Job = id };
    }

    /// <summary>Waits for a task, for a time at most, or until a token fires; whichever comes first.</summary>
    private async Task AnyAsync(Task task, TimeSpan most, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
