using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

/// <summary>A store that cannot be written (its directory is moved away) keeps nothing running that is to be stopped.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Home => folder["state"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_cancellation_stops_what_runs_first_and_is_kept_when_that_can_be()
    {
        Directory.CreateDirectory(Home);
        var stopped = new TaskCompletionSource();
        await using var stage = EngineStage.Open(
            new ScriptedRunner(async (run, stop) =>
            {
                await run.RunningAsync();
                using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled, stop);
                await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stop.ThrowIfCancellationRequested();
                stopped.TrySetResult();
                await run.EndAsync(new HostEnd(HostState.Cancelled));
            }),
            Path.Combine(Home, "jobs.db"),
            settings => settings with { CancelTime = EngineStage.Patience });
        var document = EngineStage.Document(2, new RolloutSpec { MaxParallel = 1 });
        await stage.SubmitAsync(document);
        await stage.UntilAsync(document.Spec.Id, view => view.Summary.Counts.ContainsKey("running"));

        Directory.Move(Home, folder["away"]);
        var view = await stage.ActAsync(document.Spec.Id, JobAct.Cancel);
        Assert.True(stopped.Task.IsCompleted);
        Assert.Null(view.Ended);
        Assert.Contains("cancelled by bob@desk; that is not kept yet: ", view.Reason, StringComparison.Ordinal);
        var host = (await stage.Engine.HostsAsync(document.Spec.Id, [HostState.Running], null, CancellationToken.None))!.Items;
        Assert.Contains("nothing of it runs any more (cancelled)", Assert.Single(host).Waiting, StringComparison.Ordinal);

        Directory.Move(folder["away"], Home);
        Assert.Equal((JobState.Cancelled, 2), (await stage.UntilEndAsync(document.Spec.Id)) is var end ? (end.State, end.Summary.Counts["cancelled"]) : default);
    }

    [Fact]
    public async Task An_rkill_is_done_in_memory_alone_and_nothing_else_is()
    {
        Directory.CreateDirectory(Home);
        await using var stage = EngineStage.Open(ScriptedRunner.Good(), Path.Combine(Home, "jobs.db"));
        Directory.Move(Home, folder["away"]);
        var rkill = EngineStage.Document(1, order: Order.Rkill);
        Assert.StartsWith("in memory alone: ", (await stage.SubmitAsync(rkill)).Reason, StringComparison.Ordinal);
        Assert.Equal(JobState.Done, (await stage.UntilEndAsync(rkill.Spec.Id)).State);
        Assert.False(Assert.IsType<Submission.Taken>(await stage.Engine.SubmitAsync(rkill, new Asker("127.0.0.1:1", null), CancellationToken.None)).IsNew);
        Assert.Equal(ProblemTypes.StoreUnwritable, (await stage.RefusedAsync(EngineStage.Document(1))).Type);
        Directory.Move(folder["away"], Home);
    }
}
