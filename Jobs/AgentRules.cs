using Deploy.Jobs.Commands;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Security;

namespace Deploy.Jobs;

/// <summary>What this host may do, as one immutable piece: replaced as a whole when the configuration is read again.</summary>
internal sealed record AgentRules
{
    /// <summary>What this host calls itself, for messages.</summary>
    public required string Name { get; init; }

    public required TargetRules Targets { get; init; }

    public required IReadOnlyDictionary<string, SyncGroup> Groups { get; init; }

    /// <summary>Whether an order may name an origin and a target of its own.</summary>
    public required bool AllowsFreeForm { get; init; }

    /// <summary>What holds for such an order, but its origin and target.</summary>
    public SyncGroup FreeForm { get; init; } = SyncGroup.Plain;

    public required IReadOnlyDictionary<string, CommandEntry> Commands { get; init; }

    /// <summary>How far ahead a job may name the time until which it may start.</summary>
    public TimeSpan MaxOrderLifetime { get; init; } = EngineSettings.LongestLifetime;

    /// <summary>How long a command may run.</summary>
    public required TimeSpan MaxCommandTime { get; init; }

    /// <summary>How much of a command's output is kept, bytes.</summary>
    public required int OutputCapBytes { get; init; }

    /// <summary>How long a whole request may take; null is no limit of its own.</summary>
    public TimeSpan? MaxRequestTime { get; init; }
}
