namespace Deploy.Tui.State.Moments;

/// <summary>How well a daemon is reached.</summary>
internal enum Linked
{
    /// <summary>It was not reached yet.</summary>
    Connecting,
    Live,

    /// <summary>Its stream is silent for longer than <see cref="FleetHealth.Stale"/>, though nothing says that it is gone.</summary>
    Stale,
    Lost,
}

/// <summary>How <see cref="Linked"/> is told.</summary>
internal static class Links
{
    public static Linked Of(Link link, DateTimeOffset now) => link.Trouble is not null ? Linked.Lost
        : link.Heard is not { } heard ? Linked.Connecting
        : now - heard > FleetHealth.Stale ? Linked.Stale
        : Linked.Live;
}
