using Deploy.Config;

namespace Deploy.Modes.Client;

/// <summary>What <c>client.toml</c> says; null where it says nothing. The command line and the environment beat it.</summary>
internal sealed record ClientDefaults
{
    /// <summary>Where there is no file.</summary>
    public static readonly ClientDefaults None = new();

    /// <summary>The proxy that orders go through, NAME or NAME:PORT; by v1.</summary>
    public string? Via { get; init; }

    /// <summary>The file of the SSH key that signs orders. No effect in this version.</summary>
    public string? Identity { get; init; }

    /// <summary>The file of the hosts' pins, in the place of those that are looked for.</summary>
    public string? KnownAgents { get; init; }

    public Printing? Output { get; init; }

    /// <summary>The whole wait for one host, and for each next byte, by the original's protocol.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The file whose first line is the agents' shared key; read when an order needs it.</summary>
    public Positioned<string>? KeyCipherFile { get; init; }

    /// <summary>The file whose first line is a proxy's API key; read when an order needs it.</summary>
    public Positioned<string>? ApiKeyFile { get; init; }

    /// <summary>The agents' port, where a host names none.</summary>
    public int? Port { get; init; }

    /// <summary>Hosts asked at once, without a proxy.</summary>
    public int? Parallel { get; init; }
}
