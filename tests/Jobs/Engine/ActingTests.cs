using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

public class ActingTests
{
    private static readonly Asker Bob = new("127.0.0.1:2", "bob@desk");

    [Fact]
    public async Task Cancel_stops_what_runs_and_ends_what_waits()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task));
        var document = EngineStage.Document(5, new RolloutSpec { MaxParallel = 2 });
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
        var view = await stage.ActAsync(document.Spec.Id, JobAct.Cancel);
        Assert.Equal((JobState.Cancelled, "cancelled by bob@desk", 5), (view.State, view.Reason, view.Summary.Counts["cancelled"]));
        Assert.Equal(JobState.Cancelled, (await stage.ActAsync(document.Spec.Id, JobAct.Cancel)).State);
        foreach (var late in new[] { JobAct.Pause, JobAct.Resume })
        {
            var refused = Assert.IsType<Submission.Refused>(await stage.Engine.ActAsync(document.Spec.Id, late, new Asker("127.0.0.1:1", "bob@desk"), CancellationToken.None));
            Assert.Equal((ProblemTypes.TooLate, 409), (refused.Problem.Type, refused.Problem.Status));
        }
    }

    [Fact]
    public async Task A_host_that_does_not_end_makes_the_cancellation_answer_all_the_same()
    {
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(
            new ScriptedRunner(async (run, stop) =>
            {
                await run.RunningAsync();
                await go.Task.WaitAsync(stop);
                await run.EndAsync(new HostEnd(HostState.Ok));
            }),
            change: settings => settings with { CancelTime = TimeSpan.FromMilliseconds(50) });
        var document = EngineStage.Document(2);
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
        var view = await stage.ActAsync(document.Spec.Id, JobAct.Cancel);
        Assert.Equal(2, view.Summary.Counts["running"]);
        Assert.Equal(JobState.Running, view.State);
        go.SetResult();
        var end = await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal((JobState.Cancelled, 2), (end.State, end.Summary.Counts["ok"]));
    }

    [Fact]
    public async Task What_is_cancelled_before_it_connects_does_not_start()
    {
        var came = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        bool left = false;
        await using var stage = EngineStage.Open(new ScriptedRunner(async (run, _) =>
        {
            came.TrySetResult();
            await go.Task;
            await run.ConnectingAsync();
            left = true;
        }));
        var document = EngineStage.Document(1);
        await stage.SubmitAsync(document);
        await came.Task.WaitAsync(EngineStage.Patience);
        var cancel = stage.ActAsync(document.Spec.Id, JobAct.Cancel);
        await stage.UntilAsync(document.Spec.Id, view => view.Reason is not null);
        await Task.Delay(20);
        go.SetResult();
        Assert.Equal(JobState.Cancelled, (await cancel).State);
        Assert.Equal("cancelled", await stage.StatesAsync(document.Spec.Id));
        Assert.False(left);
    }

    [Fact]
    public async Task A_cancellation_that_overtakes_its_job_keeps_it_away()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good());
        var document = EngineStage.Document(1);
        var answer = await stage.Engine.ActAsync(document.Spec.Id, JobAct.Cancel, Bob, CancellationToken.None);
        Assert.Equal(404, Assert.IsType<Submission.Refused>(answer).Problem.Status);
        Assert.Equal(ProblemTypes.Cancelled, (await stage.RefusedAsync(document)).Type);
    }

    [Fact]
    public async Task A_cancellation_that_meets_its_job_stops_it_or_keeps_it_away()
    {
        await using var stage = EngineStage.Open(
            ScriptedRunner.Held(new TaskCompletionSource().Task),
            change: settings => settings with
            {
                Admit = (document, _) =>
                {
                    Thread.SpinWait(5000);
                    return new Admission.Hosts([.. document.Hosts.Expand()]);
                },
            });
        for (int round = 0; round < 1000; round++)
        {
            var document = EngineStage.Document(1);
            var submit = Task.Run(() => stage.Engine.SubmitAsync(document, Bob, CancellationToken.None));
            Thread.SpinWait(round * 10);
            bool isKnown = await stage.Engine.ActAsync(document.Spec.Id, JobAct.Cancel, Bob, CancellationToken.None) is Submission.Taken;
            Assert.Equal(isKnown, await submit is Submission.Taken);
        }
    }

    [Fact]
    public async Task Two_names_of_one_machine_are_not_one_host()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good(), change: settings => settings with { Admit = (_, asker) => new Admission.Hosts([asker.AsHost!]) });
        var document = EngineStage.Document(2);
        Assert.IsType<Submission.Taken>(await stage.Engine.SubmitAsync(document, Bob with { AsHost = "h-1" }, CancellationToken.None));
        Assert.IsType<Submission.Taken>(await stage.Engine.SubmitAsync(document, Bob with { AsHost = "H-1" }, CancellationToken.None));
        var problem = Assert.IsType<Submission.Refused>(await stage.Engine.SubmitAsync(document, Bob with { AsHost = "h-2" }, CancellationToken.None)).Problem;
        Assert.Equal((409, ProblemTypes.OtherContent), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task A_rollout_pauses_and_is_paused_and_goes_on()
    {
        var runner = ScriptedRunner.Good();
        await using var stage = EngineStage.Open(runner);
        var document = EngineStage.Document(6, new RolloutSpec { Batches = "1,3", PauseAfter = 1, MaxParallel = 1 });
        await stage.SubmitAsync(document);
        var paused = await stage.UntilAsync(document.Spec.Id, view => view.State == JobState.Paused);
        Assert.Equal(("batch 1 of 3 has ended, as pause_after says", 5), (paused.Reason, paused.Summary.Counts["queued"]));
        Assert.Equal(JobState.Paused, stage.Store.Find(document.Spec.Id)!.State);
        await Task.Delay(20);
        Assert.Single(runner.Came);
        Assert.NotEqual(JobState.Paused, (await stage.ActAsync(document.Spec.Id, JobAct.Resume)).State);
        var end = await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal((JobState.Done, 6, 3, 3), (end.State, end.Summary.Counts["ok"], end.Summary.Batch, end.Summary.Batches));
    }

    [Theory]
    [InlineData("Cancel", "cancelled")]
    [InlineData("Resume", "ok")]
    public async Task One_that_is_paused_before_it_starts_starts_when_it_may_and_can_be_cancelled(string word, string states)
    {
        var then = Enum.Parse<JobAct>(word);
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(ScriptedRunner.Held(go.Task), change: settings => settings with { RunningAtOnce = 1 });
        var first = EngineStage.Document(1);
        await stage.SubmitAsync(first);
        await stage.UntilAsync(first.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
        var second = EngineStage.Document(1);
        await stage.SubmitAsync(second);
        var paused = await stage.ActAsync(second.Spec.Id, JobAct.Pause);
        Assert.Equal((JobState.Paused, "paused by bob@desk"), (paused.State, paused.Reason));
        go.SetResult();
        await stage.UntilEndAsync(first.Spec.Id);
        Assert.Equal("queued", await stage.StatesAsync(second.Spec.Id));
        await stage.ActAsync(second.Spec.Id, then);
        await stage.UntilEndAsync(second.Spec.Id);
        Assert.Equal(states, await stage.StatesAsync(second.Spec.Id));
    }

    [Fact]
    public async Task A_rollout_whose_budget_is_spent_skips_the_rest()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Ending(host => host == "h-2" ? HostState.Failed : HostState.Ok));
        var document = EngineStage.Document(500, new RolloutSpec { MaxParallel = 1, MaxFailures = "0" });
        await stage.SubmitAsync(document);
        var end = await stage.UntilEndAsync(document.Spec.Id);
        Assert.Equal((JobState.Stopped, "1 host failed, max_failures is 0", 498), (end.State, end.Reason, end.Summary.Counts["skipped"]));
        Assert.Equal(498, stage.Store.Counts(end.Id)[HostState.Skipped]);
    }

    [Fact]
    public async Task A_lease_keeps_a_second_rollout_away_until_it_is_over_or_stolen()
    {
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(ScriptedRunner.Held(go.Task), change: settings => settings with { Leases = true });
        var first = JobDocument.Of(EngineStage.Spec(4, new RolloutSpec { MaxParallel = 1 }, Order.Rsync) with { Reason = "release" });
        await stage.SubmitAsync(first);
        await stage.UntilAsync(first.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
        var second = EngineStage.Document(2, order: Order.Rsync);
        var problem = await stage.RefusedAsync(second);
        Assert.Equal((ProblemTypes.Leased, 409, first.Spec.Id), (problem.Type, problem.Status, problem.Job));
        Assert.Matches("^site is held on h-\\[1-4\\] by ann@desk with job [0-9A-Z]+ since [-0-9]+ [:0-9]+Z \\(release\\); the job runs$", problem.Detail);
        Assert.Equal(problem.Detail, (await stage.RefusedAsync(second)).Detail);
        await stage.ActAsync(first.Spec.Id, JobAct.Pause);
        Assert.EndsWith("the job is paused, and holds it until it is resumed or cancelled", (await stage.RefusedAsync(second)).Detail, StringComparison.Ordinal);
        await stage.ActAsync(first.Spec.Id, JobAct.Resume);
        await stage.SubmitAsync(JobDocument.Of(EngineStage.Spec(1, order: Order.Rsync) with { Group = "other" }));
        await stage.SubmitAsync(JobDocument.Of(EngineStage.Spec(1, order: Order.Rsync) with { Hosts = "h-5" }));
        Assert.Equal(3, (await stage.Engine.LeasesAsync(CancellationToken.None)).Count);
        Assert.Equal(3, stage.Store.Leases().Count);

        Assert.Null(await stage.Engine.StealAsync("site", "hotfix", Bob, CancellationToken.None));
        Assert.NotNull(await stage.Engine.StealAsync("site", "again", Bob, CancellationToken.None));
        await stage.SubmitAsync(second);
        go.SetResult();
        var end = await stage.UntilEndAsync(first.Spec.Id);
        Assert.Equal((JobState.Stopped, "its lease was taken by bob@desk: hotfix"), (end.State, end.Reason));
        Assert.Equal("ok skipped skipped skipped", await stage.StatesAsync(end.Id));
        await stage.UntilEndAsync(second.Spec.Id);
        Assert.Contains(stage.Log.Entries, entry => entry.Message.Contains("was taken by bob@desk: hotfix", StringComparison.Ordinal));
        await stage.UntilAsync(second.Spec.Id, _ => !stage.Engine.LeasesAsync(CancellationToken.None).Result.Any(lease => lease.Job == second.Spec.Id));
    }

    [Fact]
    public async Task An_order_of_the_originals_wire_is_a_job_too()
    {
        await using var stage = EngineStage.Open(ScriptedRunner.Good());
        var job = await stage.Engine.AdoptAsync(new AdoptedOrder(Order.Rsync, "site\u001b", ["a", "b"], Bob) { Begins = HostState.Connecting });
        var view = (await stage.Engine.FindAsync(job.Id, CancellationToken.None))!;
        Assert.Equal((JobState.Running, "legacy", "a,b", 2), (view.State, view.Wire, view.Hosts, view.Summary.Counts["connecting"]));
        var refused = Assert.IsType<Submission.Refused>(await stage.Engine.ActAsync(job.Id, JobAct.Cancel, Bob, CancellationToken.None)).Problem;
        Assert.Equal((409, "stop its sync with: deploy client rkill site\\x1b"), (refused.Status, refused.Hint));
        await job.EndAsync(1, new HostEnd(HostState.Unreachable, "no route"));
        await job.EndAsync(0, new HostEnd(HostState.Ok));
        Assert.Null(job.Ended);
        await job.EndAsync(HostState.Failed, "2 hosts by the API key x: 1 ok, 1 unreachable");
        Assert.Equal("ok unreachable", await stage.StatesAsync(job.Id));
        Assert.NotNull(stage.Store.Find(job.Id)!.Ended);
        Assert.Contains($"job {job.Id} rsync site\\x1b from 127.0.0.1:2: failed: 2 hosts by the API key x: 1 ok, 1 unreachable (", stage.Log.Entries[^1].Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => job.EndAsync(HostState.Ok, null));
        await job.EndBrokenAsync();

        var poll = await stage.Engine.AdoptAsync(new AdoptedOrder(Order.Status, "site", ["a"], Bob));
        await poll.EndAsync(HostState.Ok, "a note");
        Assert.Null(stage.Store.Find(poll.Id));
        Assert.Equal((HostState.Ok, "a note"), (poll.State, poll.Reason));
        Assert.Contains(": ok: a note (", stage.Log.Entries[^1].Message, StringComparison.Ordinal);
    }
}
