using System.Collections.Concurrent;
using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>
/// Agents without a proxy: one stream from each, and this user's own jobs, which this process does. A job of this user is told by its journal, which has it whole; what else an agent does, by order of
/// others, is told by the agents that do it, put together by its id.
/// </summary>
internal sealed class AgentsView : IView
{
    private readonly FleetPlace place;
    private readonly ChannelWriter<Message> messages;
    private readonly TimeProvider time;
    private readonly ForeignJobs foreign;
    private readonly ConcurrentDictionary<string, HostFacts> facts;
    private readonly ConcurrentDictionary<JobId, bool> own = new(); // told already

    /// <param name="place">The agents, and the journal.</param>
    /// <param name="messages">Takes what is told.</param>
    /// <param name="time">The clock.</param>
    public AgentsView(FleetPlace place, ChannelWriter<Message> messages, TimeProvider time)
    {
        (this.place, this.messages, this.time) = (place, messages, time);
        foreign = new ForeignJobs(place.Jobs.Jobs);
        facts = new(place.Daemons.Select(agent => KeyValuePair.Create(agent.Name, new HostFacts { Name = agent.Name, Address = Client.HostAddress.WithPort(agent.Client.Peer.Host, new Dictionary<string, int> { [agent.Client.Peer.Host] = agent.Client.Peer.Port }), Wire = "v1" })));
    }

    public (Followed? Daemon, string? WhyNot) Audit => place.Daemons is [var only] ? (only, null) : (null, "each agent has an audit log of its own: deploy tui --hosts ONE shows it, --via PROXY the proxy's");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await TellHostsAsync(cancellationToken).ConfigureAwait(false);
        var jobs = await place.Jobs.Jobs.ListAsync(new JobQuery(), cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.JobsTold(jobs.Items), cancellationToken).ConfigureAwait(false);
        var parts = place.Daemons.Select(agent => new Follower(agent, token => WholeAsync(agent, token), (events, token) => TakeAsync(agent, events, token), messages, time)
        {
            Told = (self, skew, token) => ToldAsync(agent, self, skew, token),
            WasLost = (failure, token) => LostAsync(agent, failure, token),
        }.RunAsync(cancellationToken));
        await Task.WhenAll([.. parts, Batching.RunAsync(place.Jobs.Jobs.EventsAsync(null, null, cancellationToken), events => TakeOwnAsync(events, cancellationToken), time, cancellationToken)]).ConfigureAwait(false);
    }

    public async Task TellHostsAsync(CancellationToken cancellationToken)
    {
        await messages.WriteAsync(new Message.HostsTold([.. facts.Values], IsAll: true), cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.GroupsTold([]), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<KnownJob>> WhoKnowsAsync(JobId id, string? host, CancellationToken cancellationToken)
    {
        if (await place.Jobs.Jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
        {
            return [new KnownJob(place.Jobs.Jobs, view, null)];
        }

        var known = new List<KnownJob>();
        foreach (var agent in foreign.At(id).Where(name => host is null || name == host).Select(name => place.Daemons.First(agent => agent.Name == name)))
        {
            if (await agent.Client.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } part)
            {
                known.Add(new KnownJob(agent.Client, part, agent.Name));
            }
        }

        return known;
    }

    /// <summary>What an agent has done and does, of others.</summary>
    private async Task WholeAsync(Followed agent, CancellationToken cancellationToken)
    {
        var page = await agent.Client.ListAsync(new JobQuery(), cancellationToken).ConfigureAwait(false);
        var told = new List<JobView>();
        foreach (var job in page.Items)
        {
            if (await foreign.TakeAsync(agent.Name, job, cancellationToken).ConfigureAwait(false) is { } whole)
            {
                told.Add(whole);
            }
        }

        await messages.WriteAsync(new Message.JobsTold(told), cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeAsync(Followed agent, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        var told = new List<JobEvent>();
        foreach (var what in events)
        {
            if (what.Job is not { } id || await foreign.IsOwnAsync(id, cancellationToken).ConfigureAwait(false))
            {
                continue; // the journal tells it
            }

            if (!foreign.Has(agent.Name, id))
            {
                if (await agent.Client.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } view)
                {
                    continue;
                }

                if (await foreign.TakeAsync(agent.Name, view, cancellationToken).ConfigureAwait(false) is { } whole)
                {
                    await messages.WriteAsync(new Message.JobsTold([whole]), cancellationToken).ConfigureAwait(false);
                }
            }

            told.Add(what with
            {
                Host = what.Host is null ? null : agent.Name,
                Standing = what.Standing is { } standing ? standing with { Host = agent.Name } : null,
                Summary = what.Summary is { } summary ? foreign.Take(agent.Name, id, summary) : null,
            });
        }

        if (told.Count > 0)
        {
            await messages.WriteAsync(new Message.Happened(agent.Name, told), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>This user's own jobs.</summary>
    private async Task TakeOwnAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        foreach (var id in events.Select(what => what.Job).OfType<JobId>().Distinct().Where(id => own.TryAdd(id, true)))
        {
            if (await place.Jobs.Jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } view)
            {
                await messages.WriteAsync(new Message.JobsTold([view]), cancellationToken).ConfigureAwait(false);
            }
        }

        var told = events.Where(what => what.Type is not (EventType.Hello or EventType.Bookmark or EventType.Gap)).ToList();
        if (told.Count > 0)
        {
            await messages.WriteAsync(new Message.Happened(place.Jobs.Name, told), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ToldAsync(Followed agent, DaemonSelf self, TimeSpan skew, CancellationToken cancellationToken)
    {
        HostFacts? its = null;
        try
        {
            its = (await agent.Client.KnownHostsAsync(null, cancellationToken).ConfigureAwait(false)).Items is [var first, ..] ? first : null;
        }
        catch (V1Failure)
        {
            // What it says of itself does: this is about what runs there and what ran.
        }

        await ChangeAsync(
            agent,
            before => before with
            {
                Reachable = true,
                LastContact = time.GetUtcNow(),
                Version = Model.Text.SafeText.Of(self.Version, 64),
                Rsync = self.Rsync is { } rsync ? Model.Text.SafeText.Of(rsync.Version, 64) : null,
                ClockSkewSeconds = Math.Round(skew.TotalSeconds, 3),
                KeyTrouble = null,
                Running = its?.Running,
                LastSyncs = its?.LastSyncs ?? before.LastSyncs,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task LostAsync(Followed agent, V1Failure failure, CancellationToken cancellationToken) => ChangeAsync(
        agent,
        before => before with
        {
            Reachable = failure.Problem is not null,
            KeyTrouble = failure.IsOtherKey ? Reasons.OtherKey : failure.Problem?.Type is ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew ? Reasons.Unauthenticated : before.KeyTrouble,
        },
        cancellationToken);

    private async Task ChangeAsync(Followed agent, Func<HostFacts, HostFacts> change, CancellationToken cancellationToken)
    {
        var after = facts.AddOrUpdate(agent.Name, _ => throw new InvalidOperationException(), (_, before) => change(before));
        await messages.WriteAsync(new Message.HostsTold([after], IsAll: false), cancellationToken).ConfigureAwait(false);
    }
}
