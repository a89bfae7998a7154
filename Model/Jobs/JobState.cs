namespace Deploy.Model.Jobs;

/// <summary>Where a job as a whole stands; where its hosts stand is <see cref="HostState"/>.</summary>
/// <remarks>
/// <code>
/// accepted -> running &lt;-> paused -> done        (every host had its turn)
///                                  | stopped     (the rollout stopped: a budget, a deadline, or nobody to go on with)
///                                  | cancelled   (somebody asked)
/// </code>
/// In a terminal state every host is in one too, and stays there. A host that may have started and does not answer keeps its job running while it is asked again; it ends as
/// <see cref="HostState.Unknown"/> when that time is over. While a job that was stopped or cancelled waits for hosts that run, it is running still, and its reason says so.
/// </remarks>
internal enum JobState
{
    Accepted,
    Running,
    Paused,
    Done,
    Stopped,
    Cancelled,
}

/// <summary>Words and arrows of <see cref="JobState"/>.</summary>
internal static class JobStates
{
    /// <summary>The state's word: lower case, as in JSON and tables.</summary>
    public static string Word(this JobState state) => state switch
    {
        JobState.Accepted => "accepted",
        JobState.Running => "running",
        JobState.Paused => "paused",
        JobState.Done => "done",
        JobState.Stopped => "stopped",
        JobState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>True for exactly one of the words, in lower case.</summary>
    public static bool TryParse(string word, out JobState state)
    {
        foreach (var candidate in Enum.GetValues<JobState>())
        {
            if (candidate.Word() == word)
            {
                state = candidate;
                return true;
            }
        }

        state = default;
        return false;
    }

    /// <summary>True where a job stays.</summary>
    public static bool IsTerminal(this JobState state) => state >= JobState.Done;

    /// <summary>True where the diagram has an arrow from here to there.</summary>
    public static bool MayBecome(this JobState from, JobState to) => from switch
    {
        JobState.Accepted => to is JobState.Running or JobState.Stopped or JobState.Cancelled,
        JobState.Running => to is JobState.Paused or JobState.Done or JobState.Stopped or JobState.Cancelled,
        JobState.Paused => to is JobState.Running or JobState.Done or JobState.Stopped or JobState.Cancelled,
        _ => false,
    };
}
