using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Screens.Rollout;

/// <summary>All hosts of a job, added up by who looks.</summary>
internal sealed record RolloutTally
{
    /// <summary>How many stand where, by the number of the state.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>How long hosts that ended well took: half of them no longer. Null where there is none.</summary>
    public TimeSpan? Half { get; init; }

    /// <summary>95 of 100 of them no longer.</summary>
    public TimeSpan? Most { get; init; }

    /// <summary>The running host with the lowest rate; where none runs the one that took longest. Null for none.</summary>
    public string? Slowest { get; init; }

    /// <summary>Running hosts whose rate is known.</summary>
    public int Rates { get; init; }

    /// <summary>Of these, bytes a second.</summary>
    public long MedianRate { get; init; }

    /// <summary>Columns of the longest name, 255 at most.</summary>
    public int LongestName { get; init; }

    /// <summary>What went wrong, by equal reason; the most hosts first.</summary>
    public required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>One pass over the hosts.</summary>
    public static RolloutTally Of(IReadOnlyList<HostStanding> hosts)
    {
        int[] counts = new int[Enum.GetValues<HostState>().Length];
        var (times, rates) = (new List<TimeSpan>(), new List<long>());
        var failures = new Dictionary<(HostState, int?, string?), (HostStanding First, int Count)>();
        int longest = 0;
        HostStanding? slow = null, late = null;
        foreach (var host in hosts)
        {
            counts[(int)host.State]++;
            longest = Math.Max(longest, Math.Min(255, host.Host.Length));
            if (host.State.IsGood() && host.Ended - host.Started is { } time)
            {
                times.Add(time);
                late = late is null || time > late.Ended - late.Started ? host : late;
            }
            else if (host.State == HostState.Running && host.Progress?.BytesPerSecond is { } rate)
            {
                rates.Add(rate);
                slow = slow is null || rate < slow.Progress!.BytesPerSecond ? host : slow;
            }
            else if (host.State.IsTerminal() && !host.State.IsGood())
            {
                var key = (host.State, host.ExitCode, host.Reason);
                failures[key] = failures.TryGetValue(key, out var same) ? (same.First, same.Count + 1) : (host, 1);
            }
        }

        times.Sort();
        rates.Sort();
        return new RolloutTally
        {
            Counts = counts,
            Half = times.Count > 0 ? times[(times.Count - 1) / 2] : null,
            Most = times.Count > 0 ? times[(int)Math.Ceiling(times.Count * 0.95) - 1] : null,
            Slowest = (rates.Count > 1 ? slow : rates.Count == 0 && times.Count > 1 ? late : null)?.Host,
            Rates = rates.Count,
            MedianRate = rates.Count > 0 ? rates[rates.Count / 2] : 0,
            LongestName = longest,
            Failures = [.. failures.Values.OrderByDescending(same => same.Count).ThenBy(same => same.First.State).Select(same => new Failure(same.First, same.Count))],
        };
    }
}

/// <summary>Hosts that ended badly in one and the same way.</summary>
/// <param name="Example">One of them.</param>
/// <param name="Count">How many.</param>
internal sealed record Failure(HostStanding Example, int Count)
{
    /// <summary>What happened: <c>rc=23 permission denied</c>. The reason's first part: what stands behind it is the next step.</summary>
    public string What
    {
        get
        {
            string head = Example.ExitCode is { } code and not 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rc={code}") : Example.State.Word();
            string why = Parts.Why;
            return why.Length == 0 || why.Equals(head, StringComparison.OrdinalIgnoreCase) ? head : $"{head} {why}";
        }
    }

    /// <summary>The next step, or what the state means.</summary>
    public string Hint => Parts.Next is { Length: > 0 } next ? next : Example.State switch
    {
        HostState.Unreachable => "never started, safe to retry",
        HostState.Unknown => "may have started, look before you retry",
        HostState.Skipped => "never started: the rollout stopped first",
        HostState.Refused when Example.Cause == Reasons.Guard => "the delete guard: nothing was touched",
        HostState.Refused when Example.Cause == Reasons.PlanDrift => "changed since the plan: plan again",
        HostState.Cancelled => "stopped on purpose",
        _ => string.Empty,
    };

    private (string Why, string Next) Parts
    {
        get
        {
            string reason = Example.Reason is { Length: > 2000 } long_ ? long_[..2000] : Example.Reason ?? string.Empty;
            int end = reason.IndexOf("; ", StringComparison.Ordinal);
            end = end < 0 ? reason.IndexOf(": ", StringComparison.Ordinal) : end;
            return end < 0 ? (reason, string.Empty) : (reason[..end], reason[(end + 2)..]);
        }
    }
}
