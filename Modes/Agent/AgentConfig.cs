using Deploy.Config;

namespace Deploy.Modes.Agent;

/// <summary>What reading an agent's configuration came to.</summary>
internal abstract record AgentConfig
{
    private AgentConfig()
    {
    }

    /// <summary>It can start; the warnings belong in the log. Places tells where each setting stands that a file sets, by <c>table.key</c> or <c>section.key</c>.</summary>
    internal sealed record Valid(AgentSettings Settings, IReadOnlyList<ConfigWarning> Warnings, IReadOnlyDictionary<string, Position> Places) : AgentConfig;

    /// <summary>It cannot; every error at once.</summary>
    internal sealed record Invalid(IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings) : AgentConfig;
}
