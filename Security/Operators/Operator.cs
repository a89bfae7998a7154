using System.Net;
using Deploy.Security.Keys;

namespace Deploy.Security.Operators;

/// <summary>One line of authorized_operators: a key, and what it may do here.</summary>
/// <param name="Key">The key.</param>
/// <param name="Rights">What it may.</param>
internal sealed record Operator(SshPublicKey Key, Rights Rights)
{
    /// <summary>From where its requests may come; null is everywhere. Through a proxy that is the proxy's address.</summary>
    public IReadOnlyList<IPNetwork>? From { get; init; }

    /// <summary>From when on it is not taken any more, UTC; null is never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What logs call it: the key's comment, else its fingerprint. Not safe to print.</summary>
    public string Name => Key.Comment.Length > 0 ? Key.Comment : Key.Fingerprint;

    /// <summary>Whether a request of it may come from there.</summary>
    public bool MayComeFrom(IPAddress peer) => From is null || From.Any(network => network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer));
}
