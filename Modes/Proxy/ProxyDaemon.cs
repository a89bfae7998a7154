using System.Net;
using System.Net.Sockets;
using Deploy.Api;
using Deploy.Jobs;
using Deploy.Jobs.Relay;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Checking;
using Deploy.Protocol.Sniffing;
using Deploy.Security;

namespace Deploy.Modes.Proxy;

/// <summary>One proxy, made from settings: nothing in it is shared, so that many can live in one process.</summary>
internal sealed class ProxyDaemon : IDaemon<ProxySettings>
{
    private readonly TimeProvider time;
    private readonly ILog log;
    private readonly JobTable jobs;
    private readonly Relays relays;
    private readonly HttpHost host;
    private readonly ProxySettings atStart;
    private readonly CancellationTokenSource hurry = new(); // hosts that have not answered by now get a result that says so
    private volatile InForce inForce;

    /// <param name="settings">Checked settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The proxy's log.</param>
    /// <param name="ended">Called when a connection or a job has ended, from any thread; null for nobody.</param>
    public ProxyDaemon(ProxySettings settings, TimeProvider time, ILog log, Action? ended = null)
    {
        this.time = time;
        this.log = log;
        atStart = settings;
        inForce = Force(settings);
        jobs = new JobTable(time, log) { JobEnded = ended };
        relays = new Relays(() => inForce.Rules, jobs, time, log);
        var endpoint = new LegacyEndpoint(new LegacyProxyRoutes(relays, hurry.Token).AnswerAsync, time, log, "deploy/" + DeployCommand.Version);
        var sniffer = new ConnectionSniffer(
            (address, cancellationToken) => inForce.Peers.AllowsAsync(address, cancellationToken), LegacyProxyRoutes.AddressRefusal, () => inForce.Settings.SocketTimeout, log)
        {
            SslKey = () => inForce.Settings.SslKeyInForce,
        };
        host = new HttpHost(new Listening(settings.Listen, settings.Backlog) { Defers = settings.AcceptFilter }, sniffer, endpoint.AnswerAsync, log) { ConnectionEnded = ended };
    }

    /// <summary>Sockets that listen already where the settings say, handed down by a service manager.</summary>
    public IReadOnlyList<Socket> Inherited { get; init; } = [];

    /// <summary>The settings in force.</summary>
    public ProxySettings Settings => inForce.Settings;

    /// <summary>Where it listens, free ports filled in; after the start.</summary>
    public IReadOnlyList<IPEndPoint> Bound => host.Bound;

    /// <summary>Binds, and accepts orders from when this ends.</summary>
    /// <param name="afterBind">Called between binding and the first order: privileges go here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">An address cannot be bound.</exception>
    public async Task StartAsync(Action? afterBind, CancellationToken cancellationToken)
    {
        await host.StartAsync(Inherited, cancellationToken).ConfigureAwait(false);
        afterBind?.Invoke();
        host.Open();
        log.Notice($"proxy of {Counted.Of(Settings.Hosts.Count, "host")} and {Counted.Of(Settings.ApiKeys.Count, "API key")} accepts orders on {string.Join(", ", Bound.Select(at => at.ToString()))}");
    }

    /// <summary>Takes new settings for the orders to come; what runs goes on under the old ones. What was set up at the start stays until a restart, and is said.</summary>
    public void Reload(ProxySettings settings)
    {
        if ((settings.ApiKeys.Count == 0 && Settings.ApiKeys.Count > 0) || (settings.AllowedHosts.Count == 0 && Settings.AllowedHosts.Count > 0) || (!settings.Ssl && Settings.Ssl))
        {
            throw new UserError("it has no API keys, no allowed hosts or no ssl any more, as a file that is being written; restart the proxy where that is meant", ExitCodes.Configuration);
        }

        settings.WarnOfRestart(atStart, log);
        string[] gone = [.. Settings.Hosts.Keys.Except(settings.Hosts.Keys, HostName.Comparer)];
        if (gone.Length > 0)
        {
            log.Warning($"no longer configured: {HostSet.Of(gone)}");
        }

        inForce = Force(settings);
    }

    /// <summary>Stops accepting and gives running orders until the token fires; then their hosts that have not answered get a result that says so, and the clients their answers.</summary>
    public async Task StopAsync(CancellationToken grace)
    {
        jobs.SayStopping(Settings.ShutdownGrace);
        using var abort = new CancellationTokenSource();
        using (grace.Register(() =>
        {
            hurry.Cancel();
            abort.CancelAfter(Limits.LastAnswerTime);
        }))
        {
            await host.StopAsync(abort.Token).ConfigureAwait(false);
        }

        log.Notice("stopped");
    }

    public async ValueTask DisposeAsync()
    {
        await hurry.CancelAsync().ConfigureAwait(false);
        await host.DisposeAsync().ConfigureAwait(false);
        hurry.Dispose();
    }

    private InForce Force(ProxySettings settings)
    {
        string[] foreign = [.. settings.Hosts.Values.Where(one => one.Wire != HostWire.Legacy).Select(one => one.Name)];
        if (foreign.Length > 0)
        {
            log.Warning($"these hosts are not asked, they are of the wire v1, which comes later; wire = \"legacy\" is the original's: {HostSet.Of(foreign)}");
        }

        return new InForce(
            settings,
            new RelayRules
            {
                Keys = new ApiKeys(settings.ApiKeys),
                Hosts = settings.Hosts.ToDictionary(one => one.Key, one => Relayed(one.Value), HostName.Comparer),
                Groups = settings.Groups,
                FanOut = settings.FanOut,
                HostTimeout = settings.HostTimeout,
                HostSocketTimeout = settings.HostSocketTimeout,
                MaxRequestTime = settings.MaxRequestTime,
            },
            new PeerRules(settings, time, log));
    }

    /// <summary>The host as orders reach it.</summary>
    private static RelayHost Relayed(ProxyHost host) => new(host.Name, host.Address, host.Port, host.KeyCipher ?? new Secret(LegacyKey.DefaultCipher))
    {
        Ssl = host.SslKey,
        Closed = host.Wire != HostWire.Legacy ? "not asked: the proxy has it with the wire v1, which comes later; see wire in its [hosts]"
            : host.SslPublicKey is not null && host.SslKey is null ? "not asked: its ssl_public_key was not read"
            : null,
    };

    private sealed record InForce(ProxySettings Settings, RelayRules Rules, PeerRules Peers);
}
