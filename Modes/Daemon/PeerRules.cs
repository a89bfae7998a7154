using System.Net;
using Deploy.Logs;
using Deploy.Security;

namespace Deploy.Modes.Daemon;

/// <summary>Which peers' orders of the original's wire a daemon takes.</summary>
internal sealed class PeerRules(DaemonSettings settings, TimeProvider time, ILog log)
{
    private readonly AddressRules hosts = new(settings.AllowedHosts, time, log);
    private readonly AddressRules? legacyPeers = settings.LegacyPeers is { } peers ? new AddressRules(peers, time, log) : null;

    /// <summary>True for a peer of both lists; the second narrows the first.</summary>
    public async ValueTask<bool> AllowsAsync(IPAddress peer, CancellationToken cancellationToken) =>
        await hosts.AllowsAsync(peer, cancellationToken).ConfigureAwait(false)
        && (legacyPeers is null || await legacyPeers.AllowsAsync(peer, cancellationToken).ConfigureAwait(false));
}
