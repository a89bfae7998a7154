using Deploy.Logs;
using Deploy.Model.Hosts;
using Deploy.Modes.Proxy;

namespace Deploy.Modes.Files.Printing;

/// <summary>Prints a proxy's settings as the <c>proxy.toml</c> that gives them. Secrets are never in it, but for the hashes of API keys where they are asked for.</summary>
/// <param name="settings">What to print.</param>
/// <param name="choose">Whether a setting is written, and what stands behind it, by its dotted name.</param>
/// <param name="showHashes">Whether the hashes of API keys are printed: without them the file opens nothing.</param>
internal sealed class ProxyPrinter(ProxySettings settings, Func<string, SettingLine> choose, bool showHashes)
{
    private readonly SettingWriter writer = new(choose);

    /// <summary>The hosts by the name that TOML has for them, which is without a port.</summary>
    private readonly Dictionary<string, ProxyHost> said = new(HostName.Comparer);

    /// <summary>The whole file.</summary>
    public string Print()
    {
        writer.Table("proxy");
        writer.Value("listen", TomlWriter.List(settings.Listen.Select(at => at.ToString())));
        writer.Value("backlog", TomlWriter.Number(settings.Backlog));
        writer.Value("accept_filter", TomlWriter.Flag(settings.AcceptFilter));
        writer.Value("user", settings.User);
        writer.Value("group", settings.Group);
        writer.Value("socket_timeout", TomlWriter.Duration(settings.SocketTimeout));
        writer.Value("max_request_time", settings.MaxRequestTime);
        writer.Value("shutdown_grace", TomlWriter.Duration(settings.ShutdownGrace));
        writer.Value("fan_out", TomlWriter.Number(settings.FanOut));
        writer.Value("host_timeout", TomlWriter.Duration(settings.HostTimeout));
        writer.Value("host_socket_timeout", TomlWriter.Duration(settings.HostSocketTimeout));

        writer.Table("allow");
        writer.Value("hosts", TomlWriter.List(settings.AllowedHosts));

        writer.Table("legacy");
        writer.Value("mode", TomlWriter.List(settings.LegacyPeers ?? AgentPrinter.Everybody));
        writer.Value("ssl", TomlWriter.Flag(settings.Ssl));
        writer.Value("ssl_private_key", settings.SslPrivateKey);

        writer.Table("secure");
        writer.Value("host_key", settings.HostKeyFile);
        writer.Value("authorized_operators", settings.OperatorsFile);
        writer.Value("unsigned_loopback", TomlWriter.Flag(settings.UnsignedLoopback));
        writer.Value("proxy_key", settings.ProxyKeyFile);
        writer.Value("known_agents", settings.KnownAgentsFile);

        writer.Log(settings.Log);

        PrintHosts();
        writer.Table("groups");
        foreach (var (name, hosts) in settings.Groups.Where(group => IsGroup(group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            writer.Value(name, HostSet.Of(hosts.Where(IsSaid).Select(Bare)).ToString());
        }

        writer.Values("protected", settings.Protected.Count > 0 ? settings.Protected : null);
        foreach (var key in settings.ApiKeys)
        {
            writer.Table("api_keys", key.Name);
            if (showHashes)
            {
                writer.Value("sha256", key.Sha256.Reveal());
            }
            else
            {
                writer.Comment($"the hash of {key.Name} is not shown");
            }

            writer.Values("groups", [.. key.Groups.Where(group => settings.Groups.ContainsKey(group) && IsGroup(group))]);
        }

        foreach (var key in settings.MadeKeys)
        {
            writer.Comment($"the API key {key.Name} stands in {settings.MadeKeysPath}: it opens {(key.Groups.Count > 0 ? string.Join(", ", key.Groups) : "no group")}");
        }

        return writer.ToString();
    }

    /// <summary>Hosts that are spoken to alike stand in one line, as one pattern each of the folded list.</summary>
    private void PrintHosts()
    {
        foreach (var (name, host) in settings.Hosts)
        {
            if (!said.TryAdd(Bare(name), host with { Name = Bare(name) }) && !IsSaid(name))
            {
                writer.Comment($"the host '{name}' is left out, and of its groups too: '{Bare(name)}' stands below with port {said[Bare(name)].Port}, and TOML has one port for a name; give one of them another name with address and port");
            }
        }

        foreach (string group in settings.Groups.Keys.Where(group => !IsGroup(group)))
        {
            writer.Comment($"the group '{group}' is left out: expected a name of letters, digits, '.', '-' and '_', other than protected");
        }

        foreach (string group in settings.ApiKeys.SelectMany(key => key.Groups).Distinct(StringComparer.Ordinal).Where(group => !settings.Groups.ContainsKey(group)))
        {
            writer.Comment($"the group '{group}' is left out of the API keys that open it: there is no such group");
        }

        writer.Table("hosts");
        foreach (var alike in said.Values.GroupBy(Spoken))
        {
            foreach (string pattern in Patterns(HostSet.Of(alike.Select(host => host.Name)).ToString()))
            {
                writer.Value(pattern, new TomlText(alike.Key));
            }
        }
    }

    private static string Bare(string name) => HostName.Split(name).Address;

    /// <summary>False for a host whose name, without its port, stands for one with another port.</summary>
    private bool IsSaid(string name) => said[Bare(name)].Port == settings.Hosts[name].Port;

    private static bool IsGroup(string name) => name.All(HostName.IsLetter) && name is not ("" or "protected");

    private static string Spoken(ProxyHost host)
    {
        var keys = new List<string>();
        Add("address", host.Address == Bare(host.Name) ? null : host.Address);
        keys.Add($"port = {host.Port}");
        Add("wire", host.Wire == HostWire.Legacy ? "legacy" : "v1");
        Add("key_cipher_file", host.KeyCipherFile);
        Add("ssl_public_key", host.SslPublicKey);
        Add("pin", host.Pin);
        return $"{{ {string.Join(", ", keys)} }}";

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                keys.Add($"{key} = {TomlWriter.Text(value)}");
            }
        }
    }

    /// <summary>The patterns of a folded list: parted at the commas outside brackets.</summary>
    private static IEnumerable<string> Patterns(string folded)
    {
        int begin = 0;
        for (int at = 0, depth = 0; at <= folded.Length; at++)
        {
            char letter = at < folded.Length ? folded[at] : ',';
            depth += letter == '[' ? 1 : letter == ']' ? -1 : 0;
            if (letter == ',' && (depth == 0 || at == folded.Length))
            {
                if (at > begin)
                {
                    yield return folded[begin..at];
                }

                begin = at + 1;
            }
        }
    }
}
