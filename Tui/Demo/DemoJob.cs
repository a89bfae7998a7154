using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>One made-up job: where its hosts stand, added up as they move.</summary>
internal sealed class DemoJob
{
    private readonly Dictionary<string, int> places;
    private readonly int[] counts = new int[Enum.GetValues<HostState>().Length];
    private readonly Dictionary<string, ShapeContent> contents = [];
    private readonly long[] planned;
    private readonly long[] done;
    private readonly Dictionary<string, string> digests = new(HostName.Comparer);
    private double rate;
    private int stalled;
    private long totalBytes;
    private long doneBytes;

    /// <param name="spec">Its document.</param>
    /// <param name="hosts">Its hosts, in the order of the list.</param>
    /// <param name="accepted">When it was taken.</param>
    public DemoJob(JobSpec spec, IReadOnlyList<DemoHost> hosts, DateTimeOffset accepted)
    {
        (Spec, Hosts, Accepted) = (spec, hosts, accepted);
        Standings = [.. hosts.Select(host => new HostStanding { Host = host.Name, State = HostState.Queued, Rev = 1 })];
        places = hosts.Select((host, place) => (host.Name, place)).ToDictionary(host => host.Name, host => host.place, HostName.Comparer);
        (planned, done) = (new long[hosts.Count], new long[hosts.Count]);
        counts[(int)HostState.Queued] = hosts.Count;
        foreach (var (digest, folded) in spec.Plan ?? new Dictionary<string, string>())
        {
            foreach (string host in FrozenHosts.TryParse(folded, out var frozen, out _) ? frozen.Expand() : [])
            {
                digests[host] = digest;
            }
        }
    }

    public JobSpec Spec { get; }

    public IReadOnlyList<DemoHost> Hosts { get; }

    /// <summary>In the order of the hosts.</summary>
    public HostStanding[] Standings { get; }

    public JobState State { get; set; } = JobState.Accepted;

    public string? Reason { get; set; }

    public string? Peer { get; init; }

    public DateTimeOffset Accepted { get; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    /// <summary>The batch that runs, and how many there are; null where there is no rollout.</summary>
    public (int Now, int Of)? Batch { get; set; }

    /// <summary>Hosts that run and are much behind the others.</summary>
    public int Slow { get; set; }

    public JobId Id => Spec.Id;

    public bool IsPlan => Spec.Keep == true;

    /// <summary>How many hosts stand in a state.</summary>
    public int Count(HostState state) => counts[(int)state];

    /// <summary>How many have ended.</summary>
    public int EndedCount => Hosts.Count - Count(HostState.Queued) - Count(HostState.Connecting) - Count(HostState.Running);

    /// <summary>Null for a host that is not its own.</summary>
    public int? PlaceOf(string host) => places.TryGetValue(host, out int place) ? place : null;

    /// <summary>The shape that the plan of this job has for a host; null where there is no plan, or none for it.</summary>
    public string? Planned(string host) => digests.GetValueOrDefault(host);

    /// <summary>Says what a host will transfer, bytes.</summary>
    public void Plan(int place, long bytes)
    {
        totalBytes += bytes - planned[place];
        planned[place] = bytes;
    }

    /// <summary>Moves a host: the standing with the next number, told by the caller. One that has ended stays.</summary>
    public HostStanding Set(int place, HostStanding standing, ShapeContent? content = null)
    {
        var before = Standings[place];
        if (before.State.IsTerminal())
        {
            throw new InvalidOperationException($"{before.Host} of job {Id} has ended: {before.State}");
        }

        standing = standing with { Rev = before.Rev + 1 };
        counts[(int)before.State]--;
        counts[(int)standing.State]++;
        rate += (standing.Progress?.BytesPerSecond ?? 0) - (before.Progress?.BytesPerSecond ?? 0);
        stalled += (standing.Progress?.StalledSeconds is null ? 0 : 1) - (before.Progress?.StalledSeconds is null ? 0 : 1);
        long bytes = standing.State == HostState.Ok && Spec.Order == Order.Rsync ? planned[place] : standing.Progress?.BytesDone ?? done[place];
        doneBytes += bytes - done[place];
        done[place] = bytes;
        if (standing.State.IsTerminal())
        {
            Plan(place, bytes); // what is not transferred any more is no part of the whole
        }

        if (content is not null)
        {
            contents[content.Digest()] = content;
        }

        Standings[place] = standing;
        return standing;
    }

    /// <summary>Its hosts, added up.</summary>
    public JobSummary Summary()
    {
        bool moves = Spec.Order == Order.Rsync && totalBytes > 0;
        long left = totalBytes - doneBytes;
        return new JobSummary
        {
            State = State,
            Hosts = Hosts.Count,
            Counts = Enum.GetValues<HostState>().Where(state => Count(state) > 0).ToDictionary(state => state.Word(), Count),
            Batch = Batch?.Now,
            Batches = Batch?.Of,
            BytesDone = doneBytes,
            BytesTotal = moves ? totalBytes : null,
            BytesPerSecond = moves && !State.IsTerminal() ? (long)Math.Max(0, rate) : null,
            EtaSeconds = moves && State == JobState.Running && rate >= 1 ? (int)Math.Min(left / rate, 360_000) : null,
            Stalled = stalled,
            Slow = Slow,
        };
    }

    public JobView View() => new()
    {
        Id = Id,
        Order = Spec.Order,
        What = Spec.What,
        Hosts = Spec.Hosts,
        State = State,
        Reason = Reason,
        IsPlan = IsPlan,
        By = Spec.By,
        Peer = Peer,
        Why = Spec.Reason,
        Accepted = Accepted,
        NotAfter = Spec.NotAfter,
        Started = Started,
        Ended = Ended,
        Rollout = Spec.Rollout,
        Spec = Spec,
        Summary = Summary(),
    };

    /// <summary>The hosts by equal content, the largest first.</summary>
    public IReadOnlyList<Shape> Shapes() =>
    [
        .. Standings.Where(standing => standing.Shape is not null).GroupBy(standing => standing.Shape!).Select(shape => new Shape
        {
            Digest = shape.Key,
            Kind = Content(shape.Key)!.Kind,
            Hosts = HostFold.Fold(shape.Select(standing => standing.Host)),
            HostCount = shape.Count(),
            Totals = Content(shape.Key)!.Kind == ShapeKind.Changes ? shape.First().Totals : null,
            ExitCode = Content(shape.Key)!.Kind == ShapeKind.Output ? shape.First().ExitCode : null,
        }).OrderByDescending(shape => shape.HostCount).ThenBy(shape => shape.Digest, StringComparer.Ordinal),
    ];

    /// <summary>Null for a digest that is none of its shapes.</summary>
    public ShapeContent? Content(string digest) => contents.GetValueOrDefault(digest);
}
