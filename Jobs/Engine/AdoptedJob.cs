using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>An order of the original's wire as a job: the code of that wire does the work, and tells here how each host ended, then how the whole did. Safe from any thread.</summary>
internal sealed class AdoptedJob
{
    private readonly LiveJob job;
    private readonly HostMoves moves;
    private readonly Func<Task> settle;
    private int ended;

    /// <param name="job">It.</param>
    /// <param name="moves">Moves its hosts.</param>
    /// <param name="settle">Does what is due for it; ends then.</param>
    public AdoptedJob(LiveJob job, HostMoves moves, Func<Task> settle) => (this.job, this.moves, this.settle) = (job, moves, settle);

    public JobId Id => job.Id;

    public Order Order => job.Stored.Order;

    /// <summary>The sync group, or origin and target, or the command's name; as it came, not neutralised.</summary>
    public string What => job.Stored.What;

    /// <summary>Who asked: address and port.</summary>
    public string Peer => job.Stored.Asker.Peer;

    public DateTimeOffset Accepted => job.Stored.Accepted;

    /// <summary>How it ended, as it was told; running before.</summary>
    public HostState State => job.Told ?? HostState.Running;

    /// <summary>Why it stands there, for a person; null where the state says it all.</summary>
    public string? Reason => job.Stored.Reason;

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended => job.Stored.Ended;

    /// <summary>Ends one host, once; the job goes on until <see cref="EndAsync(HostState, string?)"/>.</summary>
    /// <param name="place">In the list that it was adopted with.</param>
    /// <param name="end">How.</param>
    public Task EndAsync(int place, HostEnd end) => moves.EndAsync(job, place, end);

    /// <summary>Ends the job and every host of it that has not ended, with a state and its reason; kept and logged when this ends.</summary>
    /// <exception cref="InvalidOperationException">It has ended: a bug.</exception>
    public Task EndAsync(HostState state, string? reason) => EndAsync(new HostEnd(state, reason));

    /// <summary>The same with all that is known of the end.</summary>
    /// <exception cref="InvalidOperationException">It has ended: a bug.</exception>
    public async Task EndAsync(HostEnd end)
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
        {
            throw new InvalidOperationException($"job {Id} has ended as {State.Word()} and cannot end as {end.State.Word()}");
        }

        for (int place = 0; place < job.Hosts.Count; place++)
        {
            if (!StateOf(place).IsTerminal())
            {
                await moves.EndAsync(job, place, end).ConfigureAwait(false);
            }
        }

        lock (job.Gate)
        {
            (job.Told, job.IsHeld) = (end.State, false);
            job.Stored = job.Stored with { Reason = end.Reason };
        }

        await settle().ConfigureAwait(false);
    }

    /// <summary>Ends a job that an exception left open: a bug, which goes on up.</summary>
    public Task EndBrokenAsync() => Volatile.Read(ref ended) == 0 ? EndAsync(HostState.Failed, "an error inside deploy") : Task.CompletedTask;

    private HostState StateOf(int place)
    {
        lock (job.Gate)
        {
            return job[place].State;
        }
    }
}
