using Deploy.Model;
using Deploy.Protocol.Ssl;

namespace Deploy.Jobs.Relay;

/// <summary>An agent that a proxy may ask.</summary>
/// <param name="Name">What orders and answers call it.</param>
/// <param name="Address">Name or address, without port and brackets.</param>
/// <param name="Port">TCP port.</param>
/// <param name="KeyCipher">The legacy wire's shared key.</param>
internal sealed record RelayHost(string Name, string Address, int Port, Secret KeyCipher)
{
    /// <summary>Its public key, where it is asked in the ssl form; null is the plain form.</summary>
    public PublicKey? Ssl { get; init; }

    /// <summary>Why it cannot be asked, with the next step; null where it can.</summary>
    public string? Closed { get; init; }
}
