using Deploy.Config;

namespace Deploy.Modes.Proxy;

/// <summary>What reading a proxy's configuration came to.</summary>
internal abstract record ProxyConfig
{
    private ProxyConfig()
    {
    }

    /// <summary>It can start; the warnings belong in the log. Places tells where each setting stands that a file sets, by <c>table.key</c> or <c>section.key</c>.</summary>
    internal sealed record Valid(ProxySettings Settings, IReadOnlyList<ConfigWarning> Warnings, IReadOnlyDictionary<string, Position> Places) : ProxyConfig;

    /// <summary>It cannot; every error at once.</summary>
    internal sealed record Invalid(IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings) : ProxyConfig;
}
