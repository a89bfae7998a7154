using System.Net;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent.Ini;

/// <summary>Reads the INI file of the original's agent and its jobs file; nothing else is read. Called at start and on SIGHUP.</summary>
internal static class AgentIniFile
{
    private const string GroupPrefix = IniNames.GroupPrefix;

    private static readonly string[] Sections = ["server", "allow::hosts", "allow::paths", "jobs"];

    /// <summary>The settings in this file with the command line over them, or every error in it and in its jobs file.</summary>
    /// <param name="path">The agent's INI file.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="hostName">This host's name, short or full, for <see cref="AgentSettings.Names"/>.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static AgentConfig Read(string path, AgentOverrides overrides, string hostName, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (IniFile.Load(path, read, report) is not { } document)
        {
            return new AgentConfig.Invalid(report.Errors, report.Warnings);
        }

        WarnOfUnknownSections(document, report);
        var server = ServerSection.Bind(new SectionBinder("server", document.Section("server"), report), IniFile.Begin(document, "server"), report);
        var hosts = IniFile.AllowedHosts(document, report);
        var paths = IniFile.AllowList(document, "allow::paths", "path", "every path", report);
        foreach (var relative in paths.Where(allowed => !allowed.Value.StartsWith('/')))
        {
            report.Warn(relative.Position, $"path[] is '{relative.Value}': not an absolute path, it allows nothing");
        }

        string[] roots = [.. paths.Select(allowed => allowed.Value)];
        var groups = document.Sections
            .Where(section => section.Name.StartsWith(GroupPrefix, StringComparison.Ordinal))
            .Select(section => SyncGroupSection.Bind(section, section.Name[GroupPrefix.Length..], roots, report))
            .ToDictionary(group => group.Name, StringComparer.Ordinal);
        var secure = SecureTable.Beside(path);
        var settings = overrides.Over(From(server, hostName) with
        {
            IsOriginals = true,
            HostKeyFile = secure.HostKey,
            OperatorsFile = secure.Operators,
            AllowedHosts = hosts,
            AllowedPaths = roots,
            Groups = groups,
            Commands = Jobs(new SectionBinder("jobs", document.Section("jobs"), report), read, report),
        });
        CheckKeys(settings, server, report);
        return report.Errors.Count > 0 ? new AgentConfig.Invalid(report.Errors, report.Warnings) : new AgentConfig.Valid(settings, report.Warnings, report.Places);
    }

    private static AgentSettings From(ServerSection server, string hostName)
    {
        var settings = AgentSettings.Of(hostName);
        return settings with
        {
            Listen = [new IPEndPoint(server.Addr ?? IPAddress.Any, server.Port ?? AgentSettings.DefaultPort)],
            Backlog = server.Backlog ?? settings.Backlog,
            SocketTimeout = server.SocketTimeout is { Ticks: > 0 } wait ? wait : settings.SocketTimeout,
            MaxRequestTime = server.MaxProcessTimeout is { Ticks: > 0 } most ? most : null,
            KeyCipher = server.KeyCipher,
            Ssl = server.Ssl ?? settings.Ssl,
            SslPrivateKey = server.SslPrivateKey,
            User = server.User,
            Group = server.Group,
            AcceptFilter = server.AcceptFilter ?? settings.AcceptFilter,
            Log = server.Log(settings.Log),
            ProcessName = server.ProcessName ?? settings.ProcessName,
        };
    }

    /// <summary>The commands of the jobs file; none, with a warning, when it cannot be read: the original's agent started all the same.</summary>
    private static IReadOnlyDictionary<string, CommandEntry> Jobs(SectionBinder section, Func<string, FileContent> read, ConfigReport report)
    {
        var path = IniFile.Beside(section.Scalar("path"));
        section.WarnOfUnknownKeys();
        return IniFile.ReadNamed(path, "jobs file", "there are no jobs", read, report) is { } content && IniFile.Parse(path!.Value.Value, content, report, mayQuote: true) is { } document
            ? JobsSections.Bind(document, report)
            : new Dictionary<string, CommandEntry>();
    }

    private static void CheckKeys(AgentSettings settings, ServerSection server, ConfigReport report)
    {
        if (settings.KeyCipherIsInvalid)
        {
            report.Warn(server.KeyCipherAt, "key_cipher is empty or 0: every key is invalid, no order of the legacy wire is taken");
        }
        else if (settings.KeyCipherOrDefault.Reveal() == AgentSettings.DefaultKeyCipher)
        {
            report.Warn(server.KeyCipherAt, $"the key is the default, {AgentSettings.DefaultKeyCipher}, which everybody knows: set key_cipher");
        }

        if (settings.Ssl && string.IsNullOrEmpty(settings.SslPrivateKey))
        {
            report.Error(server.SslAt, "ssl is on, and there is no ssl_private_key: expected the path of a PEM file");
        }
        else if (settings.Ssl)
        {
            report.Warn(server.SslAt, "ssl is the original's own encryption, not TLS: plain orders are refused, and whoever records traffic and gets the key reads all of it");
        }
    }

    private static void WarnOfUnknownSections(IniDocument document, ConfigReport report)
    {
        foreach (var section in document.Sections)
        {
            if (section.Name.StartsWith(GroupPrefix, StringComparison.Ordinal) || Sections.Contains(section.Name))
            {
                continue;
            }

            string hint = NearestName.Find(section.Name, Sections) is { } nearest ? $"; did you mean [{nearest}]?"
                : section.Name.StartsWith("rsync", StringComparison.Ordinal) ? $"; a sync group is [{GroupPrefix}NAME]"
                : string.Empty;
            report.Warn(section.Position, section.Name == IniDocument.NoSection
                ? "a key before any [section] has no effect"
                : $"unknown section [{section.Name}]: its keys have no effect{hint}");
        }
    }
}
