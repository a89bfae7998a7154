using Deploy.Config;

namespace Deploy.Modes.Agent;

/// <summary>What reading an agent's configuration came to.</summary>
internal abstract record AgentConfig
{
    private AgentConfig()
    {
    }

    /// <summary>It can start; the warnings belong in the log.</summary>
    internal sealed record Valid(AgentSettings Settings, IReadOnlyList<ConfigWarning> Warnings) : AgentConfig;

    /// <summary>It cannot; every error at once.</summary>
    internal sealed record Invalid(IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings) : AgentConfig;
}
