using System.Collections.Concurrent;
using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>A proxy: one stream tells of all its jobs and hosts.</summary>
/// <param name="place">The proxy.</param>
/// <param name="messages">Takes what is told.</param>
/// <param name="time">The clock.</param>
internal sealed class ProxyView(FleetPlace place, ChannelWriter<Message> messages, TimeProvider time) : IView
{
    private const int MostOpen = 10_000; // ours: what a proxy that lies can cost

    private readonly Followed proxy = place.Daemons[0];
    private readonly ConcurrentDictionary<JobId, bool> known = new(); // whether it has not ended

    public (Followed? Daemon, string? WhyNot) Audit => (proxy, null);

    public Task RunAsync(CancellationToken cancellationToken) => new Follower(proxy, WholeAsync, TakeAsync, messages, time).RunAsync(cancellationToken);

    public async Task TellHostsAsync(CancellationToken cancellationToken)
    {
        var hosts = await place.Jobs.HostsAsync(cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.HostsTold(hosts, IsAll: true), cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.GroupsTold(await proxy.Client.GroupsAsync(cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<KnownJob>> WhoKnowsAsync(JobId id, string? host, CancellationToken cancellationToken) =>
        await proxy.Client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view ? [new KnownJob(proxy.Client, view, null)] : [];

    /// <summary>Hosts, groups, the newest jobs, and those that run; where hosts of these stand the stream tells by itself. Behind a gap also how those ended that ran before it.</summary>
    private async Task WholeAsync(CancellationToken cancellationToken)
    {
        await TellHostsAsync(cancellationToken).ConfigureAwait(false);
        var told = new Dictionary<JobId, JobView>();
        var first = await proxy.Client.ListAsync(new JobQuery(), cancellationToken).ConfigureAwait(false);
        Add(first.Items);
        foreach (var state in new[] { JobState.Accepted, JobState.Running, JobState.Paused })
        {
            Add(await JobPages.JobsAsync(proxy.Client, new JobQuery { State = state }, MostOpen, cancellationToken).ConfigureAwait(false));
        }

        var before = known.Where(job => job.Value).Select(job => job.Key).ToList();
        foreach (var id in before.Where(id => !told.ContainsKey(id)))
        {
            if (await proxy.Client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
            {
                Add([view]);
            }
        }

        Take(told.Values);
        await messages.WriteAsync(new Message.JobsTold([.. told.Values]), cancellationToken).ConfigureAwait(false);
        foreach (var id in before.Where(id => told.TryGetValue(id, out var view) && view.State.IsTerminal()))
        {
            if (await JobPages.HostsAsync(proxy.Client, id, [], cancellationToken).ConfigureAwait(false) is { } hosts)
            {
                await messages.WriteAsync(new Message.StandingsTold(id, hosts, IsAll: true), cancellationToken).ConfigureAwait(false);
            }
        }

        void Add(IEnumerable<JobView> jobs)
        {
            foreach (var job in jobs)
            {
                told[job.Id] = job;
            }
        }
    }

    private async Task TakeAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        var facts = events.Where(what => what.Facts is not null).Select(what => what.Facts!).ToList();
        if (facts.Count > 0)
        {
            await messages.WriteAsync(new Message.HostsTold(facts, IsAll: false), cancellationToken).ConfigureAwait(false);
        }

        // A job that was not known is told before what happens in it.
        var views = new List<JobView>();
        foreach (var id in events.Select(what => what.Job).OfType<JobId>().Distinct().Where(id => !known.ContainsKey(id)).ToList())
        {
            if (await proxy.Client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
            {
                views.Add(view);
            }
        }

        if (views.Count > 0)
        {
            Take(views);
            await messages.WriteAsync(new Message.JobsTold(views), cancellationToken).ConfigureAwait(false);
        }

        foreach (var what in events)
        {
            if (what is { Type: EventType.JobState, Job: { } id, Summary.State: var state })
            {
                known[id] = !state.IsTerminal();
            }
        }

        if (facts.Count < events.Count)
        {
            await messages.WriteAsync(new Message.Happened(proxy.Name, facts.Count == 0 ? events : [.. events.Where(what => what.Facts is null)]), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Take(IEnumerable<JobView> jobs)
    {
        foreach (var job in jobs)
        {
            known[job.Id] = !job.State.IsTerminal();
        }

        if (known.Count > MostOpen)
        {
            foreach (var old in known.Where(job => !job.Value).OrderBy(job => job.Key.ToString(), StringComparer.Ordinal).Take(known.Count - (MostOpen / 2)).ToList())
            {
                known.TryRemove(old.Key, out _);
            }
        }
    }
}
