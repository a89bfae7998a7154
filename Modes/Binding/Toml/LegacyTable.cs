using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Model;
using Deploy.Security;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[legacy]</c>: the original's wire, off unless it is asked for.</summary>
internal sealed record LegacyTable
{
    private const string Example = "a list of addresses and blocks, e.g. mode = [\"10.0.0.0/8\"]";

    /// <summary>From where orders of the original's wire are taken, of those that <c>[allow]</c> lets in; none is off.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>The shared secret; null where there is none.</summary>
    public Secret? KeyCipher { get; init; }

    /// <summary>The file that it came from, or null.</summary>
    public string? KeyCipherFile { get; init; }

    public bool Ssl { get; init; }

    public string? SslPrivateKey { get; init; }

    private static readonly string[] Loopback = ["127.0.0.0/8", "::1"];

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["key_cipher"] = "secrets do not stand here: write it into a file, and name that with key_cipher_file",
        ["peers"] = "here it is mode = [\"…\"]",
        ["hosts"] = "here it is mode = [\"…\"]; who may speak at all stands in [allow]",
    };

    /// <summary>Takes an agent's table, with the key that orders prove.</summary>
    /// <param name="table">The binder of <c>[legacy]</c>.</param>
    /// <param name="read">Reads the key's file.</param>
    /// <param name="keyElsewhere">True where the command line or the environment has the key.</param>
    /// <param name="sslKeyElsewhere">True where the command line has ssl_private_key.</param>
    public static LegacyTable BindAgent(TableBinder table, Func<string, FileContent> read, bool keyElsewhere, bool sslKeyElsewhere)
    {
        var legacy = Bind(table, sslKeyElsewhere);
        var key = KeyFile.Bind(table, read);
        if (legacy.Peers.Count > 0 && !keyElsewhere)
        {
            table.Require(KeyFile.Name, KeyFile.Expected, $"\"{KeyFile.Example}\"");
        }

        table.Close(Elsewhere);
        return legacy with { KeyCipher = key?.Key, KeyCipherFile = key?.Path };
    }

    /// <summary>Takes the proxy's table. Its clients prove an API key and no other.</summary>
    /// <param name="table">The binder of <c>[legacy]</c>.</param>
    /// <param name="sslKeyElsewhere">True where the command line has ssl_private_key.</param>
    public static LegacyTable BindProxy(TableBinder table, bool sslKeyElsewhere)
    {
        var legacy = Bind(table, sslKeyElsewhere);
        if (table.AbsolutePath(KeyFile.Name, KeyFile.Example) is { } file)
        {
            table.Warn(file.Position, $"{KeyFile.Name} has no effect here: clients give an API key; the agents' key stands in [hosts], e.g. defaults = {{ wire = \"legacy\", {KeyFile.Name} = \"{file.Value}\" }}");
        }

        table.Close(Elsewhere);
        return legacy;
    }

    /// <summary>What both have.</summary>
    private static LegacyTable Bind(TableBinder table, bool sslKeyElsewhere)
    {
        var peers = Mode(table);
        bool ssl = table.Flag("ssl") ?? false;
        var privateKey = table.AbsolutePath("ssl_private_key", "/etc/deploy/legacy.pem");
        if (ssl && !sslKeyElsewhere)
        {
            table.Require("ssl_private_key", "the path of a PEM file", "\"/etc/deploy/legacy.pem\"");
        }

        return new LegacyTable { Peers = peers ?? [], Ssl = ssl, SslPrivateKey = privateKey?.Value };
    }

    /// <summary>The peers; null after reporting why there are none, or where they may stand in a part of the file that could not be read.</summary>
    private static string[]? Mode(TableBinder table)
    {
        const string Expected = $"expected \"off\", \"loopback\" or {Example}";
        switch (table.Take("mode"))
        {
            case null:
                return table.Lacks("mode") ? [] : null;
            case TomlValue.Text { Value: "off" }:
                return [];
            case TomlValue.Text { Value: "loopback" }:
                return Loopback;
            case TomlValue.Text(var word, var position):
                table.Error(position, $"mode is '{word}': {Expected}");
                return null;
            case TomlValue.List list:
                var entries = table.Texts("mode", "10.0.0.0/8") ?? [];
                foreach (var odd in entries.Where(entry => !AddressRules.IsEntry(entry.Value) || Uri.CheckHostName(entry.Value) == UriHostNameType.Dns))
                {
                    table.Error(odd.Position, $"mode: '{odd.Value}': expected an address or a block, e.g. \"10.0.0.7\", \"10.0.0.0/8\" or \"fd00::/8\"");
                }

                return entries.Count > 0 || list.Items.Count == 0 ? [.. entries.Select(entry => entry.Value)] : null;
            case var other:
                table.Error(other.Position, $"mode is {other.What}: {Expected}");
                return null;
        }
    }
}
