using Deploy.Jobs.Engine.Telling;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>What is due for a job as a whole: it begins, pauses, ends its hosts that wait, and ends.</summary>
internal sealed partial class JobEngine
{
    /// <summary>Does the steps of a job that are due, one after the other, in one place; ends when none is.</summary>
    private Task SettleAsync(LiveJob job)
    {
        TaskCompletionSource mine;
        lock (job.Gate)
        {
            if (job.Settling is { } under)
            {
                return under.Task;
            }

            if (job.Step() == JobStep.None)
            {
                return Task.CompletedTask;
            }

            job.Settling = mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        chores.Start(() => SettleAsync(job, mine));
        return mine.Task;
    }

    private async Task SettleAsync(LiveJob job, TaskCompletionSource mine)
    {
        try
        {
            while (Due(job) is var step && step != JobStep.None)
            {
                await DoAsync(job, step).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (job.Gate)
            {
                job.Settling = job.Settling == mine ? null : job.Settling;
            }

            mine.SetResult();
        }
    }

    /// <summary>The step that is due; where none is, whoever comes next looks again.</summary>
    private static JobStep Due(LiveJob job)
    {
        lock (job.Gate)
        {
            var step = job.Step();
            job.Settling = step == JobStep.None ? null : job.Settling;
            return step;
        }
    }

    private async Task DoAsync(LiveJob job, JobStep step)
    {
        switch (step)
        {
            case JobStep.KeepEnding:
                await EndingAsync(job).ConfigureAwait(false);
                break;
            case JobStep.EndWaiting:
                await moves.EndWaitingAsync(job).ConfigureAwait(false);
                break;
            case JobStep.Finish:
                await FinishAsync(job).ConfigureAwait(false);
                break;
            default:
                await MoveAsync(job, step == JobStep.Pause ? JobState.Paused : JobState.Running).ConfigureAwait(false);
                turns.Offer(job);
                Pump();
                break;
        }
    }

    /// <summary>That it ends is on disk before a host hears of it, so that a restart ends it too.</summary>
    private async Task EndingAsync(LiveJob job)
    {
        JobState ending;
        string? reason;
        lock (job.Gate)
        {
            (ending, reason) = (job.Rollout.Ending!.Value, job.Rollout.Reason);
        }

        await moves.KeepAsync(
            job,
            () => Task.WhenAll(
                ending == JobState.Cancelled && job.Stored.CancelProof is { } proof ? store.SaveCancelAsync(job.Id, proof) : Task.CompletedTask,
                store.SaveAsync(job.Id, ending, reason, job.Stored.Started, null)),
            _ => CancelRunsAsync()).ConfigureAwait(false); // what is to be stopped does not wait for a disk
        lock (job.Gate)
        {
            job.Ending = ending;
            job.Stored = job.Stored with { State = ending, Reason = reason };
            hub.Publish(JobEvents.Job(EventType.JobState, job.Id, job.Summary(time.GetUtcNow()), reason));
        }

        await CancelRunsAsync().ConfigureAwait(false);

        Task CancelRunsAsync() => ending == JobState.Cancelled ? CancelAsync(job) : Task.CompletedTask;
    }

    /// <summary>Tells the runners of a job to cancel.</summary>
    private static async Task CancelAsync(LiveJob job)
    {
        HostRun[] runs;
        lock (job.Gate)
        {
            runs = [.. job.Active.Values];
        }

        foreach (var run in runs)
        {
            await run.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task MoveAsync(LiveJob job, JobState state)
    {
        string? reason;
        DateTimeOffset? started;
        lock (job.Gate)
        {
            reason = state == JobState.Paused ? job.Rollout.Reason : null;
            started = job.Stored.Started ?? time.GetUtcNow();
        }

        await moves.KeepAsync(job, () => store.SaveAsync(job.Id, state, reason, started, null, follows: state == JobState.Running)).ConfigureAwait(false);
        lock (job.Gate)
        {
            job.Stored = job.Stored with { State = state, Reason = reason, Started = started };
            hub.Publish(JobEvents.Job(EventType.JobState, job.Id, job.Summary(time.GetUtcNow()), reason));
        }
    }

    /// <summary>Every host has ended: so does the job.</summary>
    private async Task FinishAsync(LiveJob job)
    {
        JobState final;
        string? reason;
        var now = time.GetUtcNow();
        lock (job.Gate)
        {
            (final, reason) = (job.Rollout.Final, job.Stored.Reason);
        }

        await moves.KeepAsync(job, () => store.SaveAsync(job.Id, final, reason, job.Stored.Started, now, follows: true)).ConfigureAwait(false);
        if (TakesLease(job))
        {
            await leases.DropAsync(job.Id).ConfigureAwait(false);
        }

        lock (job.Gate)
        {
            job.Stored = job.Stored with { State = final, Reason = reason, Ended = now };
            var summary = job.Summary(now);
            hub.Publish(JobEvents.Job(EventType.JobState, job.Id, summary, reason));
            hub.Publish(JobEvents.Job(EventType.End, job.Id, summary, reason));
            recent.Add(job);
            live.TryRemove(job.Id, out _);
        }

        CountEnd(job.Stored);
        if (settings.LogsEnds)
        {
            JobLines.Say(log, job, job.Told);
        }

        job.Finished.TrySetResult();
        settings.JobEnded?.Invoke();
    }
}
