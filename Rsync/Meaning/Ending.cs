using Deploy.Rsync.Output;

namespace Deploy.Rsync.Meaning;

/// <summary>How a run ended: all that its meaning is read from.</summary>
internal sealed record Ending
{
    /// <summary>What was run.</summary>
    public required SyncCall Call { get; init; }

    /// <summary>The rsync that ran.</summary>
    public required RsyncVersion Version { get; init; }

    /// <summary>Exit code; null when a signal ended it.</summary>
    public required int? Code { get; init; }

    /// <summary>The signal, or null.</summary>
    public required int? Signal { get; init; }

    /// <summary>We asked it to stop before it ended.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Its stderr.</summary>
    public required ErrorText Errors { get; init; }

    /// <summary>Its statistics came: every run that was not broken off prints them, since we ask for them.</summary>
    public required bool HasStatistics { get; init; }
}

/// <summary>What an ending means.</summary>
/// <param name="Outcome">For the host's state.</param>
/// <param name="Diagnosis">Null for Ok and Cancelled.</param>
/// <param name="Warning">For an Ok with something to say, else null.</param>
internal sealed record Verdict(SyncOutcome Outcome, Diagnosis? Diagnosis, string? Warning);
