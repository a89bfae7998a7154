using System.Threading.Channels;
using Deploy.Model;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Pins;
using Deploy.Modes.Signing;
using Deploy.Modes.Tui.Live;
using Deploy.Output;
using Deploy.Protocol.V1;
using Deploy.Security.Signatures;
using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Deploy.Tui.State;

namespace Deploy.Tests.Modes.Tui.Live;

/// <summary>A live fleet and the model that hears it, as the dashboard's loop has them; nothing is drawn.</summary>
internal sealed class LiveStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stop = new(TimeSpan.FromMinutes(3));
    private readonly Channel<Message> messages = Channel.CreateBounded<Message>(256);
    private readonly List<Message> heard = [];
    private readonly JobPlace place;
    private readonly LiveFleet fleet;
    private readonly Task running;

    private LiveStage(FleetPlace of)
    {
        place = of.Jobs;
        fleet = new LiveFleet(of, TimeProvider.System);
        running = fleet.RunAsync(messages.Writer, stop.Token);
        Model = Updating.Start(new TuiSetup { Place = of.Shown, Option = string.Empty, By = "me", Zone = TimeZoneInfo.Utc }).Model;
    }

    public TuiModel Model { get; private set; }

    public IFleet Fleet => fleet;

    /// <summary>What was told so far.</summary>
    public IReadOnlyList<Message> Heard => heard;

    /// <summary>The dashboard of a fleet's proxy.</summary>
    public static LiveStage OfProxy(Fleet fleet, TempFolder folder)
    {
        var (known, signing) = Trusted(folder);
        var at = fleet.Proxy.Bound[0];
        var place = new ProxyPlace(new V1Peer("proxy", at.Address.ToString(), at.Port), named: true, known, signing, Nowhere(), TimeProvider.System);
        return new LiveStage(new FleetPlace(place, [new Followed("proxy", place.Daemon, IsProxy: true)]));
    }

    /// <summary>The dashboard of its agents, by their addresses.</summary>
    public static async Task<LiveStage> OfAgentsAsync(Fleet fleet, int count, TempFolder folder)
    {
        var (known, signing) = Trusted(folder);
        var place = new JournalPlace(new JournalSettings { Directory = folder["journal"], Port = 1, FanOut = 8 }, known, signing, Nowhere(), TimeProvider.System);
        var at = Enumerable.Range(0, count).Select(fleet.AgentAt).ToList();
        var agents = await place.AgentsAsync([.. at.Select(one => one.Address.ToString())], at.ToDictionary(one => one.Address.ToString(), one => one.Port), keeps: true, CancellationToken.None);
        return new LiveStage(new FleetPlace(place, [.. agents.Select(agent => new Followed(agent.Peer.Name, agent, IsProxy: false))]));
    }

    /// <summary>Takes in what is told until the model is so.</summary>
    public async Task UntilAsync(Func<TuiModel, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isSo(Model))
        {
            await TakeAsync(limit.Token);
        }
    }

    /// <summary>The first message of a kind, of those that were not taken by this before; waits for it.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? which = null)
        where T : Message
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (heard.OfType<T>().FirstOrDefault(message => which?.Invoke(message) != false) is { } found)
            {
                heard.Remove(found);
                return found;
            }

            await TakeAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        while (!running.IsCompleted)
        {
            messages.Reader.TryRead(out _);
            await Task.Yield();
        }

        await running; // it ends in peace
        await place.DisposeAsync();
        stop.Dispose();
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        var next = messages.Reader.ReadAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(next, running) == running && !next.IsCompleted)
        {
            await running;
        }

        var message = await next;
        heard.Add(message);
        var step = Updating.Update(Model, message with { At = DateTimeOffset.UtcNow });
        Model = step.Model;
        foreach (var effect in step.Effects.OfType<Effect.OfFleet>())
        {
            fleet.Ask(effect);
        }
    }

    private static (KnownAgentsPlaces Known, RequestSigning Signing) Trusted(TempFolder folder)
    {
        string known = folder["known_agents"];
        File.WriteAllText(known, string.Empty);
        return (new KnownAgentsPlaces(known, isOption: true), new RequestSigning(_ => throw new UserError("no key", ExitCodes.Failed), SignatureTags.Order, TimeProvider.System));
    }

    private static Terminal Nowhere() => new(TextWriter.Null, TextWriter.Null);
}
