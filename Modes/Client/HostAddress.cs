using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Deploy.Model;
using Deploy.Model.Text;

namespace Deploy.Modes.Client;

/// <summary>A host of <c>--hosts</c>.</summary>
/// <param name="Name">As it was asked; the key of its result.</param>
/// <param name="Address">Name or address, without port and brackets.</param>
/// <param name="Port">TCP port.</param>
internal sealed record HostAddress(string Name, string Address, int Port)
{
    /// <summary>Parses <c>a,b:3440,[::1]:3440,::1</c>. Blanks and empty parts are dropped; what names the same address and port, in whatever case, is asked once, under its first name.</summary>
    /// <exception cref="UserError">No host, or a part that is none.</exception>
    public static IReadOnlyList<HostAddress> ParseList(string list, int defaultPort, int usageExit)
    {
        var hosts = new Dictionary<(string Address, int Port), HostAddress>();
        foreach (string part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(part, defaultPort, out var host))
            {
                throw new UserError($"no host: {SafeText.Of(part)}", usageExit, "a host is NAME, NAME:PORT, an address, or [IPV6]:PORT");
            }

            hosts.TryAdd((host.Address.ToLowerInvariant(), host.Port), host);
        }

        return hosts.Count > 0 ? [.. hosts.Values] : throw new UserError("no hosts", usageExit, "say whom to ask, e.g. --hosts web-001,web-002");
    }

    private static bool TryParse(string part, int defaultPort, out HostAddress host)
    {
        string address = part;
        int port = defaultPort;
        if (part.StartsWith('['))
        {
            int close = part.IndexOf(']', StringComparison.Ordinal);
            address = close > 0 ? part[1..close] : string.Empty;
            string rest = close > 0 ? part[(close + 1)..] : string.Empty;
            port = rest.Length == 0 ? defaultPort : rest[0] == ':' ? ParsePort(rest[1..]) : 0;
        }
        else if (part.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 && colon == part.LastIndexOf(':'))
        {
            address = part[..colon];
            port = ParsePort(part[(colon + 1)..]);
        }

        host = new HostAddress(part, address, port);
        return port > 0 && IsHost(address);
    }

    /// <summary>1 to 65535, or 0 for what is no port.</summary>
    internal static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort ? port : 0;

    private static bool IsHost(string address)
    {
        if (address.Contains(':', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(address, out var literal) && literal.AddressFamily == AddressFamily.InterNetworkV6;
        }

        return address.Length is > 0 and <= 253 && address[0] != '-' && address.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
    }
}
