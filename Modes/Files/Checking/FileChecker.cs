using Deploy.Config;
using Deploy.Config.Ini;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;

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
                return (asKind ?? FileKinds.Tell(path, content.Bytes.Span)) switch
                {
                    FileKind.Agent => Agent(path),
                    FileKind.Jobs when !FileKinds.IsToml(path) => Jobs(path, content),
                    { } kind => Failed(path, kind, FileKinds.IsToml(path) ? "commands and API keys have no TOML file of their own: they stand in agent.toml and proxy.toml" : "this version does not read it yet"),
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
                var found = AgentChecks.Find(valid.Settings, name => names.GetValueOrDefault(name, Position.Whole(path)));
                var secret = valid.Places.TryGetValue("server.key_cipher", out var key) ? SecretChecks.Within(path, "key_cipher", key) : [];
                return new FileReport(path, FileKind.Agent, Holds(valid.Settings), [], InOrder(path, [.. valid.Warnings, .. found, .. secret]));
            case AgentConfig.Invalid invalid:
                return new FileReport(path, FileKind.Agent, string.Empty, invalid.Errors, invalid.Warnings);
            default:
                throw new InvalidOperationException("not an AgentConfig");
        }
    }

    private static FileReport Jobs(string path, FileContent.Read content)
    {
        var report = new ConfigReport();
        int count = 0;
        switch (IniReader.Parse(path, content.Bytes.Span))
        {
            case IniResult.Read(var document):
                count = JobsSections.Bind(document, report).Count;
                break;
            case IniResult.Failed(var errors):
                report.Errored(errors);
                break;
            default:
                throw new InvalidOperationException("not a result of IniReader");
        }

        return new FileReport(path, FileKind.Jobs, Counted.Of(count, "command"), report.Errors, report.Warnings);
    }

    private static string Holds(AgentSettings settings) => $"{Counted.Of(settings.Groups.Count, "sync group")}, {Counted.Of(settings.Commands.Count, "command")}";

    private static FileReport Failed(string path, FileKind? kind, string why) => new(path, kind, string.Empty, [new ConfigError(Position.Whole(path), why)], []);

    /// <summary>This file first, each from top to bottom.</summary>
    private static List<ConfigWarning> InOrder(string path, IReadOnlyList<ConfigWarning> warnings) =>
        [.. warnings.OrderBy(warning => warning.Position.File != path).ThenBy(warning => warning.Position.File, StringComparer.Ordinal).ThenBy(warning => warning.Position.Line).ThenBy(warning => warning.Position.Column)];
}
