using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay;

/// <summary>What all orders of a proxy share. The semaphores have nothing to dispose of, and an order that was given up may release them late.</summary>
internal sealed class RelayMemory
{
    /// <summary>Answers as they came, and as they wait to be sent.</summary>
    public ReceiveBudget Budget { get; init; } = new(Limits.RelayBytes) { MostOfOne = Limits.RelayAnswerBytes };

    /// <summary>What each text has of its own up to <see cref="LegacyLimits.SmallBytes"/>.</summary>
    public ReceiveBudget Small { get; init; } = new(Limits.RelaySmallBytes);

    /// <summary>Hosts that are asked at once.</summary>
    public SemaphoreSlim Room { get; } = new(Limits.HostsAtOnce);

    /// <summary>Where large answers are read, one at a time.</summary>
    public SemaphoreSlim Large { get; } = new(1);
}
