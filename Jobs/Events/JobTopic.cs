using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <summary>What the hub holds of one job: the newest of each host and of the job itself. The hub's lock is held.</summary>
internal sealed class JobTopic
{
    private static readonly TimeSpan ProgressPace = TimeSpan.FromSeconds(1); // jobs.md: at most one a second and host
    private static readonly TimeSpan SummaryPace = TimeSpan.FromMilliseconds(250); // jobs.md: at most four a second

    private readonly Dictionary<string, Host> hosts = new(StringComparer.Ordinal);

    public JobTopic(JobId job)
    {
        Job = job;
        Summary = new Pace(this, SummaryPace);
    }

    public JobId Job { get; }

    public EventLog Log { get; } = new();

    /// <summary>Readers of this job alone.</summary>
    public int Readers { get; set; }

    /// <summary>True once the job's end was told.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The job's last state.</summary>
    public EventEntry? State { get; set; }

    public EventEntry? End { get; set; }

    public Pace Summary { get; }

    /// <summary>The newest lines that hosts printed, oldest first.</summary>
    public Queue<EventEntry> Lines { get; } = new();

    /// <summary>UTF-16 units in <see cref="Lines"/>.</summary>
    public int LinesSize { get; set; }

    /// <summary>Bytes of contents that its events carry.</summary>
    public int ContentBytes { get; set; }

    /// <summary>What waits for its time, of the job and its hosts.</summary>
    public IEnumerable<Pace> Paces => hosts.Values.Select(host => host.Progress).Append(Summary);

    public Host HostOf(string name)
    {
        if (!hosts.TryGetValue(name, out var host))
        {
            hosts.Add(name, host = new Host(new Pace(this, ProgressPace)));
        }

        return host;
    }

    /// <summary>One host.</summary>
    internal sealed class Host(Pace progress)
    {
        public EventEntry? State { get; set; }

        public Pace Progress => progress;
    }
}
