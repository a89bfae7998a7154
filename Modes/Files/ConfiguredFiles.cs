using Deploy.Model;
using Deploy.Modes.Agent;

namespace Deploy.Modes.Files;

/// <summary>The files that the modes would read on this host when none is named.</summary>
internal static class ConfiguredFiles
{
    /// <summary>Those that are there.</summary>
    /// <exception cref="UserError">None is.</exception>
    public static string[] OnThisHost()
    {
        string[] there = [.. new[] { AgentFile.Find(null) }.Where(File.Exists)];
        return there.Length > 0 ? there : throw new UserError($"no configuration file on this host: neither {AgentFile.TomlPath} nor {AgentFile.LegacyPath}", ExitCodes.Failed, "name one: deploy check FILE");
    }
}
