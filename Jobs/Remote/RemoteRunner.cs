using Deploy.Jobs.Engine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;

namespace Deploy.Jobs.Remote;

/// <summary>Does a job's host by asking its agent over the v1 wire: one connection and one request for each, unless it breaks.</summary>
/// <param name="wire">Carries the requests.</param>
/// <param name="find">Where a host's agent is; null for a host that is not known any more.</param>
/// <param name="contacts">Takes what is learned of the hosts.</param>
/// <param name="time">The clock.</param>
internal sealed class RemoteRunner(V1Wire wire, Func<string, V1Peer?> find, HostContacts contacts, TimeProvider time) : IHostRunner
{
    private readonly ShapeFetches shapes = new(time);

    public RemoteSettings Settings { get; init; } = new();

    public async Task RunAsync(IHostRun run, CancellationToken cancellationToken)
    {
        if (find(run.Host) is { } peer)
        {
            await new RemoteHost(run, new V1Client(wire, peer) { Silence = Settings.Silence }, contacts, shapes, Settings, time).RunAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        bool fresh = run.Standing.State == HostState.Queued;
        if (fresh)
        {
            await run.ConnectingAsync().ConfigureAwait(false);
        }

        await run.EndAsync(fresh
            ? new HostEnd(HostState.Refused, "not asked: it is no longer in the configuration")
            : new HostEnd(HostState.Unknown, "it may have started, and cannot be asked any more: it is no longer in the configuration")).ConfigureAwait(false);
    }
}
