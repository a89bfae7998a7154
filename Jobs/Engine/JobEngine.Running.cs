using Deploy.Jobs.Engine.Telling;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>How jobs go on: hosts get their turns, steps that are due are done, the clock is looked at.</summary>
internal sealed partial class JobEngine
{
    /// <summary>How often sums are told and time is looked at, while a job runs. // jobs.md: job.summary at most 4/s</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>How much longer than its host_timeout a host may take before it is ended here: the asking for one that does not answer, an hour at most, and some.</summary>
    private static readonly TimeSpan Backstop = TimeSpan.FromMinutes(65);

    private readonly Lock beating = new();
    private bool beats;

    /// <summary>Takes a job up: it is known from now on, and its hosts start.</summary>
    private void GoOn(LiveJob job)
    {
        lock (job.Gate)
        {
            live[job.Id] = job;
            hub.Publish(JobEvents.Job(EventType.JobState, job.Id, job.Summary(time.GetUtcNow()), job.Stored.Reason));
        }

        lock (beating)
        {
            if (!beats)
            {
                beats = true;
                chores.Start(BeatAsync);
            }
        }

        _ = SettleAsync(job);
        turns.Offer(job);
        Pump();
    }

    /// <summary>Starts what may start.</summary>
    private void Pump()
    {
        while (!stopping && turns.TryTake(out var job, out int place))
        {
            hosts.Start(() => RunAsync(job, place));
        }
    }

    /// <summary>One host to its end, or until the daemon leaves.</summary>
    private async Task RunAsync(LiveJob job, int place)
    {
        var run = new HostRun(job, place, moves, hub, time);
        try
        {
            lock (job.Gate)
            {
                job.Active.Add(place, run);
            }

            _ = SettleAsync(job);
            if (job.IsAdopted)
            {
                await run.EndAsync(Interrupted()).ConfigureAwait(false);
                return;
            }

            if (job.Rollout.Ending == JobState.Cancelled)
            {
                await run.CancelAsync().ConfigureAwait(false);
            }

            await RunAsync(run).ConfigureAwait(false);
        }
        finally
        {
            lock (job.Gate)
            {
                job.Active.Remove(place);
            }

            run.Dispose();
            turns.Leave();
            _ = SettleAsync(job);
            turns.Offer(job);
            Pump();
        }
    }

    /// <summary>The end of a host whose order nobody can go on with. An agent did it itself: it ran, and runs no more. What a proxy's hosts did is not known.</summary>
    private HostEnd Interrupted() => new(
        settings.Rollouts ? HostState.Unknown : HostState.Failed,
        $"interrupted: the daemon was restarted while the order ran; {(settings.Rollouts ? "it may have started: look there before it is tried again" : "what it wrote may be partial, order again")}")
    {
        Cause = Reasons.Interrupted,
    };

    private async Task RunAsync(HostRun run)
    {
        string why = "an error inside deploy: the host was left without an end";
        try
        {
            await runner.RunAsync(run, leaving.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested || run.Cancelled.IsCancellationRequested)
        {
            why = "cancelled, and nobody knows how it ended";
        }
        catch (Exception bug)
        {
            // It costs its host, not the daemon and all the jobs in it.
            log.Error($"{run.Host} failed inside deploy: {bug}");
            why = $"an error inside deploy: {bug.Message}";
        }

        if (!run.HasEnded && !leaving.IsCancellationRequested)
        {
            await run.ForceAsync(why).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at the clock and tells the sums, while a job runs; nothing ticks where none does.</summary>
    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(Beat, time, leaving.Token).ConfigureAwait(false);
            var now = time.GetUtcNow();
            foreach (var job in live.Values)
            {
                await BeatAsync(job, now).ConfigureAwait(false);
            }

            await leases.ExtendAsync().ConfigureAwait(false);
            lock (beating)
            {
                if (live.IsEmpty)
                {
                    beats = false;
                    return;
                }
            }
        }
    }

    /// <summary>Hosts that wait do not start behind the job's time.</summary>
    private void StopLate(LiveJob job, DateTimeOffset now)
    {
        if (job.Rollout.Ending is not null || job.Rollout.Waiting == 0)
        {
            return;
        }

        if (now > job.Stored.NotAfter)
        {
            job.Rollout.Stop($"it may not start after {job.Stored.NotAfter:u}", Reasons.TooLate);
        }
        else if (time.GetTimestamp() > job.DeadlineAt)
        {
            job.Rollout.Stop($"the rollout's deadline of {job.Rollout.Plan.Deadline!.Value.TotalSeconds:0} s has passed", Reasons.TooLate);
        }
    }

    private async Task BeatAsync(LiveJob job, DateTimeOffset now)
    {
        List<HostRun>? late = null;
        lock (job.Gate)
        {
            StopLate(job, now);

            if (job.Document?.Spec.HostTimeoutSeconds is { } seconds)
            {
                late = job.Active.Values.Where(run => run.Took > TimeSpan.FromSeconds(seconds) + Backstop).ToList();
            }

            if (job.HasMoved && job.Summary(now) is var summary && !job.Meter.IsTold(summary))
            {
                hub.Publish(JobEvents.Job(EventType.JobSummary, job.Id, summary));
            }
        }

        foreach (var run in late ?? [])
        {
            await run.ForceAsync("its runner did not come back long after host_timeout", late: true).ConfigureAwait(false);
            await run.CancelAsync().ConfigureAwait(false);
        }

        _ = SettleAsync(job);
    }
}
