using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>The table <c>[hosts]</c>: <c>defaults</c>, and patterns of hosts with what is different for them.</summary>
/// <param name="Hosts">The hosts by name.</param>
/// <param name="IsWhole">False where hosts are missing because of a mistake in the table: nobody else is to be blamed for naming them.</param>
internal sealed record HostsTable(IReadOnlyDictionary<string, ProxyHost> Hosts, bool IsWhole)
{
    private const string Defaults = "defaults";

    /// <summary>Takes the table; what is wrong is reported.</summary>
    /// <param name="table">The binder of <c>[hosts]</c>.</param>
    /// <param name="read">Reads the keys' files.</param>
    public static HostsTable Bind(TableBinder table, Func<string, FileContent> read)
    {
        var defaultsTable = table.Table(Defaults);
        var defaults = HostKeys.Bind(defaultsTable, hosts: Limits.Hosts, read);
        var hosts = new Dictionary<string, ProxyHost>(HostName.Comparer);
        var namedBy = new Dictionary<string, Positioned<string>>(HostName.Comparer);
        var withoutKey = new List<Positioned<string>>();
        bool isWhole = table.IsWhole;
        foreach (var (name, inner) in table.Tables("a table, e.g. \"web-[001-040]\" = {} or \"db-001\" = { address = \"10.2.0.7\" }"))
        {
            var pattern = PatternOf(table, name, hosts.Count);
            isWhole &= pattern is not null;
            var own = HostKeys.Bind(inner, pattern?.Count ?? 1, read);
            var wire = own.Wire ?? defaults.Wire ?? HostWire.V1;
            if (wire == HostWire.Legacy && inner.Lacks(KeyFile.Name) && defaultsTable.Lacks(KeyFile.Name))
            {
                withoutKey.Add(own.Wire is null ? new Positioned<string>(Defaults, defaultsTable.At) : name);
            }
            else if (wire == HostWire.V1 && own.KeyFile is not null)
            {
                inner.Warn(inner.At, $"{KeyFile.Name} of {name.Value} has no effect: its wire is \"v1\", and the key is the legacy wire's");
            }

            foreach (string host in Unnamed(table, name, pattern, namedBy))
            {
                hosts.Add(host, new ProxyHost
                {
                    Name = host,
                    Address = own.Address ?? HostName.Split(host).Address,
                    Port = own.Port ?? defaults.Port ?? ProxyHost.DefaultPort,
                    HasOwnPort = own.Port is not null,
                    Wire = wire,
                    KeyCipher = (own.KeyFile ?? defaults.KeyFile)?.Key,
                    KeyCipherFile = (own.KeyFile ?? defaults.KeyFile)?.Path,
                    SslPublicKey = own.SslPublicKey ?? defaults.SslPublicKey,
                    Pin = own.Pin?.Value,
                });
            }
        }

        foreach (var (name, position) in withoutKey.Distinct())
        {
            table.Error(position, $"wire is \"legacy\" for {(name == Defaults ? "hosts of [hosts]" : name)}, and there is no {KeyFile.Name}: expected {KeyFile.Expected}, in its table or in {Defaults}, e.g. {KeyFile.Name} = \"{KeyFile.Example}\"");
        }

        Warn(table, hosts);
        return new HostsTable(hosts, isWhole);
    }

    private static void Warn(TableBinder table, Dictionary<string, ProxyHost> hosts)
    {
        if (hosts.Count == 0 && table.IsWhole && !table.Keys().Any(key => key.Value != Defaults))
        {
            table.Warn(table.At, "no host in [hosts], e.g. \"web-[001-040]\" = {}: the proxy reaches nobody");
        }
    }

    /// <summary>The pattern of a key; null after reporting why it names no hosts.</summary>
    private static HostPattern? PatternOf(TableBinder table, Positioned<string> name, int before)
    {
        if (name.Value == "default")
        {
            table.Error(name.Position, $"unknown key 'default' in [hosts]; did you mean '{Defaults}'?");
            return null;
        }

        if (!HostPattern.TryParse(name.Value, out var pattern, out var mistake))
        {
            var (address, port) = HostName.Split(name.Value);
            string why = port > 0 ? $"the port is a key of its own: \"{address}\" = {{ port = {port} }}" : $"{mistake.What}; {mistake.Expected}";
            table.Error(name.Position, $"'{name.Value}' names no hosts: {why}");
            return null;
        }

        if (pattern.Count > Limits.Hosts - before)
        {
            table.Error(name.Position, $"'{name.Value}' makes more than {Limits.Hosts} hosts of [hosts]: expected fewer");
            return null;
        }

        return pattern;
    }

    /// <summary>The hosts of a pattern that no pattern named before; reports the others in one line.</summary>
    private static List<string> Unnamed(TableBinder table, Positioned<string> name, HostPattern? pattern, Dictionary<string, Positioned<string>> namedBy)
    {
        var unnamed = new List<string>();
        var twice = new List<string>();
        foreach (string host in pattern?.Expand() ?? [])
        {
            (namedBy.TryAdd(host, name) ? unnamed : twice).Add(host);
        }

        if (twice.Count > 0)
        {
            var first = namedBy[twice[0]];
            string them = twice.Count > 1 ? $"'{twice[0]}' and {twice.Count - 1} more stand" : $"'{twice[0]}' stands";
            table.Error(name.Position, first == name
                ? $"{them} twice in '{name.Value}': expected each host once"
                : $"{them} in '{name.Value}' and in '{first.Value}' at {first.Position}: expected each host in one pattern");
        }

        return unnamed;
    }
}
