using Deploy.Config;

namespace Deploy.Modes.Client;

/// <summary>What reading a client's configuration came to.</summary>
internal abstract record ClientConfig
{
    private ClientConfig()
    {
    }

    /// <summary>It can be used. Places tells where each key stands that the file has. The warnings are for who checks the file: an order is given without them.</summary>
    internal sealed record Valid(ClientDefaults Defaults, IReadOnlyList<ConfigWarning> Warnings, IReadOnlyDictionary<string, Position> Places) : ClientConfig;

    /// <summary>It cannot; every error at once.</summary>
    internal sealed record Invalid(IReadOnlyList<ConfigError> Errors, IReadOnlyList<ConfigWarning> Warnings) : ClientConfig;
}
