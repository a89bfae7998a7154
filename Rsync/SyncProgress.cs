namespace Deploy.Rsync;

/// <summary>Where a run stands: rsync's last progress record. Values are absolute.</summary>
internal sealed record SyncProgress
{
    /// <summary>Bytes transferred so far, all files together.</summary>
    public required long BytesDone { get; init; }

    /// <summary>rsync's percentage of all files it knows of so far, unchanged ones included: may end anywhere from 0 to 100. Null with rsync 3.0, which has it per file only.</summary>
    public required int? Percent { get; init; }

    /// <summary>Rate that rsync printed, bytes per second; null where it printed none.</summary>
    public required long? BytesPerSecond { get; init; }

    /// <summary>Files transferred so far.</summary>
    public required long FilesDone { get; init; }

    /// <summary>Entries of the list that were not looked at yet; null before the first file ended.</summary>
    public long? EntriesLeft { get; init; }

    /// <summary>Entries of the list so far; null before the first file ended.</summary>
    public long? EntriesKnown { get; init; }

    /// <summary>False while the list still grows (<c>ir-chk</c>), so that <see cref="EntriesKnown"/> is a lower bound.</summary>
    public bool ListComplete { get; init; }
}
