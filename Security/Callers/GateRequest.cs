using System.Net;
using Deploy.Model;
using Deploy.Security.Signatures;

namespace Deploy.Security.Callers;

/// <summary>A request's head, before anybody knows whose it is.</summary>
internal sealed record GateRequest
{
    /// <summary>What may be signed of it.</summary>
    public required RequestHead Head { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IPAddress Peer { get; init; }

    /// <summary>Whether it came by TLS.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>What its route asks.</summary>
    public required Access Access { get; init; }

    /// <summary>Whether an act may have waited on its way: its signature may live as long as an order's, else as long as a read's.</summary>
    public bool MayWait { get; init; }

    /// <summary>Its Host; empty where it has none.</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>Its Origin; empty where it has none, which is every program that is no browser.</summary>
    public string Origin { get; init; } = string.Empty;

    /// <summary>What stands behind <c>Authorization: Bearer</c>; null for nothing.</summary>
    public Secret? Bearer { get; init; }
}
