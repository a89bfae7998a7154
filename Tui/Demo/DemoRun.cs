using System.Globalization;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>Plays one job: starts its hosts batch by batch, moves them, and ends it.</summary>
internal sealed class DemoRun(DemoWorld world, DemoJob job)
{
    private const int UsualParallel = 50;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SummaryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(400);

    private readonly RolloutSpec? rollout = job.Spec.Rollout;
    private List<int> batches = []; // the end of each batch, the canary's first where there is one
    private int batch;
    private int next;
    private int failures;
    private bool summaryComes;
    private (JobState State, string Reason)? stopping;

    /// <summary>Done once, at its end.</summary>
    public Action Ended { get; set; } = () => { };

    public void Begin()
    {
        batches = Batches();
        if (rollout is not null)
        {
            job.Batch = (HasCanary ? 0 : 1, HasCanary ? batches.Count - 1 : batches.Count);
        }

        for (int place = 0; job.Spec.Order == Order.Rsync && place < job.Hosts.Count; place++)
        {
            job.Plan(place, world.Trees.Of(job.Hosts[place], job.Spec.Group ?? string.Empty).Totals.Bytes);
        }

        job.State = JobState.Running;
        job.Started = world.Now;
        world.Tell(EventType.JobState, job);
        foreach (var standing in job.Standings)
        {
            world.Tell(EventType.HostState, job, standing);
        }

        if (rollout?.DeadlineSeconds is { } seconds)
        {
            world.Schedule(TimeSpan.FromSeconds(seconds), () => Stop(JobState.Stopped, string.Create(CultureInfo.InvariantCulture, $"the rollout's deadline of {seconds} s has passed")));
        }

        StartSome();
    }

    /// <summary>Starts no other host; what runs ends at its leisure.</summary>
    public void Pause(string why) => Turn(JobState.Paused, why);

    public void Resume()
    {
        Turn(JobState.Running, null);
        StartSome();
    }

    /// <summary>Ends what runs, and starts nothing else.</summary>
    public void Cancel(string why)
    {
        if (Stop(JobState.Cancelled, why))
        {
            for (int place = 0; place < next; place++)
            {
                int running = place;
                if (!job.Standings[place].State.IsTerminal())
                {
                    world.Schedule(StopTime, () => End(running, new DemoEnd(HostState.Cancelled, TimeSpan.Zero) { Reason = why }));
                }
            }
        }
    }

    private bool HasCanary => rollout?.Canary is not null;

    private int Running => job.Count(HostState.Connecting) + job.Count(HostState.Running);

    /// <summary>Whether it is much behind the others.</summary>
    private bool IsSlow(int place) => job.Hosts[place].BytesPerSecond < DemoHosts.SlowBytesPerSecond;

    private void Turn(JobState state, string? why)
    {
        if (stopping is null && job.State.MayBecome(state))
        {
            (job.State, job.Reason) = (state, why);
            world.Tell(EventType.JobState, job);
        }
    }

    /// <summary>Ends of the batches, as a rollout is asked for; one of all hosts where it is not.</summary>
    private List<int> Batches()
    {
        int all = job.Hosts.Count, last = 0;
        var read = new List<int>();
        foreach (string part in new[] { rollout?.Canary }.Concat((rollout?.Batches ?? "100%").Split(',', StringSplitOptions.TrimEntries)).OfType<string>())
        {
            last = Math.Clamp(Portion(part, all), last, all);
            read.Add(last);
        }

        if (last < all)
        {
            read.Add(all);
        }

        return read;
    }

    /// <summary>A number of hosts, or a percentage of all, rounded up.</summary>
    private static int Portion(string text, int all) =>
        !int.TryParse(text.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? all
        : text.EndsWith('%') ? (int)((((long)all * number) + 99) / 100) : number;

    private void StartSome()
    {
        while (job.State == JobState.Running && stopping is null && next < batches[batch] && Running < (rollout?.MaxParallel ?? UsualParallel))
        {
            Connect(next++);
        }

        if (Running > 0 || job.State.IsTerminal())
        {
            return;
        }

        if (stopping is { } how)
        {
            Close(how.State, how.Reason);
        }
        else if (next == job.Hosts.Count)
        {
            Close(JobState.Done, null);
        }
        else if (next == batches[batch] && job.State == JobState.Running)
        {
            NextBatch();
        }
    }

    private void NextBatch()
    {
        int number = HasCanary ? batch : batch + 1;
        if (failures > 0 && (rollout!.OnFailure == OnFailure.Stop || (HasCanary && batch == 0)))
        {
            Stop(JobState.Stopped, HasCanary && batch == 0 ? "a canary host is not good" : string.Create(CultureInfo.InvariantCulture, $"a host failed in batch {number}"));
            StartSome();
            return;
        }

        batch++;
        job.Batch = (HasCanary ? batch : batch + 1, job.Batch!.Value.Of);
        if (rollout!.PauseAfter == number)
        {
            Pause(number == 0 ? "paused after the canary" : string.Create(CultureInfo.InvariantCulture, $"paused after batch {number} of {job.Batch.Value.Of}"));
        }

        StartSome();
    }

    private void Connect(int place)
    {
        var host = job.Hosts[place];
        var end = world.Endings.Of(job, host, world.Now);
        host.Running = job.Id;
        world.Changed(host);
        Tell(EventType.HostState, job.Set(place, job.Standings[place] with { State = HostState.Connecting, Batch = job.Batch?.Now, Started = world.Now }));
        var dial = TimeSpan.FromMilliseconds(30 + world.Chance.Below(150, $"{job.Id} {host.Name} dials"));
        bool isThere = end.State != HostState.Unreachable;
        world.Schedule(isThere ? dial : end.Duration, isThere ? () => Start(place, end) : () => End(place, end));
    }

    private void Start(int place, DemoEnd end)
    {
        if (job.Standings[place].State.IsTerminal())
        {
            return;
        }

        var progress = end.Changes is { Totals.Bytes: > 0 } && job.Spec.Order == Order.Rsync ? Progress(end, 0, 0) : null;
        Tell(EventType.HostState, job.Set(place, job.Standings[place] with { State = HostState.Running, Progress = progress }));
        var began = world.Now;
        job.Slow += IsSlow(place) ? 1 : 0;
        if (progress is not null)
        {
            world.Schedule(ProgressInterval, () => Move(place, end, began));
        }

        world.Schedule(end.Duration, () => End(place, end));
    }

    private void Move(int place, DemoEnd end, DateTimeOffset began)
    {
        if (job.Standings[place].State != HostState.Running)
        {
            return;
        }

        var moves = end.Duration - end.Stalls;
        double share = Math.Min(1, (world.Now - began) / moves) * end.Share;
        int? stalled = world.Now - began - moves is var still && still > ProgressInterval * 3 ? (int)still.TotalSeconds : null;
        double wobble = 0.85 + world.Chance.Between(0, 0.3, $"{job.Id} {place} {job.Standings[place].Rev}");
        Tell(EventType.HostProgress, job.Set(place, job.Standings[place] with { Progress = Progress(end, share, stalled is null ? wobble : 0) with { StalledSeconds = stalled } }));
        world.Schedule(ProgressInterval, () => Move(place, end, began));
    }

    private static HostProgress Progress(DemoEnd end, double share, double wobble)
    {
        var totals = end.Changes!.Totals;
        return new HostProgress
        {
            BytesDone = (long)(totals.Bytes * share),
            BytesTotal = totals.Bytes,
            FilesDone = (long)(totals.Files * share),
            FilesTotal = totals.Files,
            BytesPerSecond = wobble > 0 ? (long)(totals.Bytes * end.Share / (end.Duration - end.Stalls).TotalSeconds * wobble) : null,
        };
    }

    private void End(int place, DemoEnd end)
    {
        var standing = job.Standings[place];
        if (standing.State.IsTerminal())
        {
            return;
        }

        job.Slow -= standing.State == HostState.Running && IsSlow(place) ? 1 : 0;
        end.Do(job, job.Hosts[place], world.Trees, world.Now);
        world.Changed(job.Hosts[place]);
        failures += end.State.IsGood() ? 0 : 1;
        Tell(EventType.HostState, job.Set(place, end.Of(standing, world.Now), end.Content), end.Content);
        if (rollout?.MaxFailures is { } most && failures > Portion(most, job.Hosts.Count))
        {
            Stop(JobState.Stopped, string.Create(CultureInfo.InvariantCulture, $"{failures} hosts failed, max_failures is {most}"));
        }

        StartSome();
    }

    /// <summary>Starts no other host, and ends when those that run have; false where it does so already.</summary>
    private bool Stop(JobState how, string why)
    {
        if (stopping is not null || job.State.IsTerminal())
        {
            return false;
        }

        stopping = (how, why);
        job.Reason = why;
        var left = how == JobState.Cancelled ? HostState.Cancelled : HostState.Skipped;
        for (; next < job.Hosts.Count; next++)
        {
            Tell(EventType.HostState, job.Set(next, job.Standings[next] with { State = left, Reason = why, Ended = world.Now }));
        }

        world.Tell(EventType.JobState, job);
        if (Running == 0)
        {
            Close(how, why);
        }

        return true;
    }

    private void Close(JobState how, string? why)
    {
        (job.State, job.Reason, job.Ended) = (how, why, world.Now);
        world.Tell(EventType.JobState, job);
        Ended();
    }

    private void Tell(EventType type, HostStanding standing, ShapeContent? content = null)
    {
        world.Tell(type, job, standing, content);
        if (!summaryComes)
        {
            summaryComes = true;
            world.Schedule(SummaryInterval, () =>
            {
                summaryComes = false;
                if (!job.State.IsTerminal())
                {
                    world.Tell(EventType.JobSummary, job);
                }
            });
        }
    }
}
