using Deploy.Jobs.Events;
using Deploy.Logs;
using Deploy.Model.Jobs;
using Deploy.Store;

namespace Deploy.Jobs.Engine;

/// <summary>
/// The jobs of one daemon: takes them, keeps them, brings every host of each to one terminal state by way of a runner, and goes on after a restart where it was killed. An agent's jobs have one
/// host, itself; a proxy's have many, and so has a client's that asks its hosts without a proxy.
/// </summary>
/// <param name="settings">How much at once, how long what is kept.</param>
/// <param name="store">Where kept jobs are; those that are not (status, rlist) live in a ring in memory.</param>
/// <param name="hub">Takes the events.</param>
/// <param name="runner">Does a host.</param>
/// <param name="time">The clock.</param>
/// <param name="log">One line for each job's end, with its id.</param>
internal sealed partial class JobEngine(EngineSettings settings, JobStore store, EventHub hub, IHostRunner runner, TimeProvider time, ILog log);

/// <summary>What an engine is made with.</summary>
internal sealed record EngineSettings
{
    /// <summary>What the daemon calls itself, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Hosts of one job that run at once where it has no rollout. // ours: 256</summary>
    public int FanOut { get; init; } = 256;

    /// <summary>Hosts of one job that run at once where its rollout does not say. // ours: 50</summary>
    public int RolloutParallel { get; init; } = 50;
}
