namespace Deploy.Model.Jobs;

/// <summary>Where one host of a job stands, whole: what GET tells and what an event carries. Absolute, never a difference.</summary>
internal sealed record HostStanding
{
    /// <summary>The host, as the job's list has it.</summary>
    public required string Host { get; init; }

    public required HostState State { get; init; }

    /// <summary>Grows with each change of this host in this job; a consumer drops what is not newer.</summary>
    public long Rev { get; init; }

    /// <summary>Why it stands there, and the next step; null where the state says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>A stable word for the reason of a state that programs tell apart, e.g. <c>plan-drift</c>, <c>guard</c>, <c>interrupted</c>; <see cref="Reasons"/>. Null for none.</summary>
    public string? Cause { get; init; }

    /// <summary>What the operator should hear though the host is well; null for none.</summary>
    public string? Warning { get; init; }

    /// <summary>What it waits for while it runs, e.g. the origin's free connection; null where it does not.</summary>
    public string? Waiting { get; init; }

    /// <summary>The batch of the rollout, the canary is 0; null where there is no rollout.</summary>
    public int? Batch { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it reached its terminal state.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Exit code of rsync or the command; null where none ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What was done, or by a plan or status would be; null for other orders, and before.</summary>
    public SyncTotals? Totals { get; init; }

    /// <summary>The last progress; null before, after the end, and where there is none.</summary>
    public HostProgress? Progress { get; init; }

    /// <summary>Digest of what it would change, or did, or of what the command printed and its exit code; null where there is none.</summary>
    public string? Shape { get; init; }
}

/// <summary>The words of <see cref="HostStanding.Cause"/>.</summary>
internal static class Reasons
{
    /// <summary>The dry run gives another change set than the plan has.</summary>
    public const string PlanDrift = "plan-drift";

    /// <summary>The delete guard.</summary>
    public const string Guard = "guard";

    /// <summary>The agent was restarted, or killed, while it ran.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Another sync writes there.</summary>
    public const string Busy = "busy";

    /// <summary>The health check after the sync.</summary>
    public const string HealthCheck = "health-check";

    /// <summary>What the agent sent breaks the protocol.</summary>
    public const string BadAnswer = "bad-answer";

    /// <summary>It does not know who asks: no signature, a key that it has not, clocks that are apart.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>It shows another host key than the one that is known: nothing was sent.</summary>
    public const string OtherKey = "other-key";

    /// <summary>The order's time to start was over.</summary>
    public const string TooLate = "too-late";
}

/// <summary>What a sync changes, in numbers.</summary>
internal sealed record SyncTotals
{
    /// <summary>Entries that are new.</summary>
    public long New { get; init; }

    /// <summary>Entries whose content changes.</summary>
    public long Changed { get; init; }

    /// <summary>Entries of which attributes alone change; directories that differ in time alone are left out.</summary>
    public long Attributes { get; init; }

    /// <summary>Entries that are deleted, directories included.</summary>
    public long Deleted { get; init; }

    /// <summary>Regular files whose content is transferred.</summary>
    public long Files { get; init; }

    /// <summary>Total size of these files, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Links of the origin that lead outside its tree and were left out.</summary>
    public long SkippedLinks { get; init; }
}

/// <summary>How far one host is.</summary>
internal sealed record HostProgress
{
    /// <summary>Bytes transferred so far.</summary>
    public required long BytesDone { get; init; }

    /// <summary>Bytes in all, by a dry run; null where none was made: then the end is not known.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>Files transferred so far.</summary>
    public required long FilesDone { get; init; }

    /// <summary>Files in all, by a dry run; null where none was made.</summary>
    public long? FilesTotal { get; init; }

    /// <summary>Bytes a second, over the last seconds; null before it is known.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Seconds since anything moved, where that is long; null where it moves.</summary>
    public int? StalledSeconds { get; init; }
}
