using Deploy.Model;
using Deploy.Modes.Daemon;

namespace Deploy.Modes.Agent;

/// <summary>What the agent's command line says.</summary>
internal sealed record AgentOverrides : DaemonOverrides
{
    public static readonly AgentOverrides None = new();

    public IReadOnlyList<string>? Names { get; init; }

    public TimeSpan? MaxCommandTime { get; init; }

    public Secret? KeyCipher { get; init; }

    /// <summary>From the environment: in force where neither the command line nor the file has one.</summary>
    public Secret? KeyCipherIfAbsent { get; init; }

    /// <summary>These settings with what is set here put over them.</summary>
    public AgentSettings Over(AgentSettings settings) => OverBoth(settings) with
    {
        Names = Names ?? settings.Names,
        MaxCommandTime = MaxCommandTime ?? settings.MaxCommandTime,
        KeyCipher = KeyCipher ?? settings.KeyCipher ?? KeyCipherIfAbsent,
    };
}
