using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Client;
using Deploy.Modes.Proxy;

namespace Deploy.Modes.Files;

/// <summary>The files that the modes would read on this host, for this user, when none is named.</summary>
internal static class ConfiguredFiles
{
    /// <summary>Those that are there.</summary>
    /// <exception cref="UserError">None is.</exception>
    public static string[] OnThisHost()
    {
        string?[] places = [AgentFile.Find(null), ProxyFile.Find(null), ClientFile.Find(null, Surroundings.Variable("XDG_CONFIG_HOME"), Surroundings.Home)];
        string[] there = [.. places.OfType<string>().Where(File.Exists)];
        return there.Length > 0 ? there : throw new UserError(
            $"no configuration file on this host: there is neither {AgentFile.TomlPath}, {AgentFile.LegacyPath}, {ProxyFile.TomlPath}, {ProxyFile.LegacyPath} nor a client.toml",
            ExitCodes.Failed,
            "name one, e.g. deploy check agent.toml");
    }
}
