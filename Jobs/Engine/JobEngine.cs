using System.Collections.Concurrent;
using Deploy.Jobs.Engine.Ids;
using Deploy.Jobs.Engine.Pacing;
using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Events;
using Deploy.Jobs.Leases;
using Deploy.Jobs.Rollouts;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>
/// The jobs of one daemon: takes them, keeps them, brings every host of each to one terminal state by way of a runner, and goes on after a restart where it was killed. An agent's jobs have one
/// host, itself; a proxy's have many, and so has a client's that asks its hosts without a proxy.
/// </summary>
internal sealed partial class JobEngine : IJobs, IAsyncDisposable
{
    /// <summary>Cancellations of ids that have not come, remembered at once; of one key.</summary>
    private const int MostCancelledEarly = 10_000, MostCancelledEarlyByOne = 1000;

    private readonly EngineSettings settings;
    private readonly JobStore store;
    private readonly EventHub hub;
    private readonly IHostRunner runner;
    private readonly TimeProvider time;
    private readonly ILog log;
    private readonly HostMoves moves;
    private readonly LeaseBook leases;
    private readonly Turns turns;
    private readonly RecentJobs recent = new();
    private readonly OpenTasks hosts;
    private readonly OpenTasks chores;
    private readonly CancellationTokenSource leaving = new();
    private readonly ConcurrentDictionary<JobId, LiveJob> live = new();
    private readonly Lock gate = new();
    private readonly Dictionary<JobId, Task> arriving = [];
    private readonly EarlyCancels cancelledEarly = new(MostCancelledEarly, MostCancelledEarlyByOne);
    private readonly ReplayFence fence;
    private volatile bool stopping;

    /// <param name="settings">How much at once, how long what is waited for.</param>
    /// <param name="store">Where kept jobs are; those that are not (status, rlist) are in memory, and the last of them stay there.</param>
    /// <param name="hub">Takes the events.</param>
    /// <param name="runner">Does a host.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">One line for each job's end and each bad host, with the job's id.</param>
    public JobEngine(EngineSettings settings, JobStore store, EventHub hub, IHostRunner runner, TimeProvider time, ILog log)
    {
        (this.settings, this.store, this.hub, this.runner, this.time, this.log) = (settings, store, hub, runner, time, log);
        moves = new HostMoves(store, hub, time, log, settings.LogsEnds ? log : null, leaving.Token);
        leases = new LeaseBook(store, time, log);
        fence = new ReplayFence(settings.Name, store, time);
        turns = new Turns(settings.RunningAtOnce);
        hosts = new OpenTasks(log);
        chores = new OpenTasks(log);
    }

    public async Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (Arrive(document.Spec.Id, mine) is { } other)
        {
            await other.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return Known(document, asker) ?? await TakeAsync(document, asker with { By = asker.By ?? document.Spec.By }).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                arriving.Remove(document.Spec.Id);
            }

            mine.SetResult();
        }
    }

    /// <summary>Makes this the one call that handles an id; else the one that does.</summary>
    private Task? Arrive(JobId id, TaskCompletionSource mine)
    {
        lock (gate)
        {
            return arriving.TryAdd(id, mine.Task) ? null : arriving[id];
        }
    }

    /// <summary>The answer to a document whose id is known; null where it is not.</summary>
    private Submission? Known(JobDocument document, Asker asker)
    {
        var job = Find(document.Spec.Id);
        StoredJob? stored;
        try
        {
            stored = job?.Stored ?? store.Find(document.Spec.Id);
        }
        catch (StoreException error)
        {
            // What stops a child does not wait for a disk, and what is never kept does not ask it; of all else nobody knows here whether it was done before.
            return document.Spec.Order == Order.Rkill || !document.Spec.IsKept ? null : new Submission.Refused(Unwritable(error.Message));
        }

        return stored is null ? null
            : !stored.Document.Span.SequenceEqual(document.Bytes.Span) ? new Submission.Refused(new Problem(
                ProblemTypes.OtherContent, 409, "another job has this id", $"{settings.Name} has a job {stored.Id} with another content: {stored.Order.Word()} {Model.Text.SafeText.Of(stored.What)}")
            {
                Hint = "a new job needs a new id",
                Job = stored.Id,
            })
            : asker.AsHost is { } asked && !(job?.Hosts ?? [.. store.Hosts(stored.Id, [], 0, int.MaxValue).Select(host => host.Standing.Host)]).Contains(asked, HostName.Comparer)
            ? new Submission.Refused(new Problem(ProblemTypes.OtherContent, 409, "another host has this job here", $"{settings.Name} has job {stored.Id} as another host of its list: it is one machine under two names") { Job = stored.Id })
            : new Submission.Taken(job?.View(time.GetUtcNow()) ?? JobViews.Of(stored, store), IsNew: false);
    }

    /// <summary>Takes a job that is new.</summary>
    private async Task<Submission> TakeAsync(JobDocument document, Asker asker)
    {
        var spec = document.Spec;
        var now = time.GetUtcNow();
        if (Untimely(spec, now) is { } untimely)
        {
            return new Submission.Refused(untimely);
        }

        var admission = settings.Admit?.Invoke(document, asker) ?? new Admission.Hosts([.. document.Hosts.Expand()]);
        if (admission is not Admission.Hosts { Names: var names })
        {
            return new Submission.Refused(((Admission.Refused)admission).Problem);
        }

        if (names.Count == 0)
        {
            return new Submission.Refused(new Problem(ProblemTypes.Invalid, 422, "not a job that can be done", "hosts names no host"));
        }

        if ((settings.MayReach?.Invoke(asker, names) ?? CancelledEarly(spec, names)) is { } no)
        {
            return new Submission.Refused(no);
        }

        var plan = RolloutPlan.Plain(names.Count, settings.FanOut);
        if (settings.Rollouts && spec.Rollout is { } asked)
        {
            if (!RolloutPlan.TryParse(asked, names.Count, settings.RolloutParallel, out var read, out var mistake))
            {
                return new Submission.Refused(mistake.ToProblem());
            }

            plan = read;
        }

        var stored = new StoredJob
        {
            Id = spec.Id,
            Document = document.Bytes,
            Proof = document.Proof,
            Order = spec.Order,
            What = spec.What,
            Wire = "v1",
            Asker = new Asker(asker.Peer, asker.By, asker.AsHost),
            Accepted = now,
            NotAfter = spec.NotAfter ?? now + TimeSpan.FromTicks(Math.Min(settings.OrderLifetime.Ticks, settings.MaxOrderLifetime().Ticks)),
        };
        if (fence.Refusal(document, asker, stored.NotAfter) is { } replayed)
        {
            return new Submission.Refused(replayed);
        }

        var job = new LiveJob(stored, document, names, new Rollout(plan)) { IsKept = spec.IsKept, DeadlineAt = Deadline(plan, stored) };
        if (TakesLease(job) && await leases.TakeAsync(job).ConfigureAwait(false) is { } leased)
        {
            return new Submission.Refused(leased);
        }

        if (job.IsKept)
        {
            try
            {
                await store.AddAsync(stored, names).ConfigureAwait(false);
            }
            catch (StoreException error) when (spec.Order == Order.Rkill)
            {
                // What stops a child does not wait for a disk.
                log.Error($"job {job.Id}: {Model.Text.SafeText.Of(error.Message)}; it is done, and is in memory alone");
                job = new LiveJob(stored with { Reason = $"in memory alone: {Model.Text.SafeText.Of(error.Message)}" }, document, names, new Rollout(plan)) { IsKept = false, DeadlineAt = job.DeadlineAt };
            }
            catch (StoreException error)
            {
                await leases.DropAsync(job.Id).ConfigureAwait(false);
                return new Submission.Refused(Unwritable(error.Message));
            }
            catch
            {
                await leases.DropAsync(job.Id).ConfigureAwait(false);
                throw;
            }
        }

        GoOn(job);
        return new Submission.Taken(job.View(now), IsNew: true);
    }

    /// <summary>Why a job cannot be taken now, whatever it is.</summary>
    private Problem? Untimely(JobSpec spec, DateTimeOffset now)
    {
        if (stopping)
        {
            return new Problem(ProblemTypes.Stopping, 503, "stopping", $"{settings.Name} is stopping and takes no job") { Hint = "ask again when it is back; the same id is safe" };
        }

        var longest = settings.MaxOrderLifetime();
        return spec.NotAfter <= now
            ? new Problem(ProblemTypes.TooLate, 422, "too late to start", $"job {spec.Id} may not start after {spec.NotAfter:u}, and it is {now:u} by the clock of {settings.Name}") { Hint = "order it anew; where it was just ordered, compare the clocks" }
            : spec.NotAfter > now + longest
            ? new Problem(ProblemTypes.Invalid, 422, "not a job that can be done", $"not_after is {spec.NotAfter:u}, more than {longest.TotalHours:0.##} hours ahead{(settings.LifetimeSetting is { } name ? $" ({name})" : string.Empty)}")
            : null; // whether it can be kept, the store's next write tells: one that could not be written may be writable again
    }

    /// <summary>Why a job does not come any more: somebody who may order it has cancelled it. Null where nobody has.</summary>
    private Problem? CancelledEarly(JobSpec spec, IReadOnlyList<string> names)
    {
        lock (gate)
        {
            return !cancelledEarly.Of(spec.Id).Any(asker => Lacks(asker, spec, names) is null) ? null
                : new Problem(ProblemTypes.Cancelled, 409, "cancelled before it came", $"job {spec.Id} was cancelled before it came to {settings.Name}") { Hint = "a new job needs a new id", Job = spec.Id };
        }
    }

    /// <summary>Why an asker may not order a job, nor act on it; null where it may.</summary>
    private Problem? Lacks(Asker asker, JobSpec spec, IReadOnlyList<string> hosts) => asker.Refusal?.Invoke(spec) ?? settings.MayReach?.Invoke(asker, hosts);

    private Problem Unwritable(string why) => new(ProblemTypes.StoreUnwritable, 503, "nothing can be kept", $"{settings.Name} cannot keep jobs: {Model.Text.SafeText.Of(why)}") { Hint = "make room or mend its state directory; what runs goes on" };

    private bool TakesLease(LiveJob job) => settings.Leases && job is { IsKept: true, Stored.Order: Order.Rsync };

    /// <summary>The rollout's deadline as a monotonic timestamp.</summary>
    private long? Deadline(RolloutPlan plan, StoredJob job) => plan.Deadline is { } limit
        ? time.GetTimestamp() + (long)((job.Accepted + limit - time.GetUtcNow()).TotalSeconds * time.TimestampFrequency)
        : null;

    /// <summary>A job that runs or ended lately; null for another.</summary>
    private LiveJob? Find(JobId id) => live.TryGetValue(id, out var job) ? job : recent.Find(id);
}
