using Deploy.Model.Jobs;

namespace Deploy.Rsync;

/// <summary>What an exit of rsync means for a host; <c>docs/rsync.md</c> has the table.</summary>
internal enum SyncOutcome
{
    /// <summary>Everything is as the origin has it.</summary>
    Ok,

    /// <summary>Some files were not transferred, or deletions were stopped.</summary>
    Partial,

    /// <summary>It failed; <see cref="SyncResult.Diagnosis"/> says why.</summary>
    Failed,

    /// <summary>We stopped it.</summary>
    Cancelled,
}

/// <summary>The kind of thing that went wrong, which decides whether trying again can help.</summary>
internal enum Fault
{
    Configuration,
    Network,
    Disk,
    Crash,

    /// <summary>The origin's <c>max connections</c> is reached: wait and try again.</summary>
    OriginBusy,

    /// <summary>Files that could not be read or written, or vanished.</summary>
    Files,
}

/// <summary>Why it went wrong, for a person: what (names the thing), and the next step.</summary>
/// <param name="Fault">The kind.</param>
/// <param name="What">One line, e.g. <c>origin 10.0.0.9 refused the connection (port 873)</c>.</param>
/// <param name="NextStep">One line, e.g. <c>check that rsyncd runs there: rsync rsync://10.0.0.9/</c>.</param>
internal sealed record Diagnosis(Fault Fault, string What, string NextStep);

/// <summary>What one run of rsync came to.</summary>
internal sealed record SyncResult
{
    /// <summary>rsync's exit code; null when a signal ended it or it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal { get; init; }

    public required SyncOutcome Outcome { get; init; }

    /// <summary>A warning on an Ok (vanished files, ignored options), or null.</summary>
    public string? Warning { get; init; }

    /// <summary>What went wrong; null when <see cref="Outcome"/> is Ok or Cancelled.</summary>
    public Diagnosis? Diagnosis { get; init; }

    public SyncCounts Counts { get; init; } = new();

    /// <summary>Names of what is new or changed, in rsync's order, links as <c>a -> b</c> and <c>a => b</c>, with <c>created directory X</c>; empty unless <see cref="SyncCall.KeepNames"/>.</summary>
    public IReadOnlyCollection<RsyncName> NewNames { get; init; } = [];

    /// <summary>Names of deleted entries, directories left out; empty unless <see cref="SyncCall.KeepNames"/>.</summary>
    public IReadOnlyCollection<RsyncName> DeletedNames { get; init; } = [];

    /// <summary>The origin's list came, and holds directories alone, or nothing.</summary>
    public bool IsOriginEmpty { get; init; }

    /// <summary>A <c>--max-delete</c> stopped deletions.</summary>
    public bool DeletionsStopped { get; init; }

    /// <summary>What changed, or would; null unless <see cref="SyncCall.Changes"/> asks for it, and where rsync did not run.</summary>
    public Changes.ChangeSet? Changes { get; init; }

    /// <summary><see cref="Said"/> as lines, stderr first.</summary>
    public IReadOnlyList<LogLine> Log { get; init; } = [];

    /// <summary>What rsync said on stderr and the stdout lines that are no change and no statistic, bounded to 64 KiB, in ByteText.</summary>
    public string Said { get; init; } = string.Empty;
}

/// <summary>Numbers of one run. Deletions are counted from the lines, the rest from rsync's statistics where they came.</summary>
internal sealed record SyncCounts
{
    /// <summary>Deleted entries, directories included.</summary>
    public long Deletions { get; init; }

    /// <summary>Regular files transferred (in a dry run: that would be).</summary>
    public long FilesTransferred { get; init; }

    /// <summary>Total size of the files transferred, bytes.</summary>
    public long BytesTransferred { get; init; }

    /// <summary>Lines that report a change other than a deletion, attributes and directories included.</summary>
    public long ChangeLines { get; init; }

    /// <summary>Number of files in the origin's list; null when rsync printed no statistics.</summary>
    public long? FilesListed { get; init; }

    /// <summary>Symlinks that --safe-links skipped.</summary>
    public long SkippedLinks { get; init; }
}
