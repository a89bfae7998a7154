using Deploy.Model;
using Deploy.Protocol.Ssl;

namespace Deploy.Modes.Proxy;

/// <summary>The wires that an agent may speak.</summary>
internal enum HostWire
{
    /// <summary>Ours, with plans and progress.</summary>
    V1,

    /// <summary>The original's.</summary>
    Legacy,
}

/// <summary>A host of the proxy: where its agent is, and how it is spoken to.</summary>
internal sealed record ProxyHost
{
    /// <summary>Where agents listen. // original: [client] port</summary>
    public const int DefaultPort = Agent.AgentSettings.DefaultPort;

    /// <summary>What orders call it.</summary>
    public required string Name { get; init; }

    /// <summary>Name or address, without port and brackets.</summary>
    public required string Address { get; init; }

    /// <summary>TCP port.</summary>
    public required int Port { get; init; }

    /// <summary>Whether the file gives this host a port, rather than all of them.</summary>
    public bool HasOwnPort { get; init; }

    public required HostWire Wire { get; init; }

    /// <summary>The legacy wire's shared key; null where none is set, then the default holds.</summary>
    public Secret? KeyCipher { get; init; }

    /// <summary>The file that <see cref="KeyCipher"/> was read from, or null.</summary>
    public string? KeyCipherFile { get; init; }

    /// <summary>Path of the agent's RSA key, PEM: the legacy wire's encrypted form. Null speaks the plain form.</summary>
    public string? SslPublicKey { get; init; }

    /// <summary>The key out of that file, which the proxy's mode reads; null until then.</summary>
    public PublicKey? SslKey { get; init; }

    /// <summary>The fingerprint of the agent's TLS key as it is written, or null.</summary>
    public string? Pin { get; init; }
}
