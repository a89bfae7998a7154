namespace Deploy.Model.Jobs;

/// <summary>The right of one job to roll out a sync group on its hosts, alone.</summary>
internal sealed record Lease
{
    /// <summary>The sync group, or <c>origin target</c>.</summary>
    public required string What { get; init; }

    /// <summary>Its job.</summary>
    public required JobId Job { get; init; }

    /// <summary>The hosts, folded.</summary>
    public required string Hosts { get; init; }

    /// <summary>Who, as the asker said; null where nobody did.</summary>
    public string? Holder { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>When it falls to the next, unless its job goes on until then.</summary>
    public required DateTimeOffset Expires { get; init; }
}
