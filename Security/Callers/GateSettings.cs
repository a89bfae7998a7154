namespace Deploy.Security.Callers;

/// <summary>What the gate goes by beside the operators.</summary>
internal sealed record GateSettings
{
    /// <summary>What the daemon calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>What a client that is to know its key calls it: with a port that is not an agent's usual one. Null for the name alone.</summary>
    public string? Known { get; init; }

    /// <summary>Whether users of this host may ask without a signature, over the loopback.</summary>
    public bool UnsignedLoopback { get; init; }

    /// <summary>The longest life of an order's signature.</summary>
    public required TimeSpan LongestLife { get; init; }

    /// <summary>The API keys in force; null on an agent, which has none.</summary>
    public ApiKeys? ApiKeys { get; init; }
}
