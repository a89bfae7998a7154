using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Output.Live;

/// <summary>
/// What is known of a job from its events: each host as it stood last, and all of them added up. Whoever tells may lie: a host that was not asked is not heard of, one of which no end is told is
/// unknown in the end, and so is one of which two are. Safe from any thread.
/// </summary>
internal sealed class JobPicture
{
    /// <summary>Bytes of small shapes that came with events and are kept, so that they need not be asked for. // ours: a thousand of the largest</summary>
    private const int MaxContentBytes = 8 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, HostStanding> hosts = new(HostName.Comparer);
    private readonly HashSet<string>? asked; // null: its list cannot be read, so that whoever is told of counts
    private readonly Dictionary<string, ShapeContent> contents = new(StringComparer.Ordinal);
    private int contentBytes;
    private string? epoch;
    private JobView job;

    /// <param name="job">As it stood when it was asked for first.</param>
    /// <param name="asked">The hosts of the order; null for those that the job names.</param>
    public JobPicture(JobView job, IEnumerable<string>? asked = null)
    {
        this.job = job;
        this.asked = (asked ?? (FrozenHosts.TryParse(job.Hosts, out var frozen, out _) ? frozen.Expand() : null))?.ToHashSet(HostName.Comparer);
    }

    /// <summary>The job, with the newest summary.</summary>
    public JobView Job
    {
        get
        {
            lock (gate)
            {
                return job;
            }
        }
    }

    /// <summary>The hosts that were told of, as they stand; in no order.</summary>
    public IReadOnlyList<HostStanding> Hosts
    {
        get
        {
            lock (gate)
            {
                return [.. hosts.Values];
            }
        }
    }

    /// <summary>The hosts added up: by the last summary, and the states counted here where every host was told of.</summary>
    public JobSummary Summary
    {
        get
        {
            lock (gate)
            {
                return hosts.Count < Count ? job.Summary : job.Summary with { Hosts = hosts.Count, Counts = Counted() };
            }
        }
    }

    /// <summary>True where every host was told of and has ended.</summary>
    public bool IsWhole
    {
        get
        {
            lock (gate)
            {
                return hosts.Count == Count && hosts.Values.All(host => host.State.IsTerminal());
            }
        }
    }

    /// <summary>How many hosts it has.</summary>
    private int Count => asked?.Count ?? job.Summary.Hosts;

    /// <summary>Takes an event over; what is not newer than what is known changes nothing.</summary>
    /// <returns>The host's standing where it is one that changed its state just now; else null.</returns>
    public HostStanding? Take(JobEvent what)
    {
        lock (gate)
        {
            if (what.Type == EventType.Hello && epoch != what.Epoch)
            {
                // Another life of the daemon: its numbers say nothing about those of before.
                epoch = what.Epoch;
                foreach (var (host, old) in hosts)
                {
                    hosts[host] = old with { Rev = long.MinValue };
                }
            }

            if (what.Summary is { } summary)
            {
                job = job with { Summary = summary, State = summary.State, Reason = what.Reason ?? job.Reason };
            }

            if (what.Content is { } content && what.Standing?.Shape is { } digest && contentBytes + content.Bytes.Length <= MaxContentBytes && contents.TryAdd(digest, content))
            {
                contentBytes += content.Bytes.Length;
            }

            return what.Standing is { } standing && TakeHost(standing) ? standing : null;
        }
    }

    /// <summary>Takes over what GET tells, which is the truth; of a job that has ended it is all that there is.</summary>
    public void Take(JobView view, IEnumerable<HostStanding> standings)
    {
        lock (gate)
        {
            job = view;
            foreach (var standing in standings)
            {
                Put(standing);
            }

            foreach (string host in (view.State.IsTerminal() ? asked ?? [] : []).Where(host => !hosts.TryGetValue(host, out var known) || !known.State.IsTerminal()).ToList())
            {
                hosts[host] = new HostStanding { Host = host, State = HostState.Unknown, Cause = Reasons.BadAnswer, Reason = "the job has ended, and how this host did was not told" };
            }
        }
    }

    /// <summary>A shape's content that came with an event, or null.</summary>
    public ShapeContent? Content(string digest)
    {
        lock (gate)
        {
            return contents.GetValueOrDefault(digest);
        }
    }

    /// <summary>True where the state is another one than before.</summary>
    private bool TakeHost(HostStanding standing) =>
        !(hosts.TryGetValue(standing.Host, out var known) && (standing.Rev < known.Rev || (standing.Rev == known.Rev && known.State.IsTerminal()))) && Put(standing);

    /// <summary>The same of what is not older. A terminal state stays: one that is told otherwise later was, or is, a lie.</summary>
    private bool Put(HostStanding standing)
    {
        if (asked?.Contains(standing.Host) == false)
        {
            return false;
        }

        var known = hosts.GetValueOrDefault(standing.Host);
        if (known is not null && known.State.IsTerminal() && known.State != standing.State)
        {
            standing = standing with { State = HostState.Unknown, Cause = Reasons.BadAnswer, Reason = $"it was told as {known.State.Word()}, and then as {standing.State.Word()}" };
        }

        hosts[standing.Host] = standing;
        return known?.State != standing.State;
    }

    private Dictionary<string, int> Counted()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var host in hosts.Values)
        {
            counts[host.State.Word()] = counts.GetValueOrDefault(host.State.Word()) + 1;
        }

        return counts;
    }
}
