using Deploy.Jobs.Events;
using Deploy.Jobs.Remote;
using Deploy.Jobs.Remote.Watching;
using Deploy.Model.Hosts;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Proxy;

/// <summary>Keeps what a proxy knows of its hosts fresh while somebody looks or a job runs, and tells whoever looks what has changed.</summary>
internal sealed class ProxyWatch : IAsyncDisposable
{
    private readonly V1Wire wire;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Task watching;
    private ProxySettings? read;
    private IReadOnlyDictionary<string, V1Peer> peers = new Dictionary<string, V1Peer>();
    private int disposed;

    /// <param name="wire">Carries the questions; disposed of with this.</param>
    /// <param name="settings">Those in force.</param>
    /// <param name="contacts">Takes what is learned.</param>
    /// <param name="hub">Tells it.</param>
    /// <param name="time">The clock.</param>
    public ProxyWatch(V1Wire wire, Func<ProxySettings> settings, HostContacts contacts, EventHub hub, TimeProvider time)
    {
        this.wire = wire;
        var watch = new HostWatch(wire, () => Peers(settings()), contacts, () => hub.Watchers > 0 || contacts.AtWork > 0, time);
        hub.FirstWatcher = watch.Wake;
        contacts.Changed = (name, isState) =>
        {
            if (settings().Hosts.GetValueOrDefault(name) is { } host)
            {
                hub.Tell(ProxyFacts.Of(host, contacts.Of(host.Name)), isState);
            }

            if (isState)
            {
                watch.Wake(); // a job may have begun
            }
        };
        watching = watch.RunAsync(stop.Token);
    }

    /// <summary>Asks nobody any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        wire.Dispose();
        stop.Dispose();
    }

    /// <summary>The hosts of v1: those of the original's wire are asked by orders alone.</summary>
    private IReadOnlyDictionary<string, V1Peer> Peers(ProxySettings settings)
    {
        lock (gate)
        {
            if (!ReferenceEquals(read, settings))
            {
                read = settings;
                peers = settings.Hosts.Values.Where(host => host.Wire == HostWire.V1).ToDictionary(host => host.Name, host => new V1Peer(host.Name, host.Address, host.Port), HostName.Comparer);
            }

            return peers;
        }
    }
}
