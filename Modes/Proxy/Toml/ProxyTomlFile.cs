using Deploy.Config;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Proxy.Toml;

/// <summary>Reads <c>proxy.toml</c> and the keys' files that it names; nothing else is read.</summary>
internal static class ProxyTomlFile
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["server"] = "here it is [proxy]; an INI file is read under a name that does not end in .toml",
        ["client"] = "how agents are asked stands in [proxy] and in the defaults of [hosts]",
        ["api"] = "groups and keys stand here: [groups], and [api_keys.NAME] with sha256 and groups",
        ["keys"] = "a key is [api_keys.NAME] with its sha256 and its groups",
        ["api_key"] = "a key is [api_keys.NAME] with its sha256 and its groups",
        ["servers"] = "groups of hosts stand in [groups], e.g. web = \"web-[001-040]\"",
        ["group"] = "groups of hosts stand in [groups], e.g. web = \"web-[001-040]\"",
        ["host"] = "hosts stand in [hosts], e.g. \"web-[001-040]\" = {}",
        ["agent"] = "this is the proxy's file; the agent's is /etc/deploy/agent.toml",
        ["sync"] = "sync groups are the agents'",
        ["command"] = "commands are the agents'",
        ["protected"] = "it belongs into [groups]",
    };

    /// <summary>The settings in this file, or every error in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static ProxyConfig Read(string path, ProxyOverrides overrides, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (TomlFile.Load(path, read, report) is not { } document)
        {
            return new ProxyConfig.Invalid(report.Errors, report.Warnings);
        }

        var file = TableBinder.Of(document, report);
        var settings = ProxyTable.Bind(file.Table("proxy"), new ProxySettings());
        var allow = AllowTable.Bind(file.Table("allow"), withPaths: false);
        var legacy = LegacyTable.BindProxy(file.Table("legacy"), overrides.SslPrivateKey is not null);
        var secure = SecureTable.Bind(file.Table("secure"), path, isProxy: true);
        var log = LogTable.Bind(file.Table("log"));
        var hosts = HostsTable.Bind(file.Table("hosts"), read);
        var groups = GroupsTable.Bind(file.Table("groups"), hosts);
        var keys = ApiKeysTable.Bind(file, groups);
        file.Close(Elsewhere);
        settings = overrides.Over(settings with
        {
            AllowedHosts = allow.Hosts,
            LegacyPeers = legacy.Peers,
            Ssl = legacy.Ssl,
            SslPrivateKey = legacy.SslPrivateKey,
            HostKeyFile = secure.HostKey,
            OperatorsFile = secure.Operators,
            UnsignedLoopback = secure.UnsignedLoopback,
            ProxyKeyFile = secure.ProxyKey,
            KnownAgentsFile = secure.KnownAgents,
            Hosts = hosts.Hosts,
            Groups = groups.Groups,
            Protected = groups.Protected,
            ApiKeys = keys,
            Log = log,
        });
        return report.Errors.Count > 0 ? new ProxyConfig.Invalid(report.Errors, report.Warnings) : new ProxyConfig.Valid(settings, report.Warnings, report.Places);
    }
}
