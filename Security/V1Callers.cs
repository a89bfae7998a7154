using System.Net;

namespace Deploy.Security;

/// <summary>
/// Who may use the v1 API: the one seam for what the secure mode brings. Until then peers of this host alone, over the loopback, and no web page: a browser on this host would send one its
/// orders, and a name that leads to 127.0.0.1 would let it read the answers.
/// </summary>
/// <param name="name">What the daemon calls itself.</param>
internal sealed class V1Callers(string name)
{
    /// <summary>True for a peer whose request is looked at at all.</summary>
    public static bool MayConnect(IPAddress peer) => IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);

    /// <summary>Why a request is not taken, and the next step; null for one that is.</summary>
    /// <param name="peer">Where it comes from.</param>
    /// <param name="host">Its Host; empty where it has none.</param>
    /// <param name="origin">Its Origin; empty where it has none, which is every program that is no browser.</param>
    public string? Refusal(IPAddress peer, string host, string origin)
    {
        if (!MayConnect(peer))
        {
            return "the v1 API is served to this host alone (127.0.0.0/8, ::1) until there is the secure mode; the original's wire takes orders from elsewhere";
        }

        if (origin.Length > 0)
        {
            return "the request comes from a web page (it has an Origin); this API is for programs";
        }

        return IsOurs(host) ? null : "its Host is a name of somebody else's; ask for localhost, an address, or this daemon's name";
    }

    /// <summary>A name with a dot in it may be anybody's who has a domain; those without one, and addresses, are not.</summary>
    private bool IsOurs(string host)
    {
        string bare = host.StartsWith('[') ? host[..(host.IndexOf(']', StringComparison.Ordinal) + 1)].Trim('[', ']') : host.Split(':')[0];
        return !bare.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(bare, out _) || bare.Equals(name, StringComparison.OrdinalIgnoreCase)
            || bare.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase); // RFC 6761 6.3
    }
}
