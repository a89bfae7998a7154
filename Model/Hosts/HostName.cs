using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Deploy.Model.Hosts;

/// <summary>
/// One host as it is written: <c>web-01</c>, <c>web-01.example.net:3440</c>, <c>10.0.0.1</c>, <c>::1</c>, <c>[::1]</c>, <c>[::1]:3440</c>.
/// </summary>
internal static class HostName
{
    /// <summary>Whether two texts are one host: case does not count (RFC 4343), nor do the brackets of an IPv6 address without a port.</summary>
    public static IEqualityComparer<string> Comparer { get; } = new SameHost();

    /// <summary>True for what a name consists of: ASCII letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</summary>
    public static bool IsLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    /// <summary>True for an IPv6 address without brackets; it may name a zone: <c>fe80::1%eth0</c>.</summary>
    public static bool IsIPv6(string address) =>
        address.All(letter => IsLetter(letter) || letter is ':' or '%') && IPAddress.TryParse(address, out var literal) && literal.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>1 to 65535, or 0 for what is no port.</summary>
    public static int ParsePort(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort ? port : 0;

    /// <summary>The name or address without brackets, and the port; 0 where none is named.</summary>
    /// <param name="host">A host that <see cref="HostPattern"/> read; of another text the parts mean nothing.</param>
    public static (string Address, int Port) Split(string host)
    {
        int close = host.StartsWith('[') ? host.LastIndexOf(']') : -1;
        int colon = host.LastIndexOf(':');
        if (close > 0)
        {
            return (host[1..close], colon > close ? ParsePort(host.AsSpan(colon + 1)) : 0);
        }

        return colon > 0 && host.IndexOf(':', StringComparison.Ordinal) == colon ? (host[..colon], ParsePort(host.AsSpan(colon + 1))) : (host, 0);
    }

    private sealed class SameHost : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => Bare(x).Equals(Bare(y), StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(string host) => string.GetHashCode(Bare(host), StringComparison.OrdinalIgnoreCase);

        private static ReadOnlySpan<char> Bare(string? host) => host is ['[', .. var inner, ']'] ? inner : host;
    }
}
