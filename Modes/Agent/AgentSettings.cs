using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Agent;

/// <summary>Everything that an agent is made from. Immutable; a SIGHUP makes a new one.</summary>
internal sealed record AgentSettings() : DaemonSettings(DefaultPort, "deploy::agent:")
{
    /// <summary>Port of the original's agent. // original: deploy-agent --port</summary>
    public const int DefaultPort = 3440;

    /// <summary>The key_cipher of an agent that has none; everybody knows it. // original: Agent.pm</summary>
    public const string DefaultKeyCipher = Security.LegacyKey.DefaultCipher;

    /// <summary>The defaults on a host of this name, short or full.</summary>
    public static AgentSettings Of(string hostName)
    {
        string shortName = hostName.Split('.')[0];
        return new AgentSettings { Names = shortName == hostName ? [hostName] : [shortName, hostName] };
    }

    /// <summary>What orders may call this host; default: the host name, short and full.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How far ahead an order may name the time until which it may start. // ours: 24 h, as proxy and client have it</summary>
    public TimeSpan MaxOrderLifetime { get; init; } = EngineSettings.LongestLifetime;

    /// <summary>Longest time a command may run. // ours: 5 min</summary>
    public TimeSpan MaxCommandTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much of a command's output is kept, bytes; the rest is dropped and the answer says so. // ours: 1 MiB</summary>
    public int OutputCapBytes { get; init; } = 1024 * 1024;

    /// <summary>Roots below which targets may lie, as written; empty denies every path.</summary>
    public IReadOnlyList<string> AllowedPaths { get; init; } = [];

    /// <summary>Whether an order may name an origin and a target of its own, below <see cref="AllowedPaths"/>. // original: yes</summary>
    public bool AllowsFreeForm { get; init; } = true;

    /// <summary>What holds for such an order but its origin and target. // original: what a group without keys has</summary>
    public SyncGroup FreeForm { get; init; } = SyncGroup.Plain;

    /// <summary>The file that <see cref="KeyCipher"/> was read from, or null.</summary>
    public string? KeyCipherFile { get; init; }

    /// <summary>The legacy password; null where the file has none.</summary>
    public Secret? KeyCipher { get; init; }

    /// <summary>The password in force.</summary>
    public Secret KeyCipherOrDefault => KeyCipher ?? new Secret(DefaultKeyCipher);

    /// <summary>True for a key_cipher that is there and empty or <c>0</c>: then every key is invalid. // original: Agent.pm, a false value in Perl</summary>
    public bool KeyCipherIsInvalid => KeyCipher?.Reveal() is "" or "0";

    /// <summary>Sync groups by name.</summary>
    public IReadOnlyDictionary<string, SyncGroup> Groups { get; init; } = new Dictionary<string, SyncGroup>();

    /// <summary>Commands by name, disabled ones included.</summary>
    public IReadOnlyDictionary<string, CommandEntry> Commands { get; init; } = new Dictionary<string, CommandEntry>();
}
