using System.Net;
using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;

namespace Deploy.Modes.Agent.Ini;

/// <summary>Reads the INI file of the original's agent and its jobs file; nothing else is read. Called at start and on SIGHUP.</summary>
internal static class AgentIniFile
{
    private const string GroupPrefix = "rsync::group::";

    private static readonly string[] Sections = ["server", "allow::hosts", "allow::paths", "jobs"];

    /// <summary>The settings in this file with the command line over them, or every error in it and in its jobs file.</summary>
    /// <param name="path">The agent's INI file.</param>
    /// <param name="overrides">What the command line says.</param>
    /// <param name="hostName">This host's name, short or full, for <see cref="AgentSettings.Names"/>.</param>
    /// <param name="read">Reads a file: <see cref="ConfigFile.Read"/>, or what a test has.</param>
    public static AgentConfig Read(string path, AgentOverrides overrides, string hostName, Func<string, FileContent> read)
    {
        var report = new ConfigReport();
        if (Load(path, read, report) is not { } document)
        {
            return new AgentConfig.Invalid(report.Errors, report.Warnings);
        }

        WarnOfUnknownSections(document, report);
        var server = ServerSection.Bind(Binder("server"), Begin("server"), report);
        var hosts = AllowList("allow::hosts", "host", "every host");
        var paths = AllowList("allow::paths", "path", "every path");
        foreach (var relative in paths.Where(allowed => !allowed.Value.StartsWith('/')))
        {
            report.Warn(relative.Position, $"path[] is '{relative.Value}': not an absolute path, it allows nothing");
        }

        foreach (var odd in hosts.Where(allowed => !Security.AddressRules.IsEntry(allowed.Value)))
        {
            report.Warn(odd.Position, $"host[] is '{odd.Value}': neither an address, nor a block (10.0.0.0/8), nor a host name: it allows nobody");
        }

        string[] roots = [.. paths.Select(allowed => allowed.Value)];
        var groups = document.Sections
            .Where(section => section.Name.StartsWith(GroupPrefix, StringComparison.Ordinal))
            .Select(section => SyncGroupSection.Bind(section, section.Name[GroupPrefix.Length..], roots, report))
            .ToDictionary(group => group.Name, StringComparer.Ordinal);
        var settings = overrides.Over(From(server, hostName) with
        {
            AllowedHosts = [.. hosts.Select(host => host.Value).Where(Security.AddressRules.IsEntry)],
            AllowedPaths = roots,
            Groups = groups,
            Commands = Jobs(Binder("jobs"), read, report),
        });
        CheckKeys(settings, server, report);
        return report.Errors.Count > 0 ? new AgentConfig.Invalid(report.Errors, report.Warnings) : new AgentConfig.Valid(settings, report.Warnings, report.Places);

        SectionBinder Binder(string name) => new(name, document.Section(name), report);

        Position Begin(string name) => document.Section(name)?.Position ?? Position.Whole(path);

        IReadOnlyList<Positioned<string>> AllowList(string section, string key, string denied)
        {
            var binder = Binder(section);
            var list = binder.List(key) ?? [];
            binder.WarnOfUnknownKeys();
            if (list.Count == 0)
            {
                report.Warn(Begin(section), $"no [{section}] {key}[] = …: {denied} is denied");
            }

            return list;
        }
    }

    /// <summary>The document in this file; null after reporting why there is none.</summary>
    private static IniDocument? Load(string path, Func<string, FileContent> read, ConfigReport report)
    {
        switch (read(path))
        {
            case FileContent.Read content:
                return Parse(path, content, report);
            case FileContent.Unreadable(var why):
                report.Error(Position.Whole(path), $"cannot be read: {why}");
                return null;
            default:
                throw new InvalidOperationException("not a FileContent");
        }
    }

    private static IniDocument? Parse(string path, FileContent.Read content, ConfigReport report)
    {
        switch (IniReader.Parse(path, content.Bytes.Span))
        {
            case IniResult.Read(var document):
                return document;
            case IniResult.Failed(var errors):
                report.Errored(errors);
                return null;
            default:
                throw new InvalidOperationException("not a result of IniReader");
        }
    }

    private static AgentSettings From(ServerSection server, string hostName)
    {
        var settings = AgentSettings.Of(hostName);
        return settings with
        {
            Listen = [new IPEndPoint(server.Addr ?? IPAddress.Any, server.Port ?? AgentSettings.DefaultPort)],
            Backlog = server.Backlog ?? settings.Backlog,
            SocketTimeout = server.SocketTimeout is { Ticks: > 0 } wait ? wait : settings.SocketTimeout,
            MaxProcessTimeout = server.MaxProcessTimeout is { Ticks: > 0 } most ? most : null,
            KeyCipher = server.KeyCipher,
            Ssl = server.Ssl ?? settings.Ssl,
            SslPrivateKey = server.SslPrivateKey,
            User = server.User,
            Group = server.Group,
            AcceptFilter = server.AcceptFilter ?? settings.AcceptFilter,
            LogWrite = server.LogWrite ?? settings.LogWrite,
            LogErrorLevel = server.LogErrorLevel ?? settings.LogErrorLevel,
            LogErrorPath = server.LogErrorPath ?? settings.LogErrorPath,
            LogAccessPath = server.LogAccessPath ?? settings.LogAccessPath,
            ProcessName = server.ProcessName ?? settings.ProcessName,
        };
    }

    /// <summary>The commands of the jobs file; none, with a warning, when it cannot be read: the original's agent started all the same.</summary>
    private static IReadOnlyDictionary<string, CommandEntry> Jobs(SectionBinder section, Func<string, FileContent> read, ConfigReport report)
    {
        var path = section.Scalar("path");
        section.WarnOfUnknownKeys();
        if (path is not { } at)
        {
            return new Dictionary<string, CommandEntry>();
        }

        if (!at.Value.StartsWith('/'))
        {
            report.Warn(at.Position, $"the jobs file '{at.Value}' is no absolute path: it is looked for in the working directory");
        }

        switch (read(at.Value))
        {
            case FileContent.Read content:
                return Parse(at.Value, content, report) is { } document ? JobsSections.Bind(document, report) : new Dictionary<string, CommandEntry>();
            case FileContent.Unreadable(var why):
                report.Warn(at.Position, $"the jobs file '{at.Value}' cannot be read, so there are no jobs: {why}");
                return new Dictionary<string, CommandEntry>();
            default:
                throw new InvalidOperationException("not a FileContent");
        }
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

        if (settings.LogWrite)
        {
            report.Warn(server.LogWriteAt, "log_write has no effect in this version: the log goes to stderr");
        }

        if (settings.AcceptFilter)
        {
            report.Warn(server.AcceptFilterAt, "socket_accept_filter has no effect in this version");
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
