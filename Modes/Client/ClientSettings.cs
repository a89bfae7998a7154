using Deploy.Model;
using Deploy.Protocol;
using Deploy.Protocol.Ssl;

namespace Deploy.Modes.Client;

/// <summary>How results are printed.</summary>
internal enum Printing
{
    /// <summary>A table for people.</summary>
    Text,

    /// <summary>The original client's JSON; by v1 a job as one document.</summary>
    Json,
}

/// <summary>One order of the client, whichever command line it came by.</summary>
internal sealed record ClientSettings
{
    public required Order Order { get; init; }

    /// <summary>The legacy options: a sync group, <c>ORIGIN,TARGET</c>, or a command with its arguments, in ByteText.</summary>
    public string Options { get; init; } = string.Empty;

    /// <summary>To a proxy <c>hosts:a,b</c> or <c>groups:g,h</c>; empty to agents.</summary>
    public string Args { get; init; } = string.Empty;

    /// <summary>Whom to ask, each name once, in the order asked.</summary>
    public required IReadOnlyList<HostAddress> Hosts { get; init; }

    public required Secret KeyCipher { get; init; }

    /// <summary>True where <see cref="KeyCipher"/> is the public default, for want of another.</summary>
    public bool NoKeyGiven { get; init; }

    /// <summary>The hosts' public key: the ssl form; null is the plain form.</summary>
    public PublicKey? SslKey { get; init; }

    public required Secret ApiKey { get; init; }

    /// <summary>The whole wait for one host.</summary>
    public required TimeSpan ThreadTimeout { get; init; }

    /// <summary>The wait for the connection and for each next byte.</summary>
    public required TimeSpan SocketTimeout { get; init; }

    /// <summary>How many hosts are asked at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>How what is sent is encoded.</summary>
    public FieldEncoding Encoding { get; init; }

    public Printing Printing { get; init; }

    /// <summary>Text: only hosts that are not ok.</summary>
    public bool Quiet { get; init; }

    public bool Color { get; init; }

    /// <summary>Progress on stderr, where that is a terminal.</summary>
    public bool Progress { get; init; }

    /// <summary>Exit 0 whatever became of the hosts: the legacy name without --strict-exit.</summary>
    public bool AlwaysExitZero { get; init; }
}
