using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Ordering;
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

        long seq = 0;
        yield return Event(EventType.Hello, job); // what was heard by other means has other numbers
        var known = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        while (!await IsOursAsync(job, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var what in ReadAsync(job, known, cancellationToken).ConfigureAwait(false))
            {
                yield return what with { Seq = ++seq };
            }

            await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
        }

        // It has ended, or this process does it now: the follower asks anew.
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

    /// <summary>What has changed in the store, as events.</summary>
    private async IAsyncEnumerable<JobEvent> ReadAsync(JobId id, Dictionary<string, long> known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await engine.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } job)
        {
            yield break;
        }

        foreach (var host in await JobPages.HostsAsync(engine, id, [], cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (!known.TryGetValue(host.Host, out long rev) || rev != host.Rev)
            {
                known[host.Host] = host.Rev;
                yield return Event(EventType.HostState, id) with { Host = host.Host, Standing = host };
            }
        }

        yield return Event(EventType.JobState, id) with { Summary = job.Summary, Reason = job.Reason };
    }

    private JobEvent Event(EventType type, JobId id) => new() { Seq = 0, Epoch = "journal", Time = time.GetUtcNow(), Type = type, Job = id };
}
