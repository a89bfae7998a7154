namespace Deploy.Modes.Binding.Ini;

/// <summary>What each key of the original's files is called in ours.</summary>
internal static class IniNames
{
    /// <summary>Before a sync group's name in its section's.</summary>
    public const string GroupPrefix = "rsync::group::";

    private const string OneProcess = "one process serves every connection and asks every host";
    private const string LogPlaces = "log.error and log.access say where; \"stderr\" writes no file";

    /// <summary>Keys of <c>[server]</c> that both daemons have; a name with a leading dot stands in the daemon's own table.</summary>
    private static readonly Dictionary<string, Name> Server = new(StringComparer.Ordinal)
    {
        ["user"] = new(".user"),
        ["group"] = new(".group"),
        ["addr"] = new(".listen"),
        ["port"] = new(".listen"),
        ["backlog"] = new(".backlog"),
        ["socket_timeout"] = new(".socket_timeout"),
        ["socket_accept_filter"] = new(".accept_filter"),
        ["max_prefork"] = new(null, OneProcess),
        ["max_requests_per_child"] = new(null, OneProcess),
        ["max_process_timeout"] = new(".max_request_time"),
        ["log_write"] = new(null, LogPlaces),
        ["log_error_level"] = new("log.level"),
        ["log_error_path"] = new("log.error"),
        ["log_access_path"] = new("log.access"),
        ["key_cipher"] = new("legacy.key_cipher_file"),
        ["ssl"] = new("legacy.ssl"),
        ["ssl_private_key"] = new("legacy.ssl_private_key"),
        ["process_name"] = new(null, "the title in the process list is the original's own"),
    };

    private static readonly Dictionary<string, Name> SyncGroup = new(StringComparer.Ordinal)
    {
        ["dest"] = new("origin"),
        ["src"] = new("target"),
        ["rsync"] = new("rsync"),
        ["rsh"] = new("rsh"),
        ["option"] = new("options"),
        ["exclude"] = new("exclude"),
        ["include"] = new("include"),
        ["queue_path"] = new(null, "pids are not kept in files"),
    };

    private static readonly Dictionary<string, Name> Client = new(StringComparer.Ordinal)
    {
        ["port"] = new("hosts.defaults.port"),
        ["thread_timeout"] = new("proxy.host_timeout"),
        ["socket_timeout"] = new("proxy.host_socket_timeout"),
        ["key_cipher"] = new("hosts.defaults.key_cipher_file"),
        ["ssl"] = new(null, "hosts.defaults.ssl_public_key alone turns the encrypted form on"),
        ["ssl_public_key"] = new("hosts.defaults.ssl_public_key"),
        ["ipc_path"] = new(null, OneProcess),
        ["worker_method"] = new(null, OneProcess),
    };

    /// <summary>Every key of the agent's and the proxy's files, by section; of sync groups, under the prefix of their sections.</summary>
    private static readonly Dictionary<(IniFileKind Kind, string Section), Dictionary<string, Name>> Sections = new()
    {
        [(IniFileKind.Agent, "server")] = Server,
        [(IniFileKind.Agent, "allow::hosts")] = new() { ["host"] = new("allow.hosts") },
        [(IniFileKind.Agent, "allow::paths")] = new() { ["path"] = new("allow.paths") },
        [(IniFileKind.Agent, "jobs")] = new() { ["path"] = new(null, "commands stand in agent.toml itself, each as [command.NAME]") },
        [(IniFileKind.Agent, GroupPrefix)] = SyncGroup,
        [(IniFileKind.Proxy, "server")] = new(Server) { ["key_cipher"] = new(null, "clients of a proxy give an API key") },
        [(IniFileKind.Proxy, "client")] = Client,
        [(IniFileKind.Proxy, "allow::hosts")] = new() { ["host"] = new("allow.hosts") },
        [(IniFileKind.Proxy, "api")] = new() { ["path"] = new(null, "hosts, groups and keys stand in proxy.toml itself") },
    };

    /// <summary>Every section and key that has a meaning of its own, sync groups under <see cref="GroupPrefix"/>.</summary>
    public static IEnumerable<(IniFileKind Kind, string Section, string Key)> All =>
        Sections.SelectMany(section => section.Value.Keys.Select(key => (section.Key.Kind, section.Key.Section, key)));

    /// <summary>The key in the TOML file that says the same, with its table: <c>agent.backlog</c>, <c>sync.site.origin</c>; null where there is none, or the key is unknown.</summary>
    public static string? TomlName(IniFileKind kind, string section, string key) => kind switch
    {
        IniFileKind.Jobs => Toml.TomlName.Join("command", key),
        IniFileKind.Api when section == "servers" => Toml.TomlName.Join("groups", key),
        IniFileKind.Agent when section.StartsWith(GroupPrefix, StringComparison.Ordinal) && Find(kind, GroupPrefix, key)?.Toml is { } toml =>
            $"{Toml.TomlName.Join("sync", section[GroupPrefix.Length..])}.{toml}",
        _ => Find(kind, section, key)?.Toml is { } toml ? toml[0] == '.' ? (kind == IniFileKind.Proxy ? "proxy" : "agent") + toml : toml : null,
    };

    /// <summary>Why a known key has no name in TOML; null where it has one, or is unknown.</summary>
    public static string? WhyNone(IniFileKind kind, string section, string key) => kind switch
    {
        IniFileKind.Api when section == "keys" => "a key stands in [api_keys.NAME] as its hash, under a name of your own",
        IniFileKind.Agent when section.StartsWith(GroupPrefix, StringComparison.Ordinal) => Find(kind, GroupPrefix, key)?.WhyNone,
        _ => Find(kind, section, key)?.WhyNone,
    };

    private static Name? Find(IniFileKind kind, string section, string key) => Sections.GetValueOrDefault((kind, section))?.GetValueOrDefault(key);

    /// <param name="Toml">The name, or null.</param>
    /// <param name="WhyNone">The reason where it is null.</param>
    private sealed record Name(string? Toml, string? WhyNone = null);
}
