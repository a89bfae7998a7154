using Deploy.Jobs.Engine;
using Deploy.Model;
using Xunit;

namespace Deploy.Tests.Jobs.Engine;

public class LostHostTests
{
    [Fact]
    public async Task A_host_that_is_out_of_reach_gives_its_place_to_others()
    {
        var go = new TaskCompletionSource();
        await using var stage = EngineStage.Open(
            new ScriptedRunner(async (run, stop) =>
            {
                await run.ConnectingAsync();
                if (run.Document.Spec.Hosts == "h-[1-3]")
                {
                    run.Lost(true);
                    run.Lost(true);
                    await go.Task.WaitAsync(stop);
                    run.Lost(false);
                }

                await run.EndAsync(new HostEnd(HostState.Unknown));
            }),
            change: settings => settings with { RunningAtOnce = 1 });
        var lost = EngineStage.Document(3);
        await stage.SubmitAsync(lost);
        await stage.UntilAsync(lost.Spec.Id, view => view.Summary.Counts.GetValueOrDefault("connecting") == 3);
        var other = EngineStage.Document(2);
        await stage.SubmitAsync(other);
        await stage.UntilEndAsync(other.Spec.Id);
        go.SetResult();
        await stage.UntilEndAsync(lost.Spec.Id);
        var last = EngineStage.Document(2);
        await stage.SubmitAsync(last);
        await stage.UntilEndAsync(last.Spec.Id);
    }
}
