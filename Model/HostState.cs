namespace Deploy.Model;

/// <summary>Where one host of a job stands. Every host ends in exactly one of the terminal states, and silence is one of them.</summary>
/// <remarks>
/// <code>
/// queued -> connecting -> running -> ok | unchanged | partial | failed | refused | timeout | cancelled
///    |           |---------------> unreachable     (never started: safe to try again)
///    |           |---------------> refused         (the agent said no)
///    |           '---------'-----> unknown         (may have started)
///    |---------------------------> cancelled
///    '---------------------------> skipped         (the rollout stopped first)
/// </code>
/// </remarks>
internal enum HostState
{
    Queued,
    Connecting,
    Running,
    Ok,
    Unchanged,
    Partial,
    Failed,
    Refused,
    Timeout,
    Cancelled,
    Unreachable,
    Unknown,
    Skipped,
}

/// <summary>Words and arrows of <see cref="HostState"/>.</summary>
internal static class HostStates
{
    /// <summary>The state's word: lower case, as in JSON and tables.</summary>
    public static string Word(this HostState state) => state switch
    {
        HostState.Queued => "queued",
        HostState.Connecting => "connecting",
        HostState.Running => "running",
        HostState.Ok => "ok",
        HostState.Unchanged => "unchanged",
        HostState.Partial => "partial",
        HostState.Failed => "failed",
        HostState.Refused => "refused",
        HostState.Timeout => "timeout",
        HostState.Cancelled => "cancelled",
        HostState.Unreachable => "unreachable",
        HostState.Unknown => "unknown",
        HostState.Skipped => "skipped",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>True for exactly one of the words, in lower case.</summary>
    public static bool TryParse(string word, out HostState state)
    {
        foreach (var candidate in Enum.GetValues<HostState>())
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

    /// <summary>True where a host stays.</summary>
    public static bool IsTerminal(this HostState state) => state >= HostState.Ok;

    /// <summary>True where the diagram has an arrow from here to there.</summary>
    public static bool MayBecome(this HostState from, HostState to) => from switch
    {
        HostState.Queued => to is HostState.Connecting or HostState.Cancelled or HostState.Skipped,
        HostState.Connecting => to is HostState.Running or HostState.Unreachable or HostState.Refused or HostState.Unknown or HostState.Cancelled,
        HostState.Running => to is HostState.Ok or HostState.Unchanged or HostState.Partial or HostState.Failed or HostState.Refused
            or HostState.Timeout or HostState.Cancelled or HostState.Unknown,
        _ => false,
    };

    /// <summary>True where the diagram has a way from here to there; the states between were passed without a word.</summary>
    public static bool MayReach(this HostState from, HostState to) =>
        from.MayBecome(to)
        || (from == HostState.Queued && (HostState.Connecting.MayBecome(to) || HostState.Running.MayBecome(to)))
        || (from == HostState.Connecting && HostState.Running.MayBecome(to));

    /// <summary>True for ok and unchanged alone.</summary>
    public static bool IsGood(this HostState state) => state is HostState.Ok or HostState.Unchanged;

    /// <summary>The bit that a terminal state sets in the client's exit code; 0 for a good one.</summary>
    public static int ExitBit(this HostState state) => state switch
    {
        HostState.Ok or HostState.Unchanged => ExitCodes.Ok,
        HostState.Unreachable or HostState.Unknown => ExitCodes.HostUnreachable,
        _ => ExitCodes.HostFailed,
    };
}
