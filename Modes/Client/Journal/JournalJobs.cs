using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.Client.Journal;

/// <summary>
/// The jobs of a journal that several processes share: each job is done by the process that holds its lock. One whose process has died is taken up by whoever follows it or acts on it; of one that
/// another process does this one reads the store, and asks by a file.
/// </summary>
/// <param name="engine">This process's.</param>
/// <param name="files">Locks and questions; null where nothing is kept, and nothing is shared.</param>
/// <param name="takePorts">Told of a job before it is taken up.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalJobs(JobEngine engine, JournalFiles? files, Action<JobId> takePorts, TimeProvider time) : IJobs, IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300); // how often files and the store are looked at
    private const string Epoch = "journal"; // of what is read from the store; an engine's is another one
    private static readonly TimeSpan ActTime = TimeSpan.FromSeconds(35); // a cancel takes 30 s at most

    private readonly ConcurrentDictionary<JobId, SafeFileHandle> owned = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private Task answering = Task.CompletedTask;

    public async Task<Submission> SubmitAsync(JobDocument document, Asker asker, CancellationToken cancellationToken)
    {
        if (files is not null && document.Spec.IsKept)
        {
            Own(document.Spec.Id);
        }

        return await engine.SubmitAsync(document, asker, cancellationToken).ConfigureAwait(false);
    }

    public Task<JobView?> FindAsync(JobId id, CancellationToken cancellationToken) => engine.FindAsync(id, cancellationToken);

    public Task<Page<JobView>> ListAsync(JobQuery query, CancellationToken cancellationToken) => engine.ListAsync(query, cancellationToken);

    public Task<Page<HostStanding>?> HostsAsync(JobId id, IReadOnlyList<HostState> states, string? cursor, CancellationToken cancellationToken) => engine.HostsAsync(id, states, cursor, cancellationToken);

    public Task<IReadOnlyList<Shape>?> ShapesAsync(JobId id, CancellationToken cancellationToken) => engine.ShapesAsync(id, cancellationToken);

    public Task<ShapeContent?> ShapeAsync(JobId id, string digest, CancellationToken cancellationToken) => engine.ShapeAsync(id, digest, cancellationToken);

    public Task<IReadOnlyList<LogLine>?> LogAsync(JobId id, string host, CancellationToken cancellationToken) => engine.LogAsync(id, host, cancellationToken);

    public Task<IReadOnlyList<Lease>> LeasesAsync(CancellationToken cancellationToken) => engine.LeasesAsync(cancellationToken);

    public Task<Problem?> StealAsync(string what, string reason, Asker asker, CancellationToken cancellationToken) => engine.StealAsync(what, reason, asker, cancellationToken);

    /// <summary>Takes the job up where nobody does it; reads the store where another process does.</summary>
    public async IAsyncEnumerable<JobEvent> EventsAsync(JobId? id, string? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (id is not { } job || await IsOursAsync(job, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var what in engine.EventsAsync(id, since, cancellationToken).ConfigureAwait(false))
            {
                yield return what;
            }

            yield break;
        }

        await foreach (var what in ReadAsync(job, cancellationToken).ConfigureAwait(false))
        {
            yield return what;
        }
    }

    public async Task<Submission> ActAsync(JobId id, JobAct act, Asker asker, CancellationToken cancellationToken)
    {
        if (await IsOursAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return await engine.ActAsync(id, act, asker, cancellationToken).ConfigureAwait(false);
        }

        files!.Ask(id, act.ToString().ToLowerInvariant());
        long begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < ActTime)
        {
            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
            if (await engine.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job && IsDone(job, act))
            {
                return new Submission.Taken(job, IsNew: false);
            }

            if (await IsOursAsync(id, cancellationToken).ConfigureAwait(false))
            {
                files.Asked(id);
                return await engine.ActAsync(id, act, asker, cancellationToken).ConfigureAwait(false); // it died meanwhile
            }
        }

        return await engine.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } left
            ? new Submission.Taken(left, IsNew: false)
            : new Submission.Refused(new Problem(ProblemTypes.NotFound, 404, "no such job", $"job {id} is not known on this machine"));
    }

    /// <summary>Starts no other host, leaves those that run, and lets go of the jobs.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await answering.ConfigureAwait(false);
        await engine.StopAsync(new CancellationToken(true)).ConfigureAwait(false);
        foreach (var (id, held) in owned)
        {
            held.Dispose();
            owned.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private static bool IsDone(JobView job, JobAct act) => job.State.IsTerminal() || act switch
    {
        JobAct.Pause => job.State == JobState.Paused,
        JobAct.Resume => job.State != JobState.Paused,
        _ => false,
    };

    /// <summary>True where this process does the job, or nobody does any more: then it is taken up first.</summary>
    private async Task<bool> IsOursAsync(JobId id, CancellationToken cancellationToken)
    {
        if (files is null || owned.ContainsKey(id) || await engine.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { Ended: null, Wire: "v1", IsKept: true })
        {
            return true;
        }

        if (!Own(id))
        {
            return false;
        }

        takePorts(id);
        await engine.ResumeAsync(id).ConfigureAwait(false);
        return true;
    }

    private bool Own(JobId id)
    {
        lock (gate)
        {
            if (owned.ContainsKey(id))
            {
                return true;
            }

            if (files!.TryOwn(id) is not { } held)
            {
                return false;
            }

            owned[id] = held;
            answering = answering.IsCompleted ? AnswerAsync() : answering;
            return true;
        }
    }

    /// <summary>Does what other processes ask of the jobs that this one does.</summary>
    private async Task AnswerAsync()
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                foreach (var id in owned.Keys)
                {
                    if (files!.Asked(id) is { } word && Enum.TryParse<JobAct>(word, ignoreCase: true, out var act))
                    {
                        await engine.ActAsync(id, act, new Asker("local", "another command of this user"), stop.Token).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    /// <summary>What another process does, as events, from the store: up to the job's end, or to where that process has died and this one does it; then the follower asks anew.</summary>
    private async IAsyncEnumerable<JobEvent> ReadAsync(JobId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, long>(HostName.Comparer);
        long seq = 0;
        string? state = null, counts = null;
        yield return new JobEvent { Seq = seq, Epoch = Epoch, Time = time.GetUtcNow(), Type = EventType.Hello }; // what was heard by other means has other numbers

        // The job before its hosts: where it has ended, they have.
        while (await engine.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job)
        {
            foreach (var host in await JobPages.HostsAsync(engine, id, [], cancellationToken).ConfigureAwait(false) ?? [])
            {
                if (!known.TryGetValue(host.Host, out long rev) || rev != host.Rev)
                {
                    known[host.Host] = host.Rev;
                    yield return Event(EventType.HostState) with { Host = host.Host, Standing = host };
                }
            }

            var told = (State: $"{job.State} {job.Reason}", Counts: CountText.Of(job.Summary));
            if (told != (state, counts))
            {
                yield return Event(told.State == state ? EventType.JobSummary : EventType.JobState) with { Summary = job.Summary, Reason = job.Reason };
                (state, counts) = told;
            }

            if (job.Ended is not null)
            {
                yield return Event(EventType.End) with { Summary = job.Summary, Reason = job.Reason };
                yield break;
            }

            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
            if (await IsOursAsync(id, cancellationToken).ConfigureAwait(false) && owned.ContainsKey(id))
            {
                yield break;
            }
        }

        JobEvent Event(EventType type) => new() { Seq = ++seq, Epoch = Epoch, Time = time.GetUtcNow(), Type = type, Job = id };
    }
}
