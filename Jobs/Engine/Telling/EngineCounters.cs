using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>What an engine counts, for /metrics.</summary>
internal sealed record EngineCounters
{
    /// <summary>Jobs that live now, by state and order.</summary>
    public required IReadOnlyDictionary<(JobState State, Order Order), int> Live { get; init; }

    /// <summary>Jobs that ended since the start, by state and order.</summary>
    public required IReadOnlyDictionary<(JobState State, Order Order), long> Ended { get; init; }

    /// <summary>Hosts that ended since the start, by state.</summary>
    public required IReadOnlyDictionary<HostState, long> HostsEnded { get; init; }

    /// <summary>Hosts that run.</summary>
    public required int HostsRunning { get; init; }

    /// <summary>Hosts of live jobs that wait for their turn.</summary>
    public required int HostsWaiting { get; init; }

    /// <summary>Writes that failed since the start.</summary>
    public required long StoreErrors { get; init; }
}
