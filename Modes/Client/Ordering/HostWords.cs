namespace Deploy.Modes.Client.Ordering;

/// <summary>Which hosts, in the words of the command line; null where it says nothing.</summary>
internal sealed record HostWords
{
    /// <summary>--hosts.</summary>
    public string? Hosts { get; init; }

    /// <summary>--group.</summary>
    public string? Group { get; init; }

    /// <summary>--limit.</summary>
    public string? Limit { get; init; }

    /// <summary>--pick.</summary>
    public int? Pick { get; init; }

    /// <summary>--seed.</summary>
    public int? Seed { get; init; }

    /// <summary>True where no host is named.</summary>
    public bool NamesNone => Hosts is null && Group is null;
}
