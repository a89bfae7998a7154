using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Deploy.Modes.Binding;

/// <summary>Addresses to listen on, as people write them.</summary>
internal static class ListenAddress
{
    /// <summary>An address, or null: four numbers, IPv6 with or without brackets, <c>localhost</c>. Not what else a resolver takes for one (<c>1</c>, <c>0x7f.1</c>).</summary>
    public static IPAddress? ParseAddress(string text)
    {
        if (text == "localhost")
        {
            return IPAddress.Loopback;
        }

        string bare = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        return bare.AsSpan().IndexOfAny('[', ']') < 0 // .NET drops the port of [::1]:3440
            && IPAddress.TryParse(bare, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text) ? address : null;
    }

    /// <summary><c>ADDRESS:PORT</c> or <c>ADDRESS</c>, an IPv6 address with a port in brackets; null for anything else.</summary>
    public static IPEndPoint? Parse(string text, int defaultPort)
    {
        if (ParseAddress(text) is { } alone)
        {
            return new IPEndPoint(alone, defaultPort);
        }

        int colon = text.LastIndexOf(':');
        return colon > 0
            && (text[0] == '[' || text.IndexOf(':', StringComparison.Ordinal) == colon)
            && ParseAddress(text[..colon]) is { } address
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= IPEndPoint.MaxPort
                ? new IPEndPoint(address, port) : null;
    }
}
