using Deploy.Config;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>The keys of one pattern of <c>[hosts]</c>, or of its <c>defaults</c>; null where the file does not say, or says it wrong.</summary>
internal sealed record HostKeys
{
    private const string OfOneHost = "it belongs to one host, e.g. [hosts.db-001]";

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["address"] = OfOneHost,
        ["pin"] = OfOneHost,
        ["addr"] = "here it is address",
        ["host"] = "here it is address",
        ["key_cipher"] = "secrets do not stand here: write it into a file, and name that with key_cipher_file",
        ["ssl"] = "ssl_public_key alone turns the encrypted form on",
        ["thread_timeout"] = "it is host_timeout in [proxy], with a unit",
        ["host_timeout"] = "it belongs into [proxy]",
        ["socket_timeout"] = "it is host_socket_timeout in [proxy], with a unit",
    };

    /// <summary>Name or address, without port and brackets.</summary>
    public string? Address { get; private init; }

    public int? Port { get; private init; }

    public HostWire? Wire { get; private init; }

    public KeyFile? KeyFile { get; private init; }

    public string? SslPublicKey { get; private init; }

    public Positioned<string>? Pin { get; private init; }

    /// <summary>Takes the table.</summary>
    /// <param name="table">The binder of the pattern's table, or of <c>defaults</c>.</param>
    /// <param name="hosts">How many hosts it is about: one has an address and a pin of its own.</param>
    /// <param name="read">Reads a key's file.</param>
    public static HostKeys Bind(TableBinder table, int hosts, Func<string, FileContent> read)
    {
        var keys = new HostKeys
        {
            Address = hosts == 1 ? AddressOf(table) : null,
            Port = table.Number("port", 1, 65535, ProxyHost.DefaultPort)?.Value,
            Wire = table.OneOf("wire", "v1", "legacy")?.Value switch { "v1" => HostWire.V1, "legacy" => HostWire.Legacy, _ => null },
            KeyFile = KeyFile.Bind(table, read),
            SslPublicKey = table.AbsolutePath("ssl_public_key", "/etc/deploy/legacy-public.pem")?.Value,
            Pin = hosts == 1 ? PinOf(table) : null,
        };
        table.Close(Elsewhere);
        return keys;
    }

    private static string? AddressOf(TableBinder table)
    {
        if (table.Filled("address", "10.2.0.7") is not { } given)
        {
            return null;
        }

        if (!HostPattern.TryParse(given.Value, out var host, out _) || !host.Contains(given.Value))
        {
            table.Error(given.Position, $"address is '{given.Value}': expected one name or address, the port is a key of its own, e.g. address = \"10.2.0.7\", port = {ProxyHost.DefaultPort}");
        }

        return HostName.Split(given.Value).Address;
    }

    private static Positioned<string>? PinOf(TableBinder table)
    {
        var given = table.Filled("pin", Security.Channel.Pin.Prefix + "…");
        if (given is { } pin && !Security.Channel.Pin.TryParse(pin.Value, out _, out string? why))
        {
            table.Error(pin.Position, $"pin is '{pin.Value}': {why}; expected it as the agent prints it: deploy agent --print-pin");
            return null;
        }

        return given;
    }
}
