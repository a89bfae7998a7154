using System.Net;
using Deploy.Logs;
using Deploy.Security;

namespace Deploy.Modes.Daemon;

/// <summary>Which peers may speak to a daemon at all, and whose orders of the original's wire it takes.</summary>
internal sealed class PeerRules(DaemonSettings settings, TimeProvider time, ILog log)
{
    private readonly AddressRules hosts = new(settings.AllowedHosts, time, log);
    private readonly AddressRules? legacyPeers = settings.LegacyPeers is { } peers ? new AddressRules(peers, time, log) : null;

    /// <summary>True for a peer of the list of hosts.</summary>
    public ValueTask<bool> MaySpeakAsync(IPAddress peer, CancellationToken cancellationToken) => hosts.AllowsAsync(peer, cancellationToken);

    /// <summary>True for a peer of both lists; the second narrows the first.</summary>
    public async ValueTask<bool> AllowsAsync(IPAddress peer, CancellationToken cancellationToken) =>
        await hosts.AllowsAsync(peer, cancellationToken).ConfigureAwait(false)
        && (legacyPeers is null || await legacyPeers.AllowsAsync(peer, cancellationToken).ConfigureAwait(false));
}
