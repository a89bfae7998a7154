namespace Deploy.Model.Jobs;

/// <summary>Which jobs to list; null asks for all. Newest first.</summary>
internal sealed record JobQuery
{
    public JobState? State { get; init; }

    public Order? Order { get; init; }

    /// <summary>A host of the job.</summary>
    public string? Host { get; init; }

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>From the page before; null is the first.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Some of a list, and where it goes on.</summary>
/// <param name="Items">In order.</param>
/// <param name="Cursor">For the next page; null where this is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Cursor = null);

/// <summary>What may be asked of a job that is there.</summary>
internal enum JobAct
{
    Cancel,
    Pause,
    Resume,
}

/// <summary>Who asks, as far as it is known.</summary>
/// <param name="Peer">Address and port.</param>
/// <param name="By">As the asker says; null where nobody does.</param>
/// <param name="AsHost">Which host of the job's list the daemon that is asked is meant to be; null where it does all of them, or is to find its own name.</param>
internal sealed record Asker(string Peer, string? By, string? AsHost = null)
{
    /// <summary>The signature by which it was asked, to go on unchanged; null for none.</summary>
    public RequestProof? Proof { get; init; }

    /// <summary>When that was signed; null where it is not.</summary>
    public DateTimeOffset? Signed { get; init; }

    /// <summary>The key by which the asker is known; null for whoever needs none.</summary>
    public string? Key { get; init; }

    /// <summary>Why the asker may not give an order, and so may not act on its job; null for whoever may give every one.</summary>
    public Func<JobSpec, Problem?>? Refusal { get; init; }

    /// <summary>The host groups that the asker is limited to; null for all hosts.</summary>
    public IReadOnlyList<string>? HostGroups { get; init; }
}

/// <summary>What came of handing in a job.</summary>
internal abstract record Submission
{
    private Submission()
    {
    }

    /// <param name="Job">As it stands.</param>
    /// <param name="IsNew">False: it was there already, with the same content.</param>
    internal sealed record Taken(JobView Job, bool IsNew) : Submission;

    internal sealed record Refused(Problem Problem) : Submission;
}
