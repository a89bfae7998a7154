using System.Net;
using Deploy.Config;
using Deploy.Config.Toml;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Toml;

/// <summary>Reads <c>agent.toml</c> and the key's file that it names; nothing else is read. Called at start and on SIGHUP.</summary>
internal static class AgentTomlFile
{
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
        var legacy = BindLegacy(file, overrides, read);
        BindSecure(file.Table("secure"));
        var log = LogTable.Bind(file.Table("log"));
        var commands = file.Tables("command")
            .Select(command => CommandTable.Bind(command.Table, command.Name))
            .ToDictionary(command => command.Name, StringComparer.Ordinal);
        var groups = file.Tables("sync")
            .Select(group => SyncTable.Bind(group.Table, group.Name, allow.Paths, commands.Keys))
            .ToDictionary(group => group.Name, StringComparer.Ordinal);
        file.Close(Elsewhere);
        settings = overrides.Over(settings with
        {
            AllowedHosts = allow.Hosts,
            AllowedPaths = allow.Paths,
            LegacyPeers = legacy.Peers,
            KeyCipher = legacy.KeyCipher,
            KeyCipherFile = legacy.KeyCipherFile,
            Ssl = legacy.Ssl,
            SslPrivateKey = legacy.SslPrivateKey,
            LogErrorLevel = log.Level,
            LogErrorPath = log.Error,
            LogAccessPath = log.Access,
            Groups = groups,
            Commands = commands,
        });
        return report.Errors.Count > 0 ? new AgentConfig.Invalid(report.Errors, report.Warnings) : new AgentConfig.Valid(settings, report.Warnings, report.Places);
    }

    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["server"] = "here it is [agent]",
        ["jobs"] = "commands stand here, each as [command.NAME] with argv = […]; `deploy convert` writes them",
        ["rsync"] = "a sync group is [sync.NAME]",
        ["proxy"] = "this is the agent's file; the proxy's is /etc/deploy/proxy.toml",
        ["groups"] = "groups of hosts are the proxy's",
    };

    /// <summary>The legacy wire is the only one of this version: an agent without it could take no order, and must not look as if it could.</summary>
    private static LegacyTable BindLegacy(TableBinder file, AgentOverrides overrides, Func<string, FileContent> read)
    {
        var table = file.Table("legacy");
        var legacy = LegacyTable.Bind(table, read, (overrides.KeyCipher ?? overrides.KeyCipherIfAbsent) is not null);
        if (legacy.Peers.Count == 0)
        {
            table.Error(table.At, "the legacy wire is off, and this version has no other, so no order could be taken: expected [legacy] with mode = \"loopback\" or a list of addresses, e.g. mode = [\"10.0.0.0/8\"]");
        }

        return legacy;
    }

    private static void BindSecure(TableBinder table)
    {
        table.AbsolutePath("host_key", "/etc/deploy/agent.key");
        table.AbsolutePath("operators", "/etc/deploy/authorized_operators");
        foreach (string key in new[] { "host_key", "operators" })
        {
            table.WithoutEffect(key, "the secure mode is not there yet, orders come by the legacy wire alone");
        }

        table.Close();
    }
}
