using System.Security.Cryptography.X509Certificates;
using Deploy.Model.Jobs;

namespace Deploy.Protocol.V1;

/// <summary>What the secure mode does to the wire. A peer whose key is known is asked by TLS 1.3 and signed; another one on this machine is asked plainly; any other is not asked.</summary>
internal sealed record V1Secure
{
    /// <summary>What is known of a peer's key; null where nothing is.</summary>
    public required Func<V1Peer, V1PeerKey?> KeyOf { get; init; }

    /// <summary>What makes a peer's key known, as a command line, for messages.</summary>
    public required Func<V1Peer, string> HowToTrust { get; init; }

    /// <summary>Signs a request that brings no proof, with its target as it is sent; null signs none.</summary>
    public Func<V1Request, string, CancellationToken, ValueTask<RequestProof>>? Sign { get; init; }
}

/// <summary>The key that a peer must have.</summary>
/// <param name="Id">Tells it from others: connections of one are not used for another.</param>
/// <param name="Mistake">Judges the certificate that a peer shows: null for the right one, else what is wrong and what to do.</param>
internal sealed record V1PeerKey(string Id, Func<X509Certificate2, string?> Mistake);
