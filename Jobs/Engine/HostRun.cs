using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Events;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>A host that is being done: what its runner is told, and where it tells.</summary>
internal sealed class HostRun : IHostRun, IDisposable
{
    private readonly LiveJob job;
    private readonly HostMoves moves;
    private readonly EventHub hub;
    private readonly TimeProvider time;
    private readonly LogAllowance allowance;
    private readonly Action<bool> lost;
    private CancellationTokenSource cancelled = new();
    private readonly long since;
    private long movedAt;
    private bool isLost;
    private int ended; // 1: somebody has said how
    private bool forced; // it was not the runner

    /// <param name="job">Its job.</param>
    /// <param name="place">In the job's list.</param>
    /// <param name="moves">Moves it.</param>
    /// <param name="hub">Takes its log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lost">Told when it comes to be out of reach, and when it is no longer.</param>
    public HostRun(LiveJob job, int place, HostMoves moves, EventHub hub, TimeProvider time, Action<bool> lost)
    {
        (this.job, Place, this.moves, this.hub, this.time, this.lost) = (job, place, moves, hub, time, lost);
        allowance = new LogAllowance(time);
        Cancelled = cancelled.Token;
        since = movedAt = time.GetTimestamp();
    }

    public int Place { get; }

    public JobDocument Document => job.Document!;

    public string Host => job.Hosts[Place];

    public HostStanding Standing
    {
        get
        {
            lock (job.Gate)
            {
                return job[Place];
            }
        }
    }

    public CancellationToken Cancelled { get; private set; }

    public RequestProof? CancelProof
    {
        get
        {
            lock (job.Gate)
            {
                return job.Stored.CancelProof;
            }
        }
    }

    public void NotCancelled()
    {
        Volatile.Write(ref cancelled, new CancellationTokenSource()); // the one before has fired, and holds nothing
        Cancelled = cancelled.Token;
    }

    public DateTimeOffset NotAfter => job.Stored.NotAfter;

    /// <summary>Since its turn came, or since the daemon's start.</summary>
    public TimeSpan Took => time.GetElapsedTime(since);

    /// <summary>True where nothing has moved for long and it waits for nothing; for a job whose gate is held.</summary>
    public bool IsStalled => job[Place] is { Waiting: null } standing
        && (standing.Progress?.StalledSeconds >= JobMeter.StalledAfter.TotalSeconds || (standing.Progress is not null && time.GetElapsedTime(movedAt) >= JobMeter.StalledAfter));

    /// <summary>True where somebody has said how it ended.</summary>
    public bool HasEnded => Volatile.Read(ref ended) != 0;

    public Task ConnectingAsync() => Standing.State == HostState.Queued
        ? MoveAsync(standing => standing with { State = HostState.Connecting, Started = standing.Started ?? time.GetUtcNow() })
        : Task.CompletedTask;

    public Task RunningAsync(DateTimeOffset? started = null) => Standing.State != HostState.Running
        ? MoveAsync(standing => standing with { State = HostState.Running, Started = started ?? standing.Started ?? time.GetUtcNow(), Waiting = null })
        : Task.CompletedTask;

    public void Progress(HostProgress progress)
    {
        if (!HasEnded)
        {
            if (Standing.Progress is not { } last || last.BytesDone != progress.BytesDone || last.FilesDone != progress.FilesDone)
            {
                movedAt = time.GetTimestamp();
            }

            moves.Tell(job, Place, EventType.HostProgress, standing => standing with { Progress = progress });
        }
    }

    public void Waiting(string? what)
    {
        if (!HasEnded && Standing.Waiting != what)
        {
            movedAt = time.GetTimestamp();
            moves.Tell(job, Place, EventType.HostState, standing => standing with { Waiting = what });
        }
    }

    public void Lost(bool isLost)
    {
        if (this.isLost != isLost)
        {
            this.isLost = isLost;
            lost(isLost);
        }
    }

    public void Log(LogLine line)
    {
        if (!HasEnded && allowance.Of(line) is { } told)
        {
            hub.Publish(JobEvents.Log(job.Id, Host, told));
        }
    }

    public bool HasShape(string digest)
    {
        lock (job.Gate)
        {
            return job.Contents.Has(digest);
        }
    }

    public async Task EndAsync(HostEnd end)
    {
        if (!end.State.IsTerminal() || !Standing.State.MayReach(end.State))
        {
            throw new InvalidOperationException($"job {job.Id}: {Host} cannot go from {Standing.State.Word()} to {end.State.Word()}");
        }

        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            await moves.EndAsync(job, Place, end).ConfigureAwait(false);
        }
        else if (!forced)
        {
            throw new InvalidOperationException($"job {job.Id}: {Host} ended twice");
        }
    }

    /// <summary>Ends a host whose runner did not: it left without a word, threw, or took much too long.</summary>
    /// <param name="why">What went wrong, one line.</param>
    /// <param name="late">It took too long.</param>
    public async Task ForceAsync(string why, bool late = false)
    {
        forced = true;
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            var end = (Standing.State, late) switch
            {
                _ when Cancelled.IsCancellationRequested && Standing.State == HostState.Queued => new HostEnd(HostState.Cancelled, "before it started"),
                (HostState.Queued, _) => new HostEnd(HostState.Refused, $"{why}; it was not started"),
                (HostState.Running, true) => new HostEnd(HostState.Timeout, $"{why}; it may run on"),
                _ => new HostEnd(HostState.Unknown, $"{why}; it may have started: look there before it is tried again"),
            };
            await moves.EndAsync(job, Place, end).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the runner to cancel.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await cancelled.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The runner has left meanwhile.
        }
    }

    public void Dispose() => cancelled.Dispose();

    /// <summary>What was cancelled before it started does not start.</summary>
    private Task MoveAsync(Func<HostStanding, HostStanding> change)
    {
        if (Standing.State == HostState.Queued)
        {
            Cancelled.ThrowIfCancellationRequested();
        }

        return moves.MoveAsync(job, Place, change);
    }
}
