namespace Deploy.Jobs.Syncs;

/// <summary>A sync group: a named origin, target and options.</summary>
internal sealed record SyncGroup
{
    /// <summary>What the original has where a group says nothing.</summary>
    public static readonly SyncGroup Plain = new() { Name = string.Empty, Origin = string.Empty, Target = string.Empty };

    public required string Name { get; init; }

    /// <summary>What is read; empty means the group lacks one, and an order for it is refused.</summary>
    public required string Origin { get; init; }

    /// <summary>The directory that is written; empty means the group lacks one, and an order for it is refused.</summary>
    public required string Target { get; init; }

    /// <summary>The rsync binary. // original: Agent.pm, /usr/bin/rsync</summary>
    public string Rsync { get; init; } = "/usr/bin/rsync";

    /// <summary>The remote shell as one string, or null.</summary>
    public string? Rsh { get; init; }

    /// <summary>Words of the group's options; null when it has none, which means <c>--archive --delete --force</c>.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    public IReadOnlyList<string> Excludes { get; init; } = [];

    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Leave out links of the origin that lead outside its tree. // original: off</summary>
    public bool SafeLinks { get; init; }

    /// <summary>Write device files and other special files. // original: on</summary>
    public bool Devices { get; init; } = true;

    /// <summary>Put what was transferred into place at the end, all at once. // original: off</summary>
    public bool DelayUpdates { get; init; }

    /// <summary>The file with the password for the origin's rsync daemon, or null.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Longest time that a sync may run; null is without limit. // original: none</summary>
    public TimeSpan? HostTimeout { get; init; }

    /// <summary>The command that says whether the host is well after a sync of a rollout, or null.</summary>
    public string? HealthCheck { get; init; }

    /// <summary>What must be there before a sync may write.</summary>
    public TargetPresence Presence { get; init; } = TargetPresence.NotAsked;

    /// <summary>Limits on what a sync may delete.</summary>
    public DeleteLimits DeleteLimits { get; init; } = DeleteLimits.None;

    /// <summary>Why a sync may not write now, and what to do about it, one line; null where it may.</summary>
    /// <param name="target">The target directory.</param>
    public string? Hindrance(string target) =>
        Presence.Missing(target) ?? (DeleteLimits.Protect.Count > 0 || Presence.Marker is not null ? RuleFiles.Clearing(Options ?? []) : null);

    /// <summary>True where something guards the target that an order with an origin of its own would not have.</summary>
    public bool HasLimits => DeleteLimits.HasNumbers || DeleteLimits.Protect.Count > 0 || Presence != TargetPresence.NotAsked;
}

/// <summary>Limits on what one sync may delete; null is without limit.</summary>
/// <param name="MaxDelete">Entries, directories included.</param>
/// <param name="MaxDeletePercent">Percent of the target's entries.</param>
/// <param name="Protect">Patterns of rsync: what they match at the target is never deleted.</param>
internal sealed record DeleteLimits(int? MaxDelete, int? MaxDeletePercent, IReadOnlyList<string> Protect)
{
    /// <summary>As the original: whatever the origin lacks goes, unless that is empty.</summary>
    public static readonly DeleteLimits None = new(null, null, []);

    /// <summary>A dry run counts before anything is deleted. False, which numbers do not go with: the top of the origin is looked at, and what goes is not bounded.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>A number is set.</summary>
    public bool HasNumbers => MaxDelete is not null || MaxDeletePercent is not null;
}
