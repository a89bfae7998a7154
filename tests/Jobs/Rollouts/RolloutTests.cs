using Deploy.Jobs.Rollouts;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Model.Hosts;
using Xunit;

namespace Deploy.Tests.Jobs.Rollouts;

public class RolloutTests
{
    private static readonly HostState[] Ends =
    [
        HostState.Ok, HostState.Ok, HostState.Ok, HostState.Ok, HostState.Unchanged, HostState.Partial, HostState.Failed, HostState.Refused, HostState.Timeout, HostState.Cancelled, HostState.Unreachable,
        HostState.Unknown,
    ];

    [Fact]
    public void The_first_failure_is_the_last_where_none_is_borne()
    {
        var rollout = Of(new RolloutSpec { MaxFailures = "0", MaxParallel = 2 }, 5);
        Assert.Equal([0, 1], Start(rollout));
        rollout.End(0, HostState.Failed);
        Assert.Equal((JobState.Stopped, "1 host failed, max_failures is 0"), (rollout.Ending, rollout.Reason));
        Assert.Empty(Start(rollout));
        rollout.End(1, HostState.Ok);
        Assert.Empty(Start(rollout));
        Assert.Equal([2, 3, 4], rollout.TakeWaiting());
    }

    [Fact]
    public void A_batch_waits_for_the_one_before_it()
    {
        var rollout = Of(new RolloutSpec { Batches = "1,3" }, 5);
        Assert.Equal([0], Start(rollout));
        rollout.End(0, HostState.Failed);
        Assert.Equal([1, 2], Start(rollout));
        rollout.End(2, HostState.Ok);
        Assert.Empty(Start(rollout));
        Assert.Equal(2, rollout.Batch);
        rollout.End(1, HostState.Ok);
        Assert.Equal([3, 4], Start(rollout));
        Assert.Equal(3, rollout.Batch);
    }

    [Fact]
    public void Canaries_are_first_and_alone_and_all_good()
    {
        var rollout = Of(new RolloutSpec { Canary = "2", MaxFailures = "50%" }, 6);
        Assert.Equal([0, 1], Start(rollout));
        rollout.End(1, HostState.Unchanged);
        Assert.Empty(Start(rollout));
        rollout.End(0, HostState.Cancelled);
        Assert.Equal((JobState.Stopped, "a canary host is not good"), (rollout.Ending, rollout.Reason));
    }

    [Fact]
    public void Good_canaries_let_the_rest_go()
    {
        var rollout = Of(new RolloutSpec { Canary = "2", Batches = "1,2,4,100%" }, 6);
        Assert.Equal([0, 1], Start(rollout));
        rollout.End(1, HostState.Unchanged);
        rollout.End(0, HostState.Ok);
        Assert.Equal(3, rollout.Batch); // the canary was all of batches 1 and 2
        Assert.Equal([2, 3], Start(rollout));
    }

    [Fact]
    public void It_pauses_behind_a_batch_until_somebody_goes_on()
    {
        var rollout = Of(new RolloutSpec { Batches = "1,3", PauseAfter = 1 }, 5);
        Start(rollout);
        rollout.End(0, HostState.Ok);
        Assert.Equal((true, "batch 1 of 3 has ended, as pause_after says"), (rollout.IsPaused, rollout.Reason));
        Assert.Empty(Start(rollout));
        rollout.Resume();
        Assert.Equal([1, 2], Start(rollout));
        Assert.False(Rollout.Of(rollout.Plan, [HostState.Ok, HostState.Running, HostState.Connecting, HostState.Queued, HostState.Queued]).IsPaused);
        Assert.True(Rollout.Of(rollout.Plan, [HostState.Ok, HostState.Queued, HostState.Queued, HostState.Queued, HostState.Queued]).IsPaused);
    }

    [Fact]
    public void A_batch_with_a_failure_is_the_last_where_that_is_asked_for()
    {
        var rollout = Of(new RolloutSpec { Batches = "2,4", OnFailure = OnFailure.Stop }, 5);
        Start(rollout);
        rollout.End(0, HostState.Unreachable);
        Assert.Null(rollout.Ending);
        rollout.End(1, HostState.Ok);
        Assert.Equal("a host failed in batch 1 of 3, on_failure is stop", rollout.Reason);
        Assert.Equal(JobState.Stopped, rollout.Ending);
    }

    [Fact]
    public void A_host_ends_once_and_only_where_it_runs()
    {
        var rollout = Of(new RolloutSpec(), 2);
        Assert.Throws<InvalidOperationException>(() => rollout.End(0, HostState.Ok));
        Start(rollout);
        Assert.Throws<InvalidOperationException>(() => rollout.End(0, HostState.Running));
        rollout.End(0, HostState.Ok);
        Assert.Throws<InvalidOperationException>(() => rollout.End(0, HostState.Ok));
    }

    [Fact]
    public void A_stop_may_become_a_cancellation_and_nothing_else()
    {
        var rollout = Of(new RolloutSpec(), 2);
        rollout.Stop("budget");
        rollout.Stop("again");
        Assert.Equal("budget", rollout.Reason);
        rollout.Cancel("by me");
        rollout.Stop("late");
        rollout.Pause("no");
        Assert.Equal((JobState.Cancelled, "by me", false), (rollout.Ending, rollout.Reason, rollout.IsPaused));
    }

    [Fact]
    public void Whatever_happens_its_limits_hold_every_host_ends_once_and_it_comes_to_an_end() =>
        HostGen.Holds(RolloutGen.Case, one => Assert.Equal(Drive(one.Spec, one.Hosts, one.Seed), Drive(one.Spec, one.Hosts, one.Seed)));

    /// <summary>Random ends in random order, pauses, cancellations and restarts; what happened, as a text.</summary>
    private static string Drive(RolloutSpec spec, int hosts, int seed)
    {
        var random = new Random(seed);
        var plan = RolloutPlanTests.Plan(spec, hosts);
        var rollout = new Rollout(plan);
        var states = new HostState[hosts];
        var happened = new List<string>();
        for (int step = 0; !rollout.IsOver; step++)
        {
            Assert.InRange(step, 0, 100 * hosts);
            int failures = states.Count(Rollout.IsFailure);
            bool started = random.Next(3) > 0 && rollout.TryStart(out int place) && Started(place);
            int[] running = [.. Enumerable.Range(0, hosts).Where(at => states[at] == HostState.Running)];
            Assert.Equal((running.Length, states.Count(state => state == HostState.Queued)), (rollout.Running, rollout.Waiting));
            if (running.Length > 0 && random.Next(2) == 0)
            {
                int at = running[random.Next(running.Length)];
                states[at] = Ends[random.Next(Ends.Length)];
                rollout.End(at, states[at]);
                happened.Add($"{at} {states[at]}");
            }
            else if (!started)
            {
                Between(random.Next(40));
            }

            bool Started(int at)
            {
                // The budget, the canary, the batches and the width, as one reads them in the document.
                Assert.Equal(HostState.Queued, states[at]);
                Assert.True(plan.MaxFailures is null || failures <= plan.MaxFailures);
                Assert.True(states.Count(state => state == HostState.Running) < spec.MaxParallel);
                Assert.All(states[..plan.Canary], state => Assert.True(at < plan.Canary || state.IsGood()));
                int batch = plan.BatchOf(at);
                Assert.All(states[..(batch == 0 ? 0 : plan.EndOf(batch - 1))], state => Assert.True(state.IsTerminal()));
                Assert.False(spec.OnFailure == OnFailure.Stop && batch > 0 && states[..plan.EndOf(batch - 1)].Any(Rollout.IsFailure));
                states[at] = HostState.Running;
                happened.Add($"{at} starts");
                return true;
            }
        }

        Assert.All(states, state => Assert.True(state.IsTerminal()));
        Assert.Equal(rollout.Ending == JobState.Cancelled ? JobState.Cancelled : states.Contains(HostState.Skipped) ? JobState.Stopped : JobState.Done, rollout.Final);
        return string.Join(", ", happened) + rollout.Reason;

        void Between(int what)
        {
            switch (what)
            {
                case 0:
                    rollout.Cancel("by me");
                    break;
                case 1:
                    rollout.Stop("stolen");
                    break;
                case 2 or 3:
                    rollout.Pause("by me");
                    break;
                case 4 or 5 when rollout.Ending is null:
                    bool paused = rollout.IsPaused;
                    rollout = Rollout.Of(plan, states);
                    if (paused)
                    {
                        rollout.Pause("as it was kept");
                    }

                    break;
                case < 20 when rollout.IsPaused:
                    rollout.Resume();
                    break;
                case < 30 when rollout.Ending is { } ending:
                    foreach (int at in rollout.TakeWaiting())
                    {
                        states[at] = ending == JobState.Cancelled ? HostState.Cancelled : HostState.Skipped;
                        rollout.End(at, states[at]);
                        happened.Add($"{at} {states[at]}");
                    }

                    break;
                default:
                    break;
            }

            // It never stands still: something runs, may start, is to be gone on with by somebody, or is to be ended.
            // One that was made anew may pause where somebody had gone on and nothing was started since.
            var again = Rollout.Of(plan, states);
            bool moves = rollout.IsOver || rollout.Running > 0 || rollout.IsPaused || rollout.Ending is not null || again.IsPaused || again.TryStart(out _);
            Assert.True(moves, string.Join(", ", happened));
        }
    }

    private static Rollout Of(RolloutSpec spec, int hosts) => new(RolloutPlanTests.Plan(spec, hosts));

    private static List<int> Start(Rollout rollout)
    {
        var started = new List<int>();
        while (rollout.TryStart(out int place))
        {
            started.Add(place);
        }

        return started;
    }
}
