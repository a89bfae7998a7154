using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Demo;

/// <summary>The made-up fleet as it goes on: hosts, jobs, what is still to come, and what is to be told of it. By one thread; time is what the caller says.</summary>
internal sealed partial class DemoWorld
{
    /// <summary>What the fleet is called.</summary>
    public const string Name = "demo";

    /// <summary>Events of one message, at most.</summary>
    private const int MostEvents = 500;

    private static readonly TimeSpan ContactInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a host is heard of while nothing runs there.</summary>
    private const int SecondsBetweenContacts = 15;

    /// <summary>How long a host that comes and goes keeps silent: longer than makes it suspect (30 s), shorter than makes it down (5 min).</summary>
    private static readonly TimeSpan SuspectSilence = TimeSpan.FromSeconds(140);

    private static readonly TimeSpan HeartBeat = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Turn)> coming = new();
    private readonly List<JobEvent> events = [];
    private readonly List<Message> messages = [];
    private readonly HashSet<DemoHost> changed = [];
    private readonly Dictionary<JobId, DemoJob> byId = [];
    private readonly List<DemoJob> jobs = []; // oldest first
    private readonly Dictionary<JobId, DemoRun> runs = [];
    private readonly string epoch;
    private long turn;
    private long seq;
    private int contacted;

    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="hosts">How many.</param>
    /// <param name="now">When it begins: there is a past, and a rollout is under way.</param>
    public DemoWorld(int seed, int hosts, DateTimeOffset now)
    {
        Chance = new DemoChance(seed);
        Now = now;
        Trees = new DemoTrees(Chance);
        Endings = new DemoEndings(Chance, Trees);
        Hosts = new DemoHosts(Chance, hosts, now);
        epoch = Chance.NextId(now).ToString();
        Audit = new DemoAudit(Chance);
        Now = now - DemoRollouts.Head;
        DemoHistory.Write(this, now);
        var rollouts = new DemoRollouts(this);
        rollouts.Begin();
        Advance(now);
        events.Clear();
        messages.Clear();
        changed.Clear();
        Schedule(ContactInterval, Contact);
        Schedule(HeartBeat, Beat);
    }

    public DateTimeOffset Now { get; private set; }

    public DemoChance Chance { get; }

    public DemoTrees Trees { get; }

    public DemoEndings Endings { get; }

    public DemoHosts Hosts { get; }

    public DemoAudit Audit { get; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DemoJob> Jobs => jobs;

    /// <summary>When the next thing happens.</summary>
    public DateTimeOffset Next => coming.TryPeek(out _, out var next) ? next.At : DateTimeOffset.MaxValue;

    /// <summary>What a reader is told first: who answers, all hosts, and the jobs that run as they stand.</summary>
    public IReadOnlyList<Message> Greeting()
    {
        Flush();
        messages.Clear(); // whoever comes now is told how it stands
        var running = jobs.Where(job => !job.State.IsTerminal()).ToList();
        var told = new List<JobEvent> { Event(EventType.Hello) };
        foreach (var job in running)
        {
            told.Add(Event(EventType.JobState) with { Job = job.Id, Summary = job.Summary(), Reason = job.Reason });
            told.AddRange(job.Standings.Select(standing => Event(EventType.HostState) with { Job = job.Id, Host = standing.Host, Standing = standing }));
        }

        told.Add(Event(EventType.Bookmark));
        return
        [
            new Message.Connected(Name, Self(), Latency()),
            new Message.GroupsTold(Hosts.Groups),
            new Message.HostsTold([.. Hosts.All.Select(host => host.Facts())], IsAll: true),
            new Message.JobsTold([.. running.Select(job => job.View())]),
            .. told.Chunk(MostEvents).Select(some => new Message.Happened(Name, some)),
        ];
    }

    /// <summary>Plays on to a moment, and gives what there is to tell, oldest first.</summary>
    public IReadOnlyList<Message> Advance(DateTimeOffset until)
    {
        while (Next <= until)
        {
            coming.TryDequeue(out var what, out var when);
            Now = when.At > Now ? when.At : Now;
            what!();
        }

        Now = until > Now ? until : Now;
        return Flush();
    }

    /// <summary>Does something later.</summary>
    public void Schedule(TimeSpan after, Action what) => coming.Enqueue(what, (Now + after, ++turn));

    /// <summary>Takes a job up, as it is; it is told by its run.</summary>
    public void Add(DemoJob job)
    {
        jobs.Add(job);
        byId.Add(job.Id, job);
    }

    /// <summary>Takes a job up and plays it.</summary>
    /// <param name="job">Accepted.</param>
    /// <param name="ended">Done at its end; null for nothing.</param>
    public DemoRun Run(DemoJob job, Action? ended = null)
    {
        Add(job);
        var run = runs[job.Id] = new DemoRun(this, job);
        run.Ended = () =>
        {
            runs.Remove(job.Id);
            ended?.Invoke();
        };
        run.Begin();
        return run;
    }

    /// <summary>Tells what happened to a job, or one of its hosts.</summary>
    public void Tell(EventType type, DemoJob job, HostStanding? standing = null, ShapeContent? content = null) => events.Add(Event(type) with
    {
        Seq = ++seq,
        Job = job.Id,
        Host = standing?.Host,
        Standing = standing,
        Summary = standing is null ? job.Summary() : null,
        Reason = type == EventType.JobState ? job.Reason : null,
        Content = content is { Bytes.Length: <= 8 * 1024 } ? content : null, // as a daemon does: what is larger is asked for
    });

    /// <summary>A host is not as it was told.</summary>
    public void Changed(DemoHost host) => changed.Add(host);

    private JobEvent Event(EventType type) => new() { Seq = seq, Epoch = epoch, Time = Now, Type = type };

    private List<Message> Flush()
    {
        if (events.Count > 0)
        {
            messages.AddRange(Newest(events).Chunk(MostEvents).Select(some => new Message.Happened(Name, some)));
            events.Clear();
        }

        var all = messages.ToList();
        messages.Clear();
        return all;
    }

    /// <summary>Without progress that newer events of the same host replace, as a daemon does for a slow reader.</summary>
    private static IEnumerable<JobEvent> Newest(List<JobEvent> told)
    {
        var last = new Dictionary<(JobId?, string), int>();
        for (int place = 0; place < told.Count; place++)
        {
            if (told[place].Host is { } host)
            {
                last[(told[place].Job, host)] = place;
            }
        }

        return [.. told.Where((one, place) => one.Type != EventType.HostProgress || last[(one.Job, one.Host!)] == place)];
    }

    /// <summary>Some hosts are heard of, and those that changed are told.</summary>
    private void Contact()
    {
        int some = Math.Max(1, Hosts.All.Count / SecondsBetweenContacts);
        for (int one = 0; one < some; one++)
        {
            var host = Hosts.All[contacted++ % Hosts.All.Count];
            if (!host.IsDown && (!host.IsSuspect || Now - host.LastContact > SuspectSilence))
            {
                host.LastContact = Now;
                changed.Add(host);
            }
        }

        messages.Add(new Message.HostsTold([.. changed.OrderBy(host => host.Place).Select(host => host.Facts())], IsAll: false));
        changed.Clear();
        Schedule(ContactInterval, Contact);
    }

    private void Beat()
    {
        messages.Add(new Message.Heard(Name, Latency()));
        Schedule(HeartBeat, Beat);
    }

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(36 + Chance.Below(6, $"latency {seq}"));

    private DaemonSelf Self() => new()
    {
        Name = Name,
        Daemon = "proxy",
        Version = "2.1.0",
        Time = Now,
        Started = Now - TimeSpan.FromDays(9),
        UptimeSeconds = 9 * 24 * 3600,
        IsKept = true,
        Peer = "127.0.0.1",
        Who = DemoAudit.You,
        Key = DemoAudit.KeyOf(Chance, DemoAudit.You),
        May = ["status", "rlist", "rsync", "rkill", "exec", "allow-delete"],
    };
}
