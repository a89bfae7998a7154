using Deploy.Config;
using Deploy.Security;

namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[allow]</c>: who may speak to a daemon, and below which directories targets may lie.</summary>
/// <param name="Hosts">Names, addresses and blocks as written; none denies every host.</param>
/// <param name="Paths">Absolute directories; none denies every path.</param>
/// <param name="FreeForm">Whether an order may name an origin and a target of its own below the paths.</param>
internal sealed record AllowTable(IReadOnlyList<string> Hosts, IReadOnlyList<string> Paths, bool FreeForm)
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["host"] = "here it is a list, hosts = [\"…\"]",
        ["path"] = "here it is a list, paths = [\"…\"]",
        ["paths"] = "targets are the agents': paths stand in each agent's file",
    };

    /// <summary>Takes the table; a list that is absent or empty denies everything, and is warned of.</summary>
    /// <param name="table">The binder of <c>[allow]</c>.</param>
    /// <param name="withPaths">False at the proxy, which has no targets.</param>
    public static AllowTable Bind(TableBinder table, bool withPaths)
    {
        var hosts = Entries(table, "hosts");
        WarnWhereEmpty(table, "hosts", "every host is denied");
        IReadOnlyList<string> paths = [];
        bool freeForm = false;
        if (withPaths)
        {
            var given = table.Texts("paths", "/srv/www");
            foreach (var odd in (given ?? []).Where(path => !ConfigPath.IsAbsolute(path.Value)))
            {
                table.Error(odd.Position, $"paths: '{odd.Value}': expected an absolute directory without '..', e.g. \"/srv/www\"");
            }

            paths = [.. (given ?? []).Select(path => path.Value)];
            freeForm = table.Flag("free_form") ?? false;
            WarnWhereEmpty(table, "paths", "every target is denied");
        }

        table.Close(Elsewhere);
        return new AllowTable(hosts, paths, freeForm);
    }

    private static List<string> Entries(TableBinder table, string key)
    {
        var given = table.Texts(key, "10.0.0.0/8") ?? [];
        foreach (var odd in given.Where(host => !AddressRules.IsEntry(host.Value)))
        {
            table.Error(odd.Position, NotAnEntry(key, odd));
        }

        return [.. given.Select(host => host.Value)];
    }

    /// <summary>The message for what is neither address, block nor name.</summary>
    public static string NotAnEntry(string key, Positioned<string> odd) =>
        $"{key}: '{odd.Value}': expected an address, a block or a host name, e.g. \"10.0.0.7\", \"10.0.0.0/8\", \"fd00::/8\", \"deploy.example.net\"";

    private static void WarnWhereEmpty(TableBinder table, string key, string denied)
    {
        if (table.Lacks(key))
        {
            table.Warn(table.At, $"no [allow] {key} = […]: {denied}");
        }
    }
}
