namespace Deploy.Model.Jobs;

/// <summary>What a daemon tells of itself: <c>GET /v1/self</c>.</summary>
internal sealed record DaemonSelf
{
    /// <summary>What it calls itself.</summary>
    public required string Name { get; init; }

    /// <summary><c>agent</c> or <c>proxy</c>.</summary>
    public required string Daemon { get; init; }

    /// <summary>Of deploy.</summary>
    public required string Version { get; init; }

    /// <summary>The daemon's clock.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>When the daemon started, by the same clock; null from one that does not say.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>How long it has run, by a clock that nobody sets; null from one that does not say.</summary>
    public long? UptimeSeconds { get; init; }

    /// <summary>Whether the ids that it has taken outlast its restart; null from one that does not say. Where they do not, a job that it does not know may have run there before.</summary>
    public bool? IsKept { get; init; }

    /// <summary>From where the asker comes: an address.</summary>
    public string Peer { get; init; } = string.Empty;

    /// <summary>Whom it takes the asker for: the comment of a key, an API key's name.</summary>
    public string? Who { get; init; }

    /// <summary>The fingerprint of the asker's key; null for one without.</summary>
    public string? Key { get; init; }

    /// <summary>The orders that the asker may give, as words; <c>allow-delete</c> too, or <c>read</c> alone.</summary>
    public IReadOnlyList<string> May { get; init; } = [];

    /// <summary>The sync groups that the asker is limited to, as its line has them; null for all.</summary>
    public string? MayGroups { get; init; }

    /// <summary>The commands, likewise.</summary>
    public string? MayCommands { get; init; }

    /// <summary>The pin of its host key; null where it has none.</summary>
    public string? Pin { get; init; }

    /// <summary>The last record of its audit log, by which a cut tail shows; null where it keeps none.</summary>
    public AuditHead? Audit { get; init; }

    /// <summary>The rsync that it runs; null where it runs none, and where it does not know.</summary>
    public RsyncFacts? Rsync { get; init; }

    /// <summary>What is in force on its host; null from one that does not say.</summary>
    public HealthFacts? Health { get; init; }
}

/// <summary>What is in force on a daemon's host, for <c>deploy doctor</c>.</summary>
/// <param name="User">Whose the daemon is: a name, else a number.</param>
/// <param name="IsRoot">Whether that is root.</param>
/// <param name="Legacy">From where orders of the original's wire are taken: <c>off</c>, <c>loopback</c> or <c>network</c>.</param>
/// <param name="UnsignedLoopback">Whether programs of its host may order without a signature.</param>
internal sealed record HealthFacts(string User, bool IsRoot, string Legacy, bool UnsignedLoopback)
{
    /// <summary>How rsync and its targets are confined, a line each; empty for a proxy.</summary>
    public IReadOnlyList<ConfinementFact> Confinement { get; init; } = [];

    /// <summary>Bytes that are free where it keeps its state; null where it keeps none, and where it cannot tell.</summary>
    public long? StateFreeBytes { get; init; }
}

/// <summary>A part of what holds rsync.</summary>
/// <param name="What">Which: <c>targets</c>, <c>rsync</c>.</param>
/// <param name="How">One line.</param>
/// <param name="IsFull">Whether that is all that can be had.</param>
internal sealed record ConfinementFact(string What, string How, bool IsFull);

/// <summary>An rsync.</summary>
/// <param name="Version">As it says: <c>3.2.7</c>.</param>
/// <param name="Capabilities">As its --version lists them.</param>
internal sealed record RsyncFacts(string Version, IReadOnlyList<string> Capabilities);

/// <summary>A host group of a proxy: one of <c>GET /v1/groups</c>.</summary>
/// <param name="Name">As it is named behind <c>@</c>.</param>
/// <param name="Hosts">Folded.</param>
/// <param name="HostCount">How many.</param>
internal sealed record GroupFacts(string Name, string Hosts, int HostCount);

/// <summary>What a daemon knows of one host: one of <c>GET /v1/hosts</c>. Null is not known.</summary>
internal sealed record HostFacts
{
    public required string Name { get; init; }

    /// <summary>Where it is asked: address and port.</summary>
    public string? Address { get; init; }

    /// <summary><c>v1</c> or <c>legacy</c>.</summary>
    public required string Wire { get; init; }

    /// <summary>Whether the last contact reached it.</summary>
    public bool? Reachable { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset? LastContact { get; init; }

    /// <summary>Of deploy.</summary>
    public string? Version { get; init; }

    /// <summary>Version of the host's rsync; null where it has none, too.</summary>
    public string? Rsync { get; init; }

    /// <summary>Its clock less ours, seconds.</summary>
    public double? ClockSkewSeconds { get; init; }

    /// <summary>Why it is not spoken with though it is there: <see cref="Reasons.OtherKey"/>, <see cref="Reasons.Unauthenticated"/>; null where nothing of the kind is known.</summary>
    public string? KeyTrouble { get; init; }

    /// <summary>What runs there.</summary>
    public JobId? Running { get; init; }

    /// <summary>The last sync of each sync group, by name.</summary>
    public IReadOnlyDictionary<string, LastSync>? LastSyncs { get; init; }
}

/// <summary>How a sync ended last.</summary>
/// <param name="Job">Its job.</param>
/// <param name="State">Terminal.</param>
/// <param name="Ended">When.</param>
internal sealed record LastSync(JobId Job, HostState State, DateTimeOffset Ended);

/// <summary>The body of <c>POST /v1/leases/steal</c>.</summary>
/// <param name="What">The lease's; <see cref="Lease.What"/>.</param>
/// <param name="Reason">Why: goes into the log and to the holder.</param>
internal sealed record LeaseTheft(string What, string Reason);

/// <summary>Where a daemon's audit log ends, on disk: whoever keeps it can tell later whether records were cut off behind.</summary>
/// <param name="Seq">The number of the last record; 0 where there is none.</param>
/// <param name="Sha256">SHA-256 of its line, line break included: 64 lower-case hexadecimal digits.</param>
internal sealed record AuditHead(long Seq, string Sha256);

/// <summary>A record of a daemon's audit log, as <c>GET /v1/audit</c> tells it: what was asked of it, by whom, and what it was told. Every text may hold anything that was sent.</summary>
internal sealed record AuditRecord
{
    /// <summary>Its number in the log.</summary>
    public required long Seq { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The order's word, or what was asked of a job: <c>rsync</c>, <c>cancel</c>.</summary>
    public required string What { get; init; }

    /// <summary>The group, the command, origin and target, the lease; null where there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>Folded, perhaps cut; null where none are named.</summary>
    public string? Hosts { get; init; }

    public JobId? Job { get; init; }

    /// <summary>Whom it was taken to come from: a key's comment, an API key's name; null for nobody known.</summary>
    public string? Who { get; init; }

    /// <summary>The fingerprint of the key.</summary>
    public string? Key { get; init; }

    /// <summary>Address and port of who asked.</summary>
    public string? Peer { get; init; }

    /// <summary>Why it was refused; null where it was accepted.</summary>
    public string? Refusal { get; init; }

    /// <summary>What the asker said of it.</summary>
    public string? Reason { get; init; }
}
