using Deploy.Jobs.Engine;
using Deploy.Jobs.Relay;
using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Remote.Legacy;

/// <summary>Does a job's host by asking its agent over the original's wire, which answers an rsync once it has begun: how it went on is asked by status until none runs.</summary>
/// <param name="rules">The hosts and times in force.</param>
/// <param name="exchange">Carries the requests.</param>
/// <param name="budget">Gets back what answers took of it.</param>
/// <param name="contacts">Takes what is learned of the hosts.</param>
/// <param name="time">The clock.</param>
internal sealed class LegacyRunner(Func<RelayRules> rules, LegacyExchange exchange, ReceiveBudget budget, HostContacts contacts, TimeProvider time) : IHostRunner
{
    public LegacyPatience Patience { get; init; } = new();

    public async Task RunAsync(IHostRun run, CancellationToken cancellationToken)
    {
        bool fresh = run.Standing.State == HostState.Queued;
        if (fresh && run.Cancelled.IsCancellationRequested)
        {
            await run.EndAsync(new HostEnd(HostState.Cancelled)).ConfigureAwait(false);
            return;
        }

        if (fresh)
        {
            await run.ConnectingAsync().ConfigureAwait(false);
            if (time.GetUtcNow() > run.NotAfter) // a full disk was waited for
            {
                await run.EndAsync(HostEnd.TooLate).ConfigureAwait(false);
                return;
            }
        }

        var inForce = rules();
        string? options = LegacyWords.Of(run.Document.Spec, out string? refusal);
        var host = inForce.Hosts.GetValueOrDefault(run.Host);
        refusal ??= host is null ? "not asked: it is no longer in the configuration" : host.Closed;
        if (refusal is not null)
        {
            await run.EndAsync(fresh ? new HostEnd(HostState.Refused, refusal) : new HostEnd(HostState.Unknown, $"it may have started, and cannot be asked: {refusal}")).ConfigureAwait(false);
            return;
        }

        var calls = new LegacyCalls(host!, options!, inForce, exchange, budget, contacts, time);
        await new LegacyHost(run, calls, Patience, time).RunAsync(fresh, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>How patiently a sync is asked for.</summary>
internal sealed record LegacyPatience
{
    /// <summary>The first wait before its status is asked; each is half as long again.</summary>
    public TimeSpan FirstAsk { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait: each is a dry run there.</summary>
    public TimeSpan MostAsk { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a host that does not answer is asked. // docs/jobs.md: one hour</summary>
    public TimeSpan SilentTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a sync that is to be stopped may run on.</summary>
    public TimeSpan CancelTime { get; init; } = TimeSpan.FromSeconds(30);
}
