using Deploy.Config;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Reads <c>agent.toml</c> and the key's file that it names; nothing else is read. Called at start and on SIGHUP.</summary>
internal static class AgentTomlFile
{
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["server"] = "here it is [agent]; an INI file is read under a name that does not end in .toml",
        ["commands"] = "a command is [command.NAME] with argv = […]",
        ["jobs"] = "commands stand here, each as [command.NAME] with argv = […]; `deploy convert` writes them",
        ["rsync"] = "a sync group is [sync.NAME]",
        ["proxy"] = "this is the agent's file; the proxy's is /etc/deploy/proxy.toml",
        ["groups"] = "groups of hosts are the proxy's; a sync group is [sync.NAME]",
        ["hosts"] = "who may speak to it stands in [allow]: hosts = [\"…\"]",
    };

    /// <summary>The settings in this file with the command line over them, or every error in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="hostName">This host's name, short or full, for <see cref="AgentSettings.Names"/>.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static AgentConfig Read(string path, AgentOverrides overrides, string hostName, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (TomlFile.Load(path, read, report) is not { } document)
        {
            return new AgentConfig.Invalid(report.Errors, report.Warnings);
        }

        var file = TableBinder.Of(document, report);
        var settings = AgentTable.Bind(file.Table("agent"), AgentSettings.Of(hostName));
        var allow = AllowTable.Bind(file.Table("allow"), withPaths: true);
        var legacy = LegacyTable.BindAgent(file.Table("legacy"), read, (overrides.KeyCipher ?? overrides.KeyCipherIfAbsent) is not null, overrides.SslPrivateKey is not null);
        var secure = SecureTable.Bind(file.Table("secure"), path, isProxy: false);
        var log = LogTable.Bind(file.Table("log"));
        var commands = file.Tables("command", "nginx")
            .Select(command => CommandTable.Bind(command.Table, command.Name))
            .ToDictionary(command => command.Name, StringComparer.Ordinal);
        var groups = file.Tables("sync", "site")
            .Select(group => SyncTable.Bind(group.Table, group.Name, allow.Paths, commands.Keys))
            .ToDictionary(group => group.Name, StringComparer.Ordinal);
        file.Close(Elsewhere);
        settings = overrides.Over(settings with
        {
            AllowedHosts = allow.Hosts,
            AllowedPaths = allow.Paths,
            AllowsFreeForm = allow.FreeForm,
            FreeForm = SyncTable.Defaults,
            LegacyPeers = legacy.Peers,
            KeyCipher = legacy.KeyCipher,
            KeyCipherFile = legacy.KeyCipherFile,
            Ssl = legacy.Ssl,
            SslPrivateKey = legacy.SslPrivateKey,
            HostKeyFile = secure.HostKey,
            OperatorsFile = secure.Operators,
            UnsignedLoopback = secure.UnsignedLoopback,
            Log = log,
            Groups = groups,
            Commands = commands,
        });
        if (legacy.KeyCipherFile is null && settings.KeyCipher is { } given && KeyFile.Weakness(given) is { } weakness)
        {
            report.Warn(Position.Whole(path), $"the key from the command line or $DEPLOY_KEY_CIPHER {weakness}");
        }

        return report.Errors.Count > 0 ? new AgentConfig.Invalid(report.Errors, report.Warnings) : new AgentConfig.Valid(settings, report.Warnings, report.Places);
    }
}
