using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Binding.Toml;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Toml;
using Deploy.Modes.Daemon;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;

namespace Deploy.Modes.Files.Checking;

/// <summary>Checks one file of any kind, as the mode that uses it would read it here and now, and looks at what of it would hurt on this host.</summary>
/// <param name="read">Reads a file.</param>
/// <param name="hostName">This host's name.</param>
/// <param name="overrides">What the environment gives an agent.</param>
internal sealed class FileChecker(Func<string, FileContent> read, string hostName, AgentOverrides overrides)
{
    /// <summary>Everything that is wrong with this file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="asKind">What it is; null looks.</param>
    public FileReport Check(string path, FileKind? asKind)
    {
        switch (read(path))
        {
            case FileContent.Unreadable(var why):
                return Failed(path, asKind, $"cannot be read: {why}");
            case FileContent.Read content:
                var known = asKind ?? FileKinds.ByContent(path, content.Bytes.Span);
                if (known is null && !TomlFile.IsNamed(path) && FileKinds.ByName(path) is { } named
                    && IniReader.Parse(path, content.Bytes.Span, mayQuote: false) is IniResult.Failed(var errors))
                {
                    return new FileReport(path, named, string.Empty, errors, []); // a name may lie, and the words of an api file are secrets
                }

                return (known ?? FileKinds.ByName(path)) switch
                {
                    FileKind.Agent => Agent(path),
                    FileKind.Proxy => Proxy(path),
                    FileKind.Client when TomlFile.IsNamed(path) => Client(path),
                    FileKind.Jobs when !TomlFile.IsNamed(path) => Jobs(path, content),
                    FileKind.Api when !TomlFile.IsNamed(path) => Api(path, content),
                    { } kind => Failed(path, kind, TomlFile.IsNamed(path) ? "commands and API keys have no TOML file of their own: they stand in agent.toml and proxy.toml" : "the client's file is TOML: its name ends in .toml"),
                    null => Failed(path, null, $"it cannot be told what it configures: expected tables such as [agent] or sections such as [allow::paths]; say it with --as, {FileKinds.Known}"),
                };
            default:
                throw new InvalidOperationException("not a FileContent");
        }
    }

    private FileReport Agent(string path)
    {
        switch (AgentFile.Read(path, overrides, hostName, read))
        {
            case AgentConfig.Valid valid:
                var names = SettingPlaces.Of(path, IniFileKind.Agent, valid.Places);
                Position PlaceOf(string name) => names.GetValueOrDefault(name, Position.Whole(path));
                var found = AgentChecks.Find(valid.Settings, PlaceOf);
                var changed = TomlFile.IsNamed(path) ? [] : LegacyChecks.Agent(valid.Settings, PlaceOf);
                var secret = valid.Places.TryGetValue("server.key_cipher", out var key) ? SecretChecks.Within(path, "key_cipher", key) : [];
                return new FileReport(path, FileKind.Agent, Holds(valid.Settings), Account(valid.Settings, FileKind.Agent, PlaceOf), InOrder(path, [.. valid.Warnings, .. found, .. changed, .. secret]));
            case AgentConfig.Invalid invalid:
                return new FileReport(path, FileKind.Agent, string.Empty, invalid.Errors, invalid.Warnings);
            default:
                throw new InvalidOperationException("not an AgentConfig");
        }
    }

    private FileReport Proxy(string path)
    {
        switch (ProxyFile.Read(path, ProxyOverrides.None, read))
        {
            case ProxyConfig.Valid valid:
                var names = SettingPlaces.Of(path, IniFileKind.Proxy, valid.Places);
                Position PlaceOf(string name) => names.GetValueOrDefault(name, Position.Whole(path));
                var found = ProxyChecks.Find(valid.Settings, PlaceOf);
                var changed = TomlFile.IsNamed(path) ? [] : LegacyChecks.Proxy(valid.Settings, PlaceOf);
                var secret = valid.Places.TryGetValue("client.key_cipher", out var key) ? SecretChecks.Within(path, "key_cipher", key) : [];
                string holds = $"{Counted.Of(valid.Settings.Hosts.Count, "host")}, {Counted.Of(valid.Settings.Groups.Count, "group")}, {Counted.Of(valid.Settings.ApiKeys.Count + valid.Settings.MadeKeys.Count, "API key")}";
                return new FileReport(path, FileKind.Proxy, holds, Account(valid.Settings, FileKind.Proxy, PlaceOf), InOrder(path, [.. valid.Warnings, .. found, .. changed, .. secret]));
            case ProxyConfig.Invalid invalid:
                return new FileReport(path, FileKind.Proxy, string.Empty, invalid.Errors, invalid.Warnings);
            default:
                throw new InvalidOperationException("not a ProxyConfig");
        }
    }

    private FileReport Client(string path)
    {
        switch (ClientTomlFile.Read(path, read))
        {
            case ClientConfig.Valid { Defaults: var defaults } valid:
                var files = new[] { defaults.KeyCipherFile, defaults.ApiKeyFile }.OfType<Positioned<string>>().SelectMany(file => SecretChecks.File(file.Value, file.Position));
                return new FileReport(path, FileKind.Client, string.Empty, [], InOrder(path, [.. valid.Warnings, .. files]));
            case ClientConfig.Invalid invalid:
                return new FileReport(path, FileKind.Client, string.Empty, invalid.Errors, invalid.Warnings);
            default:
                throw new InvalidOperationException("not a ClientConfig");
        }
    }

    private static FileReport Api(string path, FileContent.Read content)
    {
        var report = new ConfigReport();
        var api = IniFile.Parse(path, content, report, mayQuote: false) is { } document ? ApiFile.Bind(document, report) : ApiFile.Empty;
        var secrets = api.Keys.Count > 0 ? SecretChecks.Within(path, "the list of API keys", Position.Whole(path)) : [];
        return new FileReport(path, FileKind.Api, $"{Counted.Of(api.Keys.Count, "API key")}, {Counted.Of(api.Groups.Count, "group")}", report.Errors, InOrder(path, [.. report.Warnings, .. secrets]));
    }

    private static FileReport Jobs(string path, FileContent.Read content)
    {
        var report = new ConfigReport();
        int count = IniFile.Parse(path, content, report, mayQuote: true) is { } document ? JobsSections.Bind(document, report).Count : 0;
        return new FileReport(path, FileKind.Jobs, Counted.Of(count, "command"), report.Errors, report.Warnings);
    }

    /// <summary>What the start refuses once it has bound its port.</summary>
    private static ConfigError[] Account(DaemonSettings settings, FileKind kind, Func<string, Position> place) =>
        Privileges.Mistake(settings.User, settings.Group) is { } mistake ? [new ConfigError(place($"{(kind == FileKind.Agent ? "agent" : "proxy")}.{mistake.Key}"), mistake.What)] : [];

    private static string Holds(AgentSettings settings) => $"{Counted.Of(settings.Groups.Count, "sync group")}, {Counted.Of(settings.Commands.Count, "command")}";

    private static FileReport Failed(string path, FileKind? kind, string why) => new(path, kind, string.Empty, [new ConfigError(Position.Whole(path), why)], []);

    /// <summary>This file first, each from top to bottom.</summary>
    private static List<ConfigWarning> InOrder(string path, IReadOnlyList<ConfigWarning> warnings) =>
        [.. warnings.OrderBy(warning => warning.Position.File != path).ThenBy(warning => warning.Position.File, StringComparer.Ordinal).ThenBy(warning => warning.Position.Line).ThenBy(warning => warning.Position.Column)];
}
