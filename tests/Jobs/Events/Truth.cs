using System.Collections.Concurrent;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Jobs.Events;

/// <summary>One job as its engine knows it, and events of it.</summary>
internal sealed class Truth(JobId id, int hosts)
{
    private readonly ConcurrentDictionary<string, HostStanding> standings =
        new(Enumerable.Range(1, hosts).Select(number => KeyValuePair.Create($"h{number}", new HostStanding { Host = $"h{number}", State = HostState.Queued })));

    private JobState state = JobState.Running;

    public JobId Id => id;

    public IReadOnlyDictionary<string, HostStanding> Standings => standings;

    public JobState State => state;

    public static JobEvent Event(EventType type, JobId job) => new() { Seq = -1, Epoch = "none", Time = default, Type = type, Job = job };

    public JobEvent Move(string host, HostState to, string? reason = null) =>
        Host(EventType.HostState, standings[host] = standings[host] with { State = to, Rev = standings[host].Rev + 1, Reason = reason, Progress = null });

    public JobEvent Progress(string host, long bytes) =>
        Host(EventType.HostProgress, standings[host] = standings[host] with { Rev = standings[host].Rev + 1, Progress = new HostProgress { BytesDone = bytes, FilesDone = 1 } });

    public JobEvent Line(string text) => Event(EventType.HostLog, id) with { Host = "h1", Log = new LogLine("stdout", text) };

    public JobEvent Summary(long bytes = 0) => Event(EventType.JobSummary, id) with { Summary = Sum(bytes) };

    public JobEvent Move(JobState to)
    {
        state = to;
        return Event(EventType.JobState, id) with { Summary = Sum(0) };
    }

    public JobEvent End() => Event(EventType.End, id) with { Summary = Sum(0) };

    /// <summary>The whole as it stands.</summary>
    public IEnumerable<JobEvent> Whole() => standings.Values.Select(standing => Host(EventType.HostState, standing)).Append(Event(EventType.JobState, id) with { Summary = Sum(0) });

    private JobEvent Host(EventType type, HostStanding standing) => Event(type, id) with { Host = standing.Host, Standing = standing };

    private JobSummary Sum(long bytes) => new() { State = state, Hosts = hosts, Counts = new Dictionary<string, int>(), BytesDone = bytes };
}

/// <summary>What a reader makes of the events: the newest of each host by its rev.</summary>
internal sealed class Picture
{
    public Dictionary<(JobId Job, string Host), HostStanding> Hosts { get; } = [];

    public Dictionary<JobId, JobState> Jobs { get; } = [];

    public long Seq { get; private set; }

    public bool HasEnded { get; private set; }

    public Picture Copy()
    {
        var copy = new Picture { Seq = Seq };
        foreach (var (key, value) in Hosts)
        {
            copy.Hosts.Add(key, value);
        }

        foreach (var (key, value) in Jobs)
        {
            copy.Jobs.Add(key, value);
        }

        return copy;
    }

    public void Take(JobEvent what)
    {
        Xunit.Assert.True(what.Seq == 0 || what.Seq >= Seq, "numbers grow");
        Seq = what.Seq;
        HasEnded |= what.Type == EventType.End;
        if (what.Standing is { } standing && (!Hosts.TryGetValue((what.Job!.Value, standing.Host), out var old) || standing.Rev >= old.Rev))
        {
            Hosts[(what.Job.Value, standing.Host)] = standing;
        }

        if (what.Summary is { } summary)
        {
            Jobs[what.Job!.Value] = summary.State;
        }
    }

    public void Holds(Truth truth)
    {
        foreach (var (host, standing) in truth.Standings)
        {
            Xunit.Assert.Equal(standing, Hosts[(truth.Id, host)]);
        }

        Xunit.Assert.Equal(truth.State, Jobs[truth.Id]);
    }
}
