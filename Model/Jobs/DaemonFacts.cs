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

    /// <summary>Whom it takes the asker for; until the secure mode, an address.</summary>
    public string Peer { get; init; } = string.Empty;

    /// <summary>The orders that the asker may give, as words.</summary>
    public IReadOnlyList<string> May { get; init; } = [];

    /// <summary>The rsync that it runs; null where it runs none, and where it does not know.</summary>
    public RsyncFacts? Rsync { get; init; }
}

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

    /// <summary>Its clock less ours, seconds.</summary>
    public double? ClockSkewSeconds { get; init; }

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
