namespace Deploy.Jobs.Syncs;

/// <summary>A sync group: a named origin, target and options.</summary>
internal sealed record SyncGroup
{
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
}
