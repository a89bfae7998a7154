using System.Globalization;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Protocol;
using Reasons = Deploy.Model.Jobs.Reasons;

namespace Deploy.Jobs.Remote.Legacy;

/// <summary>One host of one job on its way over the original's wire.</summary>
/// <param name="run">The host, and where to tell.</param>
/// <param name="calls">Asks its agent.</param>
/// <param name="patience">How patiently.</param>
/// <param name="time">The clock.</param>
internal sealed class LegacyHost(IHostRun run, LegacyCalls calls, LegacyPatience patience, TimeProvider time)
{
    private Order Order => run.Document.Spec.Order;

    private TimeSpan? HostTimeout => run.Document.Spec.HostTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Brings it to its end.</summary>
    /// <param name="fresh">False where it may have started before the daemon did.</param>
    /// <param name="cancellationToken">The daemon stops: leave without an end.</param>
    public async Task RunAsync(bool fresh, CancellationToken cancellationToken)
    {
        bool again = Order is Order.Status or Order.Rlist;
        if (fresh || again)
        {
            await OrderAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (Order == Order.Rsync)
        {
            await RunningAsync().ConfigureAwait(false);
            await FollowAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await run.EndAsync(new HostEnd(HostState.Unknown, $"the proxy was restarted while it asked, and the original's wire cannot be asked for what became of it; {Hints.AskAgain(Order)}")).ConfigureAwait(false);
        }
    }

    private async Task OrderAsync(CancellationToken cancellationToken)
    {
        var (report, outcome) = await AskAsync(Order, Order == Order.Rsync ? null : HostTimeout, cancellationToken).ConfigureAwait(false);
        if (Order == Order.Rsync && run.Cancelled.IsCancellationRequested && outcome is Interrupted { Sent: true })
        {
            // It had begun, or is about to: an rkill that came before it would find nothing.
            await RunningAsync().ConfigureAwait(false);
            await Task.Delay(patience.FirstAsk, time, cancellationToken).ConfigureAwait(false);
            await StopAsync(HostState.Cancelled, "stopped", cancellationToken).ConfigureAwait(false);
            return;
        }

        var facts = (outcome as Answered)?.Job;
        if (Order == Order.Rsync && report.State == HostState.Ok && facts is null or { State: HostState.Running })
        {
            await RunningAsync().ConfigureAwait(false);
            await FollowAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var end = LegacyEnds.Of(Order, report, facts, run.HasShape);
        await EndAsync(report is { State: HostState.Refused } && Order == Order.Rsync && report.NextStep == Hints.WaitForSync ? end with { Cause = Reasons.Busy } : end).ConfigureAwait(false);
    }

    /// <summary>Asks by status until no sync runs there. What the sync did is not told by this wire; what is left to do is.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var wait = patience.FirstAsk;
        long began = time.GetTimestamp(), heard = began;
        while (true)
        {
            if (run.Cancelled.IsCancellationRequested)
            {
                await StopAsync(HostState.Cancelled, "stopped", cancellationToken).ConfigureAwait(false);
                return;
            }

            if (HostTimeout is { } longest && time.GetElapsedTime(began) >= longest)
            {
                await StopAsync(HostState.Timeout, $"stopped: it took longer than its host_timeout of {longest.TotalSeconds:0} s", cancellationToken).ConfigureAwait(false);
                return;
            }

            if (!await PauseAsync(wait, cancellationToken).ConfigureAwait(false))
            {
                continue; // to be cancelled
            }

            wait = wait * 1.5 < patience.MostAsk ? wait * 1.5 : patience.MostAsk;
            var (report, outcome) = await AskAsync(Order.Status, null, cancellationToken).ConfigureAwait(false);
            if (outcome is not Answered || report.State is HostState.Refused or HostState.Unreachable)
            {
                if (time.GetElapsedTime(heard) >= patience.SilentTime)
                {
                    await run.EndAsync(new HostEnd(HostState.Unknown, $"its sync had started; it has not been heard of since: {LegacyEnds.Reason(report)}")).ConfigureAwait(false);
                    return;
                }

                run.Waiting($"no answer to how its sync goes on ({LegacyEnds.Reason(report)}); asked again");
                continue;
            }

            heard = time.GetTimestamp();
            if (IsRunning(report))
            {
                run.Waiting(null);
                continue;
            }

            await EndAsync(Ended(report, ((Answered)outcome).Job)).ConfigureAwait(false);
            return;
        }
    }

    /// <summary>How a sync ended, by what its status says afterwards.</summary>
    private static HostEnd Ended(HostReport report, JobHeader? facts)
    {
        if (facts?.LastSync is { } last)
        {
            bool partial = last.StartsWith(HostState.Partial.Word(), StringComparison.Ordinal);
            return new HostEnd(partial ? HostState.Partial : HostState.Failed, Model.Text.SafeText.Of("the sync: " + last, 1024));
        }

        return report switch
        {
            { State: HostState.Unchanged } => new HostEnd(HostState.Ok, "the sync has ended, and nothing is left to do"),
            { Changes: { } left } => new HostEnd(HostState.Partial, string.Create(CultureInfo.InvariantCulture, $"the sync has ended, and {left} files still differ; its log says why, or the origin has changed meanwhile")),
            _ => new HostEnd(HostState.Unknown, $"the sync has ended, and how is not known: {LegacyEnds.Reason(report)}"),
        };
    }

    /// <summary>Has the sync stopped, and sees that none runs any more.</summary>
    private async Task StopAsync(HostState end, string reason, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        run.Waiting("to be stopped");
        string last = "no answer";
        for (var wait = patience.FirstAsk / 4; time.GetElapsedTime(began) < patience.CancelTime; wait *= 2)
        {
            var (killed, _) = await calls.AskAsync(Order.Rkill, null, cancellationToken).ConfigureAwait(false);
            var (status, outcome) = await calls.AskAsync(Order.Status, null, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (killed.State is HostState.Ok or HostState.Unchanged && outcome is Answered { Code: 200 } && !IsRunning(status))
            {
                await EndAsync(new HostEnd(end, reason + "; no sync runs there")).ConfigureAwait(false);
                return;
            }

            last = LegacyEnds.Reason(killed) ?? last;
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        await run.EndAsync(new HostEnd(HostState.Unknown, $"it was to be stopped, and may run on: {last}; {Hints.AskAgain(Order.Rkill)}")).ConfigureAwait(false);
    }

    private static bool IsRunning(HostReport status) => status is { State: HostState.Ok, Changes: null };

    /// <summary>Asks; a cancellation of the job ends the waiting, the daemon's stop leaves.</summary>
    private async Task<(HostReport Report, LegacyOutcome Outcome)> AskAsync(Order order, TimeSpan? longest, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled);
        var answer = await calls.AskAsync(order, longest, either.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return answer;
    }

    /// <summary>False where the job was cancelled meanwhile.</summary>
    private async Task<bool> PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Cancelled);
        await Task.Delay(wait, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return !run.Cancelled.IsCancellationRequested;
    }

    private Task RunningAsync() => run.Standing.State == HostState.Running ? Task.CompletedTask : run.RunningAsync();

    private async Task EndAsync(HostEnd end)
    {
        if (!run.Standing.State.MayBecome(end.State))
        {
            await RunningAsync().ConfigureAwait(false);
        }

        await run.EndAsync(end).ConfigureAwait(false);
    }
}
