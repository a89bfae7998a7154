namespace Deploy.Model.Jobs;

/// <summary>One line of an event stream. A consumer resumes behind <see cref="Seq"/> of the same <see cref="Epoch"/>.</summary>
internal sealed record JobEvent
{
    /// <summary>
    /// Grows within one epoch; what was read up to it need not be told again. <c>hello</c> and <c>bookmark</c> carry the number that is reached; it is 0 for a fresh reader, and behind a
    /// <c>gap</c>, until every host was told as it stands: a <c>bookmark</c> says so then.
    /// </summary>
    public required long Seq { get; init; }

    /// <summary>Changes where numbers start again: an event stream of another epoch cannot be resumed.</summary>
    public required string Epoch { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required EventType Type { get; init; }

    public JobId? Job { get; init; }

    public string? Host { get; init; }

    /// <summary>Of host.state and host.progress.</summary>
    public HostStanding? Standing { get; init; }

    /// <summary>Of job.state, job.summary and end.</summary>
    public JobSummary? Summary { get; init; }

    /// <summary>Of job.state and end: why; null where the state says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>Of host.log.</summary>
    public LogLine? Log { get; init; }

    /// <summary>Of host.state, for a shape that is small: its content, so that nobody need fetch it.</summary>
    public ShapeContent? Content { get; init; }

    /// <summary>Of host.facts: what a proxy knows of the host now, whole.</summary>
    public HostFacts? Facts { get; init; }
}

/// <summary>The kinds of <see cref="JobEvent"/>.</summary>
internal enum EventType
{
    /// <summary>The first of every stream.</summary>
    Hello,

    /// <summary>Ten quiet seconds; or all was told as it stands.</summary>
    Bookmark,

    JobState,
    JobSummary,
    HostState,
    HostProgress,
    HostLog,

    /// <summary>What lay between is not known any more: GET is the truth.</summary>
    Gap,

    /// <summary>The last of a job's stream.</summary>
    End,

    /// <summary>What is known of a host has changed; of no job, and told to readers of all.</summary>
    HostFacts,
}

/// <summary>What rsync or a command printed.</summary>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">UTF-8 as it came, what is none replaced; one line without its end, or a piece of a long one.</param>
internal sealed record LogLine(string Stream, string Text);
