using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Model;
using Deploy.Security;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[legacy]</c>: the original's wire, off unless it is asked for.</summary>
internal sealed record LegacyTable
{
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
    };

    /// <summary>Takes the table.</summary>
    /// <param name="table">The binder of <c>[legacy]</c>.</param>
    /// <param name="read">Reads the key's file.</param>
    /// <param name="keyElsewhere">True where the command line or the environment has the key.</param>
    public static LegacyTable Bind(TableBinder table, Func<string, FileContent> read, bool keyElsewhere)
    {
        var peers = Mode(table);
        var file = table.AbsolutePath("key_cipher_file", "/etc/deploy/key");
        bool ssl = table.Flag("ssl") ?? false;
        var privateKey = table.AbsolutePath("ssl_private_key", "/etc/deploy/legacy.pem");
        var key = file is { } at ? KeyIn(table, at, read) : null;
        if (peers.Length > 0 && !keyElsewhere)
        {
            table.Require("key_cipher_file", "the path of a file whose first line is the shared key", "/etc/deploy/key");
        }

        if (ssl)
        {
            table.Require("ssl_private_key", "the path of a PEM file", "/etc/deploy/legacy.pem");
        }

        table.Close(Elsewhere);
        return new LegacyTable { Peers = peers, KeyCipher = key, KeyCipherFile = file?.Value, Ssl = ssl, SslPrivateKey = privateKey?.Value };
    }

    private static string[] Mode(TableBinder table)
    {
        const string Expected = "expected \"off\", \"loopback\" or a list of addresses and blocks, e.g. mode = [\"10.0.0.0/8\"]";
        switch (table.Take("mode"))
        {
            case null or TomlValue.Text { Value: "off" }:
                return [];
            case TomlValue.Text { Value: "loopback" }:
                return Loopback;
            case TomlValue.Text(var word, var position):
                table.Error(position, $"mode is '{word}': {Expected}");
                return Loopback;
            case TomlValue.List list:
                var entries = table.Texts("mode", "10.0.0.0/8") ?? [];
                foreach (var odd in entries.Where(entry => !AddressRules.IsEntry(entry.Value)))
                {
                    table.Error(odd.Position, AllowTable.NotAnEntry("mode", odd));
                }

                return [.. entries.Select(entry => entry.Value)];
            case var other:
                table.Error(other.Position, $"mode is {other.What}: {Expected}");
                return Loopback;
        }
    }

    private static Secret? KeyIn(TableBinder table, Positioned<string> file, Func<string, FileContent> read)
    {
        var answer = read(file.Value);
        if (answer is not FileContent.Read content)
        {
            table.Error(file.Position, $"key_cipher_file '{file.Value}' cannot be read: {((FileContent.Unreadable)answer).Why}");
            return null;
        }

        string? line = Secrets.FirstLine(content.Bytes.Span);
        if (line is not { Length: > 0 })
        {
            table.Error(file.Position, $"key_cipher_file '{file.Value}': {(line is null ? "its first line is too long for a key" : "its first line is empty")}: expected the shared key, alone in the first line");
            return null;
        }

        return new Secret(line);
    }
}
