using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Tui.Live;

/// <summary>One job that several agents have, each with its own host of it: put together as a proxy would tell it.</summary>
internal static class Merging
{
    /// <summary>The whole.</summary>
    /// <param name="parts">One at least; one with all hosts is the job itself.</param>
    public static JobView Of(IReadOnlyList<KnownJob> parts)
    {
        var first = parts[0].View;
        if (parts is [{ Host: null }])
        {
            return first;
        }

        var summary = Summary([.. parts.Select(part => part.View.Summary)]);
        return first with
        {
            Hosts = HostFold.Fold(parts.Select(part => part.Host ?? part.View.Hosts)),
            State = summary.State,
            Accepted = parts.Min(part => part.View.Accepted),
            Started = parts.Min(part => part.View.Started),
            Ended = parts.All(part => part.View.Ended is not null) ? parts.Max(part => part.View.Ended) : null,
            Spec = null, // each has the whole list of hosts in it, or its own alone
            Summary = summary,
        };
    }

    /// <summary>The hosts of all, added up. What has not ended anywhere has not ended.</summary>
    public static JobSummary Summary(IReadOnlyList<JobSummary> parts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (state, count) in parts.SelectMany(part => part.Counts))
        {
            counts[state] = counts.GetValueOrDefault(state) + count;
        }

        var open = parts.Where(part => !part.State.IsTerminal()).Select(part => part.State).ToList();
        var ended = parts.Select(part => part.State).ToList();
        return parts[0] with
        {
            State = open.Count == 0 ? (ended.Contains(JobState.Cancelled) ? JobState.Cancelled : ended.Contains(JobState.Stopped) ? JobState.Stopped : JobState.Done)
                : open.TrueForAll(state => state == JobState.Paused) ? JobState.Paused
                : JobState.Running,
            Hosts = (int)Sum(part => part.Hosts, int.MaxValue),
            Counts = counts,
            Batch = null,
            Batches = null,
            BytesDone = Sum(part => part.BytesDone),
            BytesTotal = parts.All(part => part.BytesTotal is not null) ? Sum(part => part.BytesTotal ?? 0) : null,
            BytesPerSecond = parts.Any(part => part.BytesPerSecond is not null) ? Sum(part => part.BytesPerSecond ?? 0) : null,
            EtaSeconds = parts.Max(part => part.EtaSeconds),
            Stalled = (int)Sum(part => part.Stalled, int.MaxValue),
            Slow = (int)Sum(part => part.Slow, int.MaxValue),
        };

        // An agent may say anything: what is too much is the most, rather than the end of the dashboard.
        long Sum(Func<JobSummary, long> number, long most = long.MaxValue) => parts.Aggregate(0L, (sum, part) => Math.Max(0, number(part)) is var more && more > most - sum ? most : sum + more);
    }
}
