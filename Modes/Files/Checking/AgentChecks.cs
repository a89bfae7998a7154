using Deploy.Config;
using Deploy.Jobs.Commands;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding.Toml;
using Deploy.Security;

namespace Deploy.Modes.Files.Checking;

/// <summary>What a valid agent configuration has that will hurt on this host: what <c>deploy check</c> warns of beside what the agent itself does.</summary>
internal static class AgentChecks
{
    /// <summary>A warning for each, with the place of the setting where the file has it.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="place">Where a setting stands, by its dotted name.</param>
    public static IEnumerable<ConfigWarning> Find(AgentSettings settings, Func<string, Position> place) =>
    [
        .. SecretChecks.File(settings.KeyCipherFile, place("legacy.key_cipher_file")),
        .. settings.Ssl ? SecretChecks.PrivateKey(settings.SslPrivateKey, place("legacy.ssl_private_key")) : [],
        .. SecretChecks.UnreadableTo(settings.User, settings.KeyCipherFile, place("legacy.key_cipher_file")),
        .. settings.Ssl ? SecretChecks.UnreadableTo(settings.User, settings.SslPrivateKey, place("legacy.ssl_private_key")) : [],
        .. AllowChecks.Hosts(settings.AllowedHosts, place("allow.hosts")),
        .. settings.AllowedPaths.Where(path => path.Trim('/').Length == 0).Select(path => new ConfigWarning(place("allow.paths"), "paths has \"/\": a sync may write the whole host")),
        .. LogChecks.Find(settings.Log, settings.User, place),
        .. Groups(settings, place),
        .. settings.Commands.Values.SelectMany(command => Command(command, place(TomlName.Join("command", command.Name)))),
    ];

    private static IEnumerable<ConfigWarning> Groups(AgentSettings settings, Func<string, Position> place)
    {
        var targets = new TargetRules(settings.AllowedPaths);
        foreach (var group in settings.Groups.Values.Where(group => group.Target.Length > 0))
        {
            string table = TomlName.Join("sync", group.Name);
            if (targets.Check(group.Target, configured: true) is TargetVerdict.Refused refused)
            {
                yield return new ConfigWarning(place(table + ".target"), $"the target '{group.Target}' is refused: {refused.Reason}; every order for '{group.Name}' is refused with it");
            }

            if (!Programs.Exists(group.Rsync))
            {
                yield return new ConfigWarning(place(table + ".rsync"), $"there is no program {group.Rsync} on this host: install rsync, or name it with rsync = \"/path/of/rsync\"");
            }

            foreach (var warning in SecretChecks.File(group.PasswordFile, place(table + ".password_file")))
            {
                yield return warning;
            }

            if (group.Presence.Mount is { } mount && !FileFacts.IsMountPoint(mount))
            {
                yield return new ConfigWarning(place(table + ".require_mount"), $"{mount} is not mounted on this host now: a sync of '{group.Name}' would be refused");
            }
        }
    }

    private static IEnumerable<ConfigWarning> Command(CommandEntry command, Position position)
    {
        string? program = command.Form?.With([]) is CommandWords.Ready { Argv: [var first, ..] } ? first : (command.Form as TypedCommand)?.Written[0];
        if (program is not null && !Programs.Exists(program))
        {
            yield return new ConfigWarning(position, $"the command '{command.Name}' starts {program}, and there is no such program on this host");
        }
    }
}
