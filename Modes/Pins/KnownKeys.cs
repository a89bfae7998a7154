using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Deploy.Model.Text;
using Deploy.Modes.Signing;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;

namespace Deploy.Modes.Pins;

/// <summary>What is known of the keys of daemons, as the wire asks for it.</summary>
/// <param name="find">What is known of one; null for nothing.</param>
/// <param name="howToTrust">The command line that makes a daemon's key known, with what stands behind the host.</param>
/// <param name="says">Takes lines for whoever reads: the banner of a key that has changed, and what else is to be done.</param>
internal sealed class KnownKeys(Func<V1Peer, KnownAgent?> find, Func<V1Peer, string, string> howToTrust, Action<string> says)
{
    private readonly ConcurrentDictionary<(string Name, int Port), bool> told = new();
    private int banners;

    /// <summary>Signs what is asked of those whose keys are known; null signs nothing.</summary>
    public RequestSigning? Signing { get; init; }

    /// <summary>For the wire.</summary>
    public V1Secure Secure => new()
    {
        Sign = Signing is null ? null : Signing.SignAsync,
        KeyOf = peer => find(peer) is { } known ? new V1PeerKey($"{known.Pin} {known.Next}", shown => Mistake(peer, known, Pin.Of(shown))) : null,
        HowToTrust = HowToTrust,
    };

    /// <summary>Whether its key is known.</summary>
    public bool Knows(V1Peer peer) => find(peer) is not null;

    /// <summary>The command line that makes a daemon's key known.</summary>
    public string HowToTrust(V1Peer peer) => howToTrust(peer, string.Empty);

    /// <summary>Null for the right key.</summary>
    private string? Mistake(V1Peer peer, KnownAgent known, Pin shown)
    {
        if (shown.Equals(known.Pin))
        {
            return null;
        }

        if (shown.Equals(known.Next))
        {
            if (told.TryAdd((peer.Name, peer.Port), true))
            {
                says($"{SafeText.Of(peer.Shown)} has the key that {known.Place} has as its next; where that is meant, put it in force: {howToTrust(peer, $" {shown}")}");
            }

            return null;
        }

        if (Interlocked.Increment(ref banners) == 1) // the first says it all; each host says its own
        {
            foreach (string line in ChangedKey.Banner(peer, known, shown, howToTrust(peer, ChangedKey.Replacing)))
            {
                says(line);
            }
        }

        return ChangedKey.Line(known, shown, howToTrust(peer, ChangedKey.Replacing));
    }
}
