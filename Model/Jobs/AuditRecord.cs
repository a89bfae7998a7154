namespace Deploy.Model.Jobs;

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
