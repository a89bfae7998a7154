using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Events;

/// <content>What is known of hosts, told to whoever reads all: the newest of each host is held, as of jobs.</content>
internal sealed partial class EventHub
{
    private static readonly TimeSpan FactsPace = TimeSpan.FromSeconds(5); // jobs.md: at most one in 5 s and host, but for a change of its state

    private readonly JobTopic facts = new(default); // of no job, and so never among the topics
    private readonly Dictionary<string, Pace> factsOf = new(HostName.Comparer);
    private int watchers;

    /// <summary>Called when a first reader of all comes, from any thread and under the hub's lock: it only wakes somebody. Null for nobody.</summary>
    public Action? FirstWatcher { get; set; }

    /// <summary>How many read what all jobs do.</summary>
    public int Watchers => Volatile.Read(ref watchers);

    /// <summary>Tells what is known of a host.</summary>
    /// <param name="host">Whole.</param>
    /// <param name="atOnce">Whether its state changed: then it does not wait for its turn.</param>
    public void Tell(HostFacts host, bool atOnce)
    {
        lock (gate)
        {
            if (!factsOf.TryGetValue(host.Name, out var pace))
            {
                factsOf.Add(host.Name, pace = new Pace(facts, FactsPace));
            }

            pace.Next = atOnce ? null : pace.Next;
            TellAtPace(pace, new JobEvent { Seq = 0, Epoch = Epoch, Time = default, Type = EventType.HostFacts, Host = host.Name, Facts = host });
        }
    }

    private void Watched(int more)
    {
        watchers += more;
        if (watchers == 1 && more == 1)
        {
            FirstWatcher?.Invoke();
        }
    }
}
