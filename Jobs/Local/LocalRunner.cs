using Deploy.Jobs.Engine;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Local;

/// <summary>Does a job on this host: the agent's own runner.</summary>
/// <param name="rules">The rules in force, asked for each job, so that a reload changes the next one.</param>
/// <param name="trees">status, rlist and rkill.</param>
/// <param name="syncs">rsync.</param>
/// <param name="commands">exec.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes what is a bug.</param>
internal sealed class LocalRunner(Func<AgentRules> rules, LocalTrees trees, LocalSyncs syncs, LocalCommands commands, TimeProvider time, ILog log) : IHostRunner
{
    public async Task RunAsync(IHostRun run, CancellationToken cancellationToken)
    {
        if (run.Standing.State != HostState.Queued)
        {
            await EndInterruptedAsync(run).ConfigureAwait(false);
            return;
        }

        if (run.Cancelled.IsCancellationRequested)
        {
            await run.EndAsync(new HostEnd(HostState.Cancelled, "it was cancelled before it started")).ConfigureAwait(false);
            return;
        }

        await run.RunningAsync(time.GetUtcNow()).ConfigureAwait(false);
        var local = new LocalRun(run, cancellationToken);
        if (time.GetUtcNow() > run.NotAfter)
        {
            await local.EndAsync(HostEnd.TooLate).ConfigureAwait(false);
            return;
        }

        try
        {
            await DoAsync(local, rules()).ConfigureAwait(false);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            log.Error($"job {run.Document.Spec.Id} failed inside the agent: {bug}");
            await local.EndAsync(new HostEnd(HostState.Failed, "an error inside the agent; its log says which")).ConfigureAwait(false);
            throw;
        }
    }

    private static Task EndInterruptedAsync(IHostRun run) => run.EndAsync(LocalRun.Interrupted(run.Document.Spec.Order));

    private Task DoAsync(LocalRun run, AgentRules inForce) => run.Spec.Order switch
    {
        Order.Status or Order.Rlist => trees.PreviewAsync(run, inForce),
        Order.Rkill => trees.StopAsync(run, inForce),
        Order.Rsync => syncs.RunAsync(run, inForce),
        Order.Exec => commands.ExecAsync(run, inForce),
        _ => throw new InvalidOperationException(),
    };
}
