using Deploy.Model;

namespace Deploy.Jobs.Relay;

/// <summary>An agent that a proxy may ask.</summary>
/// <param name="Name">What orders and answers call it.</param>
/// <param name="Address">Name or address, without port and brackets.</param>
/// <param name="Port">TCP port.</param>
/// <param name="KeyCipher">The legacy wire's shared key.</param>
internal sealed record RelayHost(string Name, string Address, int Port, Secret KeyCipher)
{
    /// <summary>Why it cannot be asked, with the next step; null where it can.</summary>
    public string? Closed { get; init; }
}
