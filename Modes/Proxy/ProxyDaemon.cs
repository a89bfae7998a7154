using System.Net;
using System.Net.Sockets;
using Deploy.Api;
using Deploy.Api.V1;
using Deploy.Api.V1.Metrics;
using Deploy.Jobs.Engine;
using Deploy.Jobs.Relay;
using Deploy.Jobs.Remote;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Checking;
using Deploy.Modes.Proxy.Keys;
using Deploy.Modes.SetUp;
using Deploy.Modes.Signing;
using Deploy.Protocol.Sniffing;
using Deploy.Protocol.V1;
using Deploy.Security;
using Deploy.Security.Audit;
using Deploy.Security.Callers;
using Deploy.Security.Operators;
using Deploy.Security.Rates;
using Deploy.Security.Signatures;

namespace Deploy.Modes.Proxy;

/// <summary>One proxy, made from settings: nothing in it is shared, so that many can live in one process.</summary>
internal sealed class ProxyDaemon : IDaemon<ProxySettings>
{
    private readonly TimeProvider time;
    private readonly ILog log;
    private readonly PeerLog peerLog; // for what peers cause
    private readonly string? stateDirectory;
    private readonly Action? ended;
    private readonly RateLimits rates;
    private readonly MadeKeysInForce? made;
    private readonly HttpHost host;
    private readonly ProxySettings atStart;
    private readonly HostContacts contacts = new();
    private readonly CancellationTokenSource streamsEnd = new();
    private readonly CancellationTokenSource hurry = new(); // hosts that have not answered by now get a result that says so
    private readonly RequestSigning signing;
    private volatile InForce inForce;
    private ProxyJobs? jobs; // from the start on, as the next: their file belongs to the user that the proxy runs as
    private AuditLog? audit;
    private V1Guard? guard;
    private Dispatcher? dispatcher;

    /// <param name="settings">Checked settings.</param>
    /// <param name="stateDirectory">Where jobs are kept, held by us alone; null keeps them in memory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The proxy's log.</param>
    /// <param name="ended">Called when a connection or a job has ended, from any thread; null for nobody.</param>
    public ProxyDaemon(ProxySettings settings, string? stateDirectory, TimeProvider time, ILog log, Action? ended = null)
    {
        this.time = time;
        this.log = log;
        atStart = settings;
        made = settings.MadeKeysPath is { } path ? new MadeKeysInForce(path, log) : null;
        inForce = Force(settings);
        signing = new RequestSigning(OwnKey.Open(settings.ProxyKeyFile, Surroundings.HostName, settings.Hosts.Values.Any(one => one.Wire == HostWire.V1 && AgentPins.Find(settings, new V1Peer(one.Name, one.Address, one.Port)) is not null), log, settings.UserId), SignatureTags.Hop, time);
        (this.stateDirectory, this.ended) = (stateDirectory, ended);
        rates = new RateLimits(time, log);
        peerLog = new PeerLog(log, time);
        var sniffer = new ConnectionSniffer(
            (address, cancellationToken) => inForce.Peers.AllowsAsync(address, cancellationToken), LegacyProxyRoutes.AddressRefusal, () => inForce.Settings.SocketTimeout, peerLog)
        {
            SslKey = () => inForce.Settings.SslKeyInForce,
            HostKey = () => inForce.Settings.HostKey?.Context,
            MayTls = (address, cancellationToken) => inForce.Peers.MaySpeakAsync(address, cancellationToken),
            IsV1Peer = RequestGate.MayConnect,
            IsInRate = rates.MayConnect,
        };
        host = new HttpHost(new Listening(settings.Listen, settings.Backlog) { Defers = settings.AcceptFilter }, sniffer, context => dispatcher!.AnswerAsync(context), peerLog) { ConnectionEnded = ended };
    }

    /// <summary>Sockets that listen already where the settings say, handed down by a service manager.</summary>
    public IReadOnlyList<Socket> Inherited { get; init; } = [];

    /// <summary>The settings in force.</summary>
    public ProxySettings Settings => inForce.Settings;

    /// <summary>Where it listens, free ports filled in; after the start.</summary>
    public IReadOnlyList<IPEndPoint> Bound => host.Bound;

    /// <summary>Binds, goes on with the jobs that a proxy before had not ended, and accepts orders from when this ends.</summary>
    /// <param name="afterBind">Called between binding and the first order: privileges go here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">An address cannot be bound, or the jobs cannot be read.</exception>
    public async Task StartAsync(Action? afterBind, CancellationToken cancellationToken)
    {
        await host.StartAsync(Inherited, cancellationToken).ConfigureAwait(false);
        afterBind?.Invoke();
        string name = Surroundings.HostName;
        audit = AuditLog.Open(stateDirectory, time, log, mayLack: Settings.IsOriginals || Settings.UnsignedLoopback);
        jobs = ProxyJobs.Open(name, stateDirectory, () => (inForce.Settings, inForce.Rules), contacts, signing, time, log, ended);
        var legacy = new LegacyEndpoint(new LegacyProxyRoutes(jobs.Relays, audit, hurry.Token).AnswerAsync, time, peerLog, "deploy/" + DeployCommand.Version);
        var facts = ProxyFacts.Of(name, () => inForce.Settings, stateDirectory, jobs.Store, audit, contacts, streamsEnd.Token);
        facts = facts with { Metrics = () => DaemonMetrics.Of(jobs.Engine.Count(), host.Connections) };
        guard = new V1Guard(Gate(name), rates, audit, time);
        dispatcher = new Dispatcher(new V1Endpoint(jobs.Engine, facts, guard, time, peerLog), legacy, peerLog);
        await jobs.Engine.StartAsync().ConfigureAwait(false);
        host.Open();
        log.Notice($"proxy of {Counted.Of(Settings.Hosts.Count, "host")} and {Counted.Of(Settings.ApiKeys.Count + Settings.MadeKeys.Count, "API key")} accepts orders on {string.Join(", ", Bound.Select(at => at.ToString()))}");
    }

    /// <summary>Takes new settings for the orders to come; what runs goes on under the old ones. What was set up at the start stays until a restart, and is said.</summary>
    public void Reload(ProxySettings settings)
    {
        if ((settings.ApiKeys.Count == 0 && Settings.ApiKeys.Count > 0) || (settings.AllowedHosts.Count == 0 && Settings.AllowedHosts.Count > 0) || (!settings.Ssl && Settings.Ssl && settings.TakesLegacy))
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

    /// <summary>
    /// Stops accepting and gives what runs until the token fires; then hosts that have not answered an order of the original's wire get a result that says so, and the clients their answers. Jobs of
    /// v1 go on at the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken grace)
    {
        jobs?.Engine.SayStopping(Settings.ShutdownGrace);
        await streamsEnd.CancelAsync().ConfigureAwait(false); // a proxy that starts again is asked for them behind the last
        using var abort = new CancellationTokenSource();
        using (grace.Register(() =>
        {
            hurry.Cancel();
            abort.CancelAfter(Limits.LastAnswerTime);
        }))
        {
            await Task.WhenAll(host.StopAsync(abort.Token), jobs?.Engine.StopAsync(grace) ?? Task.CompletedTask).ConfigureAwait(false);
        }

        await CloseJobsAsync().ConfigureAwait(false);
        log.Notice("stopped");
    }

    public async ValueTask DisposeAsync()
    {
        await hurry.CancelAsync().ConfigureAwait(false);
        await streamsEnd.CancelAsync().ConfigureAwait(false);
        await host.DisposeAsync().ConfigureAwait(false);
        peerLog.Dispose();
        await CloseJobsAsync().ConfigureAwait(false);
        hurry.Dispose();
        streamsEnd.Dispose();
    }

    private RequestGate Gate(string name) => new(
        () => new GateSettings { Name = name, Known = InitOptions.Known(Settings, name), UnsignedLoopback = Settings.UnsignedLoopback, LongestLife = EngineSettings.LongestLifetime, ApiKeys = inForce.Rules.Keys },
        new OperatorBook(() => Settings.OperatorsFile, log),
        time);

    /// <summary>Once, however often it is stopped.</summary>
    private async Task CloseJobsAsync()
    {
        if (Interlocked.Exchange(ref jobs, null) is { } open)
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }

        Interlocked.Exchange(ref guard, null)?.Dispose(); // what it has counted goes to the audit log
        if (Interlocked.Exchange(ref audit, null) is { } records)
        {
            await records.DisposeAsync().ConfigureAwait(false);
        }
    }

    private InForce Force(ProxySettings settings) => new(
        settings,
        new RelayRules
        {
            Keys = new ApiKeys(settings.ApiKeys) { Others = made is null ? null : made.Now },
            Hosts = settings.Hosts.ToDictionary(one => one.Key, one => Relayed(one.Value), HostName.Comparer),
            Groups = settings.Groups,
            FanOut = settings.FanOut,
            HostTimeout = settings.HostTimeout,
            HostSocketTimeout = settings.HostSocketTimeout,
            MaxRequestTime = settings.MaxRequestTime,
        },
        new PeerRules(settings, time, log));

    /// <summary>The host as orders reach it.</summary>
    private static RelayHost Relayed(ProxyHost host) => new(host.Name, host.Address, host.Port, host.KeyCipher ?? new Secret(LegacyKey.DefaultCipher))
    {
        Ssl = host.SslKey,
        Closed = host.Wire != HostWire.Legacy ? "not asked: the proxy has it with the wire v1, and this order came by the original's, which goes to hosts of that wire alone; see wire in its [hosts]"
            : host.SslPublicKey is not null && host.SslKey is null ? "not asked: its ssl_public_key was not read"
            : null,
    };

    private sealed record InForce(ProxySettings Settings, RelayRules Rules, PeerRules Peers);
}
