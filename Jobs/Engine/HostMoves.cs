using Deploy.Jobs.Engine.Telling;
using Deploy.Jobs.Events;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>Moves hosts, in the one right order: onto the disk, into memory, to the readers.</summary>
/// <param name="store">Where kept jobs are.</param>
/// <param name="hub">Takes the events.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of a store that cannot be written.</param>
/// <param name="ends">One line for each bad host; null for none.</param>
/// <param name="leaving">Fires when the daemon leaves: what is not on disk by then stays as it is there.</param>
internal sealed class HostMoves(JobStore store, EventHub hub, TimeProvider time, ILog log, ILog? ends, CancellationToken leaving)
{
    /// <summary>Hosts whose end is written at once.</summary>
    private const int Chunk = 1000;

    /// <summary>How long a store that cannot be written is left alone. A result is never given up for it.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly long[] ended = new long[(int)HostState.Skipped + 1];
    private long storeErrors;

    /// <summary>Writes that failed, since the start.</summary>
    public long StoreErrors => Interlocked.Read(ref storeErrors);

    /// <summary>Hosts that ended so, since the start.</summary>
    public long Ended(HostState state) => Interlocked.Read(ref ended[(int)state]);

    /// <summary>Writes, again and again until it is done. Of an order of the original's wire once: its answer does not wait for a disk.</summary>
    /// <param name="job">Of which job; nothing where it is in memory alone.</param>
    /// <param name="write">Writes.</param>
    /// <param name="unkept">Done once, where it fails: what need not wait. It is told why.</param>
    /// <exception cref="OperationCanceledException">The daemon leaves first.</exception>
    public async Task KeepAsync(LiveJob job, Func<Task> write, Func<string, Task>? unkept = null)
    {
        for (bool said = false; job.IsKept; said = true)
        {
            try
            {
                await write().ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // What is no StoreException is a bug, and no reason to lose a result either.
                Interlocked.Increment(ref storeErrors);
                if (!said)
                {
                    string why = error is StoreException ? SafeText.Of(error.Message) : $"failed inside deploy: {error}";
                    log.Error($"job {job.Id}: {why}; {(job.IsAdopted ? "this is not kept" : "it waits until that can be kept")}");
                    await (unkept?.Invoke(SafeText.Of(why)) ?? Task.CompletedTask).ConfigureAwait(false);
                }
            }

            if (job.IsAdopted)
            {
                return;
            }

            await Task.Delay(Again, time, leaving).ConfigureAwait(false);
        }
    }

    /// <summary>Moves a host to a state that is not its last.</summary>
    public async Task MoveAsync(LiveJob job, int place, Func<HostStanding, HostStanding> change)
    {
        HostStanding next;
        lock (job.Gate)
        {
            next = job.Next(place, change);
        }

        await KeepAsync(job, () => store.SaveAsync(job.Id, place, next, null, [])).ConfigureAwait(false);
        lock (job.Gate)
        {
            job.Put(place, job.Next(place, change));
            hub.Publish(JobEvents.Host(job.Id, job[place]));
        }
    }

    /// <summary>Tells what is not kept: progress, what is waited for. Nothing where the host has ended.</summary>
    public void Tell(LiveJob job, int place, EventType type, Func<HostStanding, HostStanding> change)
    {
        lock (job.Gate)
        {
            if (!job[place].State.IsTerminal())
            {
                job.Put(place, job.Next(place, change));
                hub.Publish(type == EventType.HostProgress ? JobEvents.Progress(job.Id, job[place]) : JobEvents.Host(job.Id, job[place]));
            }
        }
    }

    /// <summary>Moves a host to its last state, and tells the rollout.</summary>
    public async Task EndAsync(LiveJob job, int place, HostEnd end)
    {
        HostStanding next;
        ShapeContent? content;
        lock (job.Gate)
        {
            next = job.Next(place, standing => End(standing, end));
            content = end is { Shape: { } digest, Content: { } fresh } && job.Contents.Claim(digest) ? fresh : null;
        }

        await KeepAsync(job, () => store.SaveAsync(job.Id, place, next, content, end.Log), why =>
        {
            Tell(job, place, EventType.HostState, standing => standing with { Waiting = $"nothing of it runs any more ({end.State.Word()}); that waits until it can be kept: {why}" });
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        lock (job.Gate)
        {
            if (content is not null)
            {
                job.Contents.Hold(end.Shape!, content, job.IsKept);
            }

            if (!job.IsKept)
            {
                job.Contents.Hold(place, end.Log);
            }

            Commit(job, place, job.Next(place, standing => End(standing, end)), end.Content);
        }

        Say(job, next);
    }

    /// <summary>Ends every host that has not had its turn: skipped or cancelled, as the rollout ends.</summary>
    public async Task EndWaitingAsync(LiveJob job)
    {
        IReadOnlyList<int> places;
        HostEnd end;
        lock (job.Gate)
        {
            places = job.Rollout.TakeWaiting();
            end = new HostEnd(job.Rollout.Ending == JobState.Cancelled ? HostState.Cancelled : HostState.Skipped, job.Stored.Reason) { Cause = job.Rollout.Cause };
        }

        foreach (int[] some in places.Chunk(Chunk))
        {
            HostStanding[] next;
            lock (job.Gate)
            {
                next = Array.ConvertAll(some, place => job.Next(place, standing => End(standing, end)));
            }

            await KeepAsync(job, () => Task.WhenAll(some.Zip(next, (place, standing) => store.SaveAsync(job.Id, place, standing, null, [])))).ConfigureAwait(false);
            lock (job.Gate)
            {
                foreach (var (place, standing) in some.Zip(next))
                {
                    Commit(job, place, standing, null);
                }
            }
        }
    }

    private HostStanding End(HostStanding standing, HostEnd end) => standing with
    {
        State = end.State,
        Reason = end.Reason,
        Cause = end.Cause,
        Warning = end.Warning,
        Waiting = null,
        Progress = null,
        Ended = end.Ended ?? time.GetUtcNow(),
        ExitCode = end.ExitCode,
        Totals = end.Totals,
        Shape = end.Shape,
    };

    private void Commit(LiveJob job, int place, HostStanding next, ShapeContent? content)
    {
        job.Put(place, next);
        job.Active.Remove(place);
        job.Meter.Add(next, job.Stored.Order);
        job.Rollout.End(place, next.State);
        Interlocked.Increment(ref ended[(int)next.State]);
        hub.Publish(JobEvents.Host(job.Id, next, content));
    }

    /// <summary>A job of one host says it with its own end.</summary>
    private void Say(LiveJob job, HostStanding ended)
    {
        if (job is { Hosts.Count: > 1, IsAdopted: false } && Jobs.Rollouts.Rollout.IsFailure(ended.State))
        {
            ends?.Write(
                JobLines.Level(ended.State),
                $"job {job.Id} {job.Stored.Order.Word()} {ended.Host}: {JobLines.Of(ended)}");
        }
    }
}
