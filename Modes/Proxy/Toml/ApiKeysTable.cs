using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Binding.Toml;
using Deploy.Security;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>Binds the tables <c>[api_keys.NAME]</c>. No message repeats what stands for a hash, or for a table: it may be the key itself.</summary>
internal static class ApiKeysTable
{
    private const string Hash = "the SHA-256 of the key, 64 hexadecimal digits; `printf %s KEY | sha256sum` prints it";
    /// <summary>The warning of a file without keys.</summary>
    public const string NoKeys = "no [api_keys.NAME]: every order of the original's wire is denied";

    private const string InClear = "a key does not stand here in clear: write its hash, sha256 = \"…\"";

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["key"] = InClear,
        ["api_key"] = InClear,
        ["hash"] = "here it is sha256",
        ["group"] = "here it is a list, groups = [\"…\"]",
        ["hosts"] = "a key opens groups, groups = [\"…\"]: write one in [groups]",
    };

    /// <summary>The keys; what is wrong is reported.</summary>
    /// <param name="file">The binder of the file.</param>
    /// <param name="groups">The groups that there are.</param>
    public static IReadOnlyList<ApiKey> Bind(TableBinder file, GroupsTable groups)
    {
        var tables = file.Tables("api_keys", "ci", mayQuote: false);
        if (tables.Count == 0 && file.Lacks("api_keys"))
        {
            file.Warn(file.At, NoKeys);
        }

        var keys = new List<ApiKey>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, table) in tables)
        {
            var hash = HashOf(table);
            if (hash is { } given && !owners.TryAdd(given.Value, name.Value))
            {
                table.Error(given.Position, $"sha256 is that of [api_keys.{owners[given.Value]}] too: expected a key for each name");
            }

            keys.Add(new ApiKey(name.Value, new Secret(hash?.Value ?? string.Empty), Groups(table, groups)));
            table.Close(Elsewhere);
        }

        return keys;
    }

    /// <summary>What <c>sha256</c> says, in lower case; null where it is wrong, which is reported.</summary>
    public static Positioned<string>? HashOf(TableBinder table)
    {
        var given = table.Filled("sha256", "9f86d081…");
        table.Require("sha256", Hash, "\"9f86d081…\"");
        if (given is { } hash && (hash.Value.Length != ApiKey.Digits || !hash.Value.All(char.IsAsciiHexDigit)))
        {
            table.Error(hash.Position, $"sha256 has {hash.Value.Length} characters{(hash.Value.Length == ApiKey.Digits ? ", not all of them hexadecimal digits" : string.Empty)}: expected {Hash}");
            return null;
        }

        return given is { } right ? new Positioned<string>(right.Value.ToLowerInvariant(), right.Position) : null;
    }

    private static List<string> Groups(TableBinder table, GroupsTable known)
    {
        var given = table.Texts("groups", "web") ?? [];
        foreach (var odd in given.Where(group => known.IsWhole && !known.Names.Contains(group.Value)))
        {
            string hint = NearestName.Find(odd.Value, known.Names) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
            table.Error(odd.Position, $"groups: '{odd.Value}' is no group of [groups]: expected the name of one{hint}");
        }

        if (table.Lacks("groups"))
        {
            table.Warn(table.At, $"[{table.Path}] has no groups: its key opens nothing; write e.g. groups = [\"web\"]");
        }

        return [.. given.Select(group => group.Value).Distinct(StringComparer.Ordinal)];
    }
}
