using Deploy.Jobs.Engine;
using Deploy.Model;

namespace Deploy.Jobs.Relay;

/// <summary>What an order asks of a proxy.</summary>
/// <param name="Order">Order, options and peer, as for an agent.</param>
/// <param name="Args">Whom it is for; <see cref="HostList"/>.</param>
/// <param name="ApiKey">As it came; empty where none did.</param>
internal sealed record RelayRequest(OrderRequest Order, string Args, Secret ApiKey)
{
    /// <summary>Called once its key is found to open what it asks for; null for nobody.</summary>
    public Action? Proved { get; init; }
}

/// <summary>What a relayed order came to.</summary>
internal abstract record RelayOutcome
{
    private RelayOutcome()
    {
    }

    /// <summary>The args name neither hosts nor groups.</summary>
    internal sealed record NotUnderstood : RelayOutcome;

    /// <summary>No such key, or it does not open this host or group.</summary>
    internal sealed record NotAllowed(string Name) : RelayOutcome;

    /// <summary>The key opens these groups, and there is no host in them.</summary>
    internal sealed record NoHosts(string Group) : RelayOutcome;

    /// <summary>Every host has a result, in the order asked.</summary>
    /// <param name="Job">Ended.</param>
    /// <param name="Answer">The original proxy's JSON. It counts against <see cref="Limits.RelayBytes"/> until <paramref name="Sent"/> is called.</param>
    /// <param name="Sent">To be called once, when the answer is sent or given up.</param>
    internal sealed record Relayed(AdoptedJob Job, IReadOnlyList<ReadOnlyMemory<byte>> Answer, Action Sent) : RelayOutcome;
}
