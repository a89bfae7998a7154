namespace Deploy.Jobs.Remote;

/// <summary>How patiently a host is asked.</summary>
internal sealed record RemoteSettings
{
    /// <summary>The wait for a stream's next byte: a bookmark comes every 10 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first wait before a host that was lost is asked again; it doubles.</summary>
    public TimeSpan FirstAgain { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest such wait.</summary>
    public TimeSpan MostAgain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a host that was lost is asked again, at most. // docs/jobs.md: one hour</summary>
    public TimeSpan AskingTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The least of it, where the order's time to start is over sooner.</summary>
    public TimeSpan LeastAskingTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a cancelled host has to say that it stopped: an agent takes 30 s at most to answer.</summary>
    public TimeSpan CancelTime { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a stream whose host has ended may take to end itself.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a stream that goes on is told as contact with its host.</summary>
    public TimeSpan HeardPace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that a stream may have at once, beside <see cref="StreamBytesPerSecond"/>: a command's output and more.</summary>
    public long StreamBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes a second that a stream may have over its whole time: a progress line is 400, once a second.</summary>
    public long StreamBytesPerSecond { get; init; } = 64 * 1024;
}
