using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>A daemon that was away for long: what its clock says then.</summary>
public sealed class LateRestartTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, 25 * 3600, "it may not start after ")]
    [InlineData(600, 1200, "the rollout's deadline of 600 s has passed")]
    public async Task What_waits_does_not_start_when_the_daemon_comes_back_too_late(int? deadline, int away, string reason)
    {
        var document = EngineStage.Document(3, new RolloutSpec { MaxParallel = 1, DeadlineSeconds = deadline });
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"]))
        {
            await first.SubmitAsync(document);
            await first.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
            await first.KillAsync();
        }

        var runner = ScriptedRunner.Good();
        await using var second = EngineStage.Open(runner, folder["jobs.db"], time: new Logs.SetTime(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(away)));
        await second.Engine.StartAsync();
        var end = await second.UntilEndAsync(document.Spec.Id);
        Assert.Equal(("ok skipped skipped", "h-1"), (await second.StatesAsync(end.Id), string.Join(' ', runner.Came)));
        Assert.StartsWith(reason, end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_is_taken_up_again_by_its_own_job_and_runs_out_for_others()
    {
        var document = EngineStage.Document(2, order: Order.Rsync);
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"], settings => settings with { Leases = true }))
        {
            await first.SubmitAsync(document);
            await first.UntilAsync(document.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
            await first.KillAsync();
        }

        var time = new Logs.SetTime(TimeProvider.System.GetUtcNow());
        var go = new TaskCompletionSource();
        await using var second = EngineStage.Open(ScriptedRunner.Held(go.Task), folder["jobs.db"], settings => settings with { Leases = true }, time);
        var other = EngineStage.Document(1, order: Order.Rsync);
        Assert.Contains("its daemon was stopped, it runs out at ", (await second.RefusedAsync(other)).Detail, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Empty(await second.Engine.LeasesAsync(CancellationToken.None));
        await second.Engine.StartAsync();
        Assert.Contains("the job runs", (await second.RefusedAsync(other)).Detail, StringComparison.Ordinal);
        go.SetResult();
        Assert.Equal(JobState.Done, (await second.UntilEndAsync(document.Spec.Id)).State);
        await second.SubmitAsync(other);
        await second.UntilEndAsync(other.Spec.Id);
    }

    [Fact]
    public async Task A_lease_that_was_taken_is_not_taken_back_by_a_restart()
    {
        var robbed = EngineStage.Document(2, order: Order.Rsync);
        var rightful = EngineStage.Document(2, new RolloutSpec { MaxParallel = 1 }, Order.Rsync);
        await using (var first = EngineStage.Open(ScriptedRunner.Held(new TaskCompletionSource().Task), folder["jobs.db"], settings => settings with { Leases = true }))
        {
            await first.SubmitAsync(robbed);
            await first.UntilAsync(robbed.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("running") == 2);
            Assert.Null(await first.Engine.StealAsync("site", "hotfix", new Asker("127.0.0.1:2", "bob@desk"), CancellationToken.None));
            await first.SubmitAsync(rightful);
            await first.UntilAsync(rightful.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));
            await first.KillAsync();
        }

        await using var second = EngineStage.Open(ScriptedRunner.Good(), folder["jobs.db"], settings => settings with { Leases = true }, new Logs.SetTime(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(61)));
        await second.Engine.StartAsync();
        Assert.Equal(JobState.Done, (await second.UntilEndAsync(rightful.Spec.Id)).State);
        await second.UntilEndAsync(robbed.Spec.Id);
    }
}
