using Deploy.Config;
using Deploy.Model;
using Deploy.Modes.Client.Toml;

namespace Deploy.Modes.Client;

/// <summary>The client's configuration file: which one. <c>deploy-client</c>, the legacy name, reads none.</summary>
internal static class ClientFile
{
    public const string SystemPath = "/etc/deploy/client.toml";

    /// <summary>The files that are looked for, in this order; the first that is there is the one.</summary>
    /// <param name="configHome">$XDG_CONFIG_HOME or null; counts where it is absolute. // XDG Base Directory Specification 0.8</param>
    /// <param name="home">$HOME or null.</param>
    public static IReadOnlyList<string> Places(string? configHome, string? home)
    {
        return Folder(configHome, home) is { } folder ? [Path.Combine(folder, "client.toml"), SystemPath] : [SystemPath];
    }

    /// <summary>The user's folder; null where there is no home.</summary>
    public static string? Folder(string? configHome, string? home) =>
        (configHome is ['/', ..] ? configHome : home is ['/', ..] ? Path.Combine(home, ".config") : null) is { } folder ? Path.Combine(folder, "deploy") : null;

    /// <summary>The file that was named, else the first of <see cref="Places"/>; null where there is none. A directory that may not be looked into has none.</summary>
    public static string? Find(string? given, string? configHome, string? home) => given ?? Places(configHome, home).FirstOrDefault(File.Exists);

    /// <summary>What the file for this user says.</summary>
    /// <param name="given">From the command line; null where it names none.</param>
    /// <exception cref="UserError">It has mistakes: all of them, one a line; or the one that was named is not there.</exception>
    public static ClientDefaults Load(string? given) =>
        Find(given, Surroundings.Variable("XDG_CONFIG_HOME"), Surroundings.Home) is not { } path ? ClientDefaults.None
            : ClientTomlFile.Read(path, RegularFile.Read) switch
            {
                ClientConfig.Valid valid => valid.Defaults,
                ClientConfig.Invalid invalid => throw new UserError(
                    string.Join("\ndeploy: error: ", invalid.Errors),
                    ExitCodes.Failed,
                    "nothing was sent; mend the file, or name another one: --config FILE"),
                _ => throw new InvalidOperationException(),
            };
}
