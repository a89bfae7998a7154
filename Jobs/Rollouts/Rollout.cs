using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Rollouts;

/// <summary>
/// Which hosts of a job may start now, when it pauses, and when it ends. Pure: it has no clock, task or lock; it is told what happens and asked what may. What it knows can be told again from how
/// the hosts stand: <see cref="Of"/>.
/// </summary>
/// <remarks>
/// <code>
/// goes on &lt;-> paused      (by somebody, or behind a batch)
///    |__________|____-> ends: stopped (budget, canary, a batch with a failure, too late, stolen) | cancelled;
///                       hosts that wait never start then, those that run go to their end
/// over: every host has ended
/// </code>
/// </remarks>
internal sealed class Rollout(RolloutPlan plan)
{
    private readonly Step[] steps = new Step[plan.Hosts];
    private readonly int[] left = CountBatches(plan); // hosts of each batch that have not ended
    private readonly bool[] failedIn = new bool[plan.Ends.Count + 1];
    private int next; // no host before it waits
    private int started;
    private int ended;
    private int skipped;
    private int failures;
    private int furthest = -1; // the last batch of which a host was started
    private bool canaryIsGood = true;

    private enum Step : byte
    {
        Waits,
        Runs,
        Ended,
    }

    public RolloutPlan Plan => plan;

    /// <summary>The batch that runs; the canary is 0.</summary>
    public int Batch { get; private set; } = plan.Canary > 0 ? 0 : 1;

    /// <summary>True where no host starts until somebody goes on.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Stopped or cancelled, where no host starts any more; else null.</summary>
    public JobState? Ending { get; private set; }

    /// <summary>Why it is paused or ends; null where it goes on.</summary>
    public string? Reason { get; private set; }

    /// <summary>A word of <see cref="Reasons"/> for the hosts that are skipped, or null.</summary>
    public string? Cause { get; private set; }

    /// <summary>Hosts that run.</summary>
    public int Running => started - ended;

    /// <summary>Hosts that have not been started.</summary>
    public int Waiting => plan.Hosts - started;

    /// <summary>True when every host has ended.</summary>
    public bool IsOver => ended == plan.Hosts;

    /// <summary>How the job ends, once it is over.</summary>
    public JobState Final => Ending == JobState.Cancelled ? JobState.Cancelled : skipped > 0 ? JobState.Stopped : JobState.Done;

    /// <summary>The rollout as it stands where its hosts stand so: what was started is told first, then what has ended. A pause by hand is not in it, nor a stop that has skipped nobody yet.</summary>
    /// <param name="plan">The same as before.</param>
    /// <param name="states">By place.</param>
    public static Rollout Of(RolloutPlan plan, IReadOnlyList<HostState> states)
    {
        var rollout = new Rollout(plan);
        for (int place = 0; place < states.Count; place++)
        {
            if (states[place] != HostState.Queued)
            {
                rollout.Start(place);
            }
        }

        if (states.Contains(HostState.Skipped))
        {
            rollout.Stop("it had stopped before");
        }

        for (int place = 0; place < states.Count; place++)
        {
            if (states[place].IsTerminal())
            {
                rollout.End(place, states[place]);
            }
        }

        return rollout;
    }

    /// <summary>True for what counts against the budget: the host is not as it was asked for, and nobody chose that.</summary>
    public static bool IsFailure(HostState state) =>
        state is HostState.Failed or HostState.Partial or HostState.Refused or HostState.Timeout or HostState.Unreachable or HostState.Unknown;

    /// <summary>Starts the next host that may start now; false where none may.</summary>
    public bool TryStart(out int place)
    {
        Forward();
        place = next;
        if (IsPaused || Ending is not null || Running >= plan.Parallel || next >= plan.EndOf(Batch))
        {
            return false;
        }

        Start(place);
        return true;
    }

    /// <summary>Takes every host that waits, so that none of them starts: each is to end as skipped or cancelled. For a rollout that ends.</summary>
    public IReadOnlyList<int> TakeWaiting()
    {
        var taken = new List<int>(Waiting);
        Forward();
        while (next < plan.Hosts)
        {
            taken.Add(next);
            Start(next);
        }

        return taken;
    }

    /// <summary>A host that was started has ended.</summary>
    /// <exception cref="InvalidOperationException">It does not run: a bug.</exception>
    public void End(int place, HostState state)
    {
        if (steps[place] != Step.Runs || !state.IsTerminal())
        {
            throw new InvalidOperationException($"host {place} cannot end as {state.Word()}: it {(steps[place] == Step.Waits ? "waits" : "has ended")}");
        }

        steps[place] = Step.Ended;
        ended++;
        int batch = plan.BatchOf(place);
        left[batch]--;
        skipped += state == HostState.Skipped ? 1 : 0;
        canaryIsGood &= batch > 0 || state.IsGood();
        if (IsFailure(state))
        {
            failures++;
            failedIn[batch] = true;
        }

        Judge();
    }

    /// <summary>Starts no other host until <see cref="Resume"/>.</summary>
    public void Pause(string reason)
    {
        if (Ending is null && !IsPaused)
        {
            (IsPaused, Reason) = (true, reason);
        }
    }

    /// <summary>Goes on after a pause.</summary>
    public void Resume()
    {
        if (Ending is null && IsPaused)
        {
            (IsPaused, Reason) = (false, null);
        }
    }

    /// <summary>Starts no host any more; those that wait are skipped.</summary>
    public void Stop(string reason, string? cause = null) => Finish(JobState.Stopped, reason, cause);

    /// <summary>Starts no host any more; those that wait are cancelled. A stop may still become a cancellation, not the other way round.</summary>
    public void Cancel(string reason) => Finish(JobState.Cancelled, reason, null);

    /// <summary>The budget first, at every end; then whether batches are over.</summary>
    private void Judge()
    {
        if (failures > plan.MaxFailures)
        {
            Stop($"{Failed(failures)}, max_failures is {plan.MaxFailures}");
        }
        else if (!canaryIsGood)
        {
            Stop("a canary host is not good");
        }

        while (Ending is null && left[Batch] == 0 && Batch < plan.Ends.Count)
        {
            if (failedIn[Batch] && plan.StopsOnFailure)
            {
                Stop($"a host failed in {Named(Batch)}, on_failure is stop");
                return;
            }

            // Where a host behind it was started already, somebody went on: that is how a restart knows.
            if (plan.PauseAfter == Batch && furthest <= Batch && Waiting > 0)
            {
                Pause($"{Named(Batch)} has ended, as pause_after says");
            }

            Batch++;
        }
    }

    private string Named(int batch) => batch == 0 ? "the canary" : $"batch {batch} of {plan.Ends.Count}";

    private static string Failed(int count) => count == 1 ? "1 host failed" : $"{count} hosts failed";

    private void Finish(JobState ending, string reason, string? cause)
    {
        if (Ending is null || (Ending == JobState.Stopped && ending == JobState.Cancelled))
        {
            (Ending, IsPaused, Reason, Cause) = (ending, false, reason, cause);
        }
    }

    private void Start(int place)
    {
        steps[place] = Step.Runs;
        started++;
        furthest = Math.Max(furthest, plan.BatchOf(place));
        Forward();
    }

    private void Forward()
    {
        while (next < plan.Hosts && steps[next] != Step.Waits)
        {
            next++;
        }
    }

    private static int[] CountBatches(RolloutPlan plan)
    {
        int[] counts = new int[plan.Ends.Count + 1];
        for (int place = 0; place < plan.Hosts; place++)
        {
            counts[plan.BatchOf(place)]++;
        }

        return counts;
    }
}
