using Deploy.Config;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Agent.Toml;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Agent;

/// <summary>The agent's configuration file: which one, and in which dialect. A name that ends in <c>.toml</c> is TOML, any other the original's INI.</summary>
internal static class AgentFile
{
    public const string TomlPath = "/etc/deploy/agent.toml";

    /// <summary>Where the original's agent looked. // original: deploy-agent --path</summary>
    public const string LegacyPath = "/etc/deploy/deploy_agent.ini";

    /// <summary>The file that was named, else ours where it is there, since somebody wrote that for this program, else the original's; whatever the program was called by.</summary>
    public static string Find(string? given) => given ?? (File.Exists(TomlPath) ? TomlPath : LegacyPath);

    /// <summary>The settings in this file with the command line over them, or every error in it.</summary>
    public static AgentConfig Read(string path, AgentOverrides overrides, string hostName, Func<string, FileContent> read) =>
        TomlFile.IsNamed(path)
            ? AgentTomlFile.Read(path, overrides, hostName, read)
            : AgentIniFile.Read(path, overrides, hostName, read);
}
