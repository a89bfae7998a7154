using System.Net;
using System.Net.Sockets;
using Deploy.Api;
using Deploy.Api.V1;
using Deploy.Api.V1.Metrics;
using Deploy.Jobs;
using Deploy.Jobs.Syncs;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Daemon;
using Deploy.Modes.Doctor;
using Deploy.Modes.SetUp;
using Deploy.Processes;
using Deploy.Processes.Confined;
using Deploy.Protocol.Sniffing;
using Deploy.Rsync;
using Deploy.Security;
using Deploy.Security.Audit;
using Deploy.Security.Callers;
using Deploy.Security.Operators;
using Deploy.Security.Rates;

namespace Deploy.Modes.Agent;

/// <summary>One agent, made from settings: nothing in it is shared, so that many can live in one process.</summary>
internal sealed class AgentDaemon : IDaemon<AgentSettings>
{
    /// <summary>TERM to KILL for what still runs when the grace of a stop is over.</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(3);

    /// <summary>The rsync of groups that name none. // original: Agent.pm</summary>
    private const string RsyncPath = "/usr/bin/rsync";

    private readonly TimeProvider time;
    private readonly ILog log;
    private readonly PeerLog peerLog; // for what peers cause
    private readonly Children children;
    private readonly RunningSyncs running = new();
    private readonly string? stateDirectory;
    private readonly Action? ended;
    private readonly RateLimits rates;
    private readonly CancellationTokenSource streamsEnd = new();
    private readonly HttpHost host;
    private readonly AgentSettings atStart;
    private readonly SemaphoreSlim previewSlots = new(Limits.ChildrenAtOnce);
    private readonly SemaphoreSlim commandSlots = new(Limits.ChildrenAtOnce); // of their own: silent origins must not stop commands
    private readonly RsyncRunner rsync;
    private volatile InForce inForce;
    private AgentJobs? jobs; // from the start on, as the next: their file belongs to the user that the agent runs as
    private AuditLog? audit;
    private V1Guard? guard;
    private Dispatcher? dispatcher;

    /// <param name="settings">Checked settings.</param>
    /// <param name="stateDirectory">Where the records of children are kept, held by us alone; null keeps none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The agent's log.</param>
    /// <param name="ended">Called when a connection or a job has ended, from any thread; null for nobody.</param>
    /// <param name="trampoline">By which rsync is confined; null leaves it as free as its user.</param>
    public AgentDaemon(AgentSettings settings, string? stateDirectory, TimeProvider time, ILog log, Action? ended = null, Trampoline? trampoline = null)
    {
        this.time = time;
        this.log = log;
        atStart = settings;
        inForce = Force(settings);
        children = new Children(stateDirectory is null ? null : Path.Combine(stateDirectory, "children"), log, trampoline);
        Confinement = ConfinementReport.Of(trampoline);
        this.stateDirectory = stateDirectory;
        this.ended = ended;
        rsync = new RsyncRunner(children, log);
        rates = new RateLimits(time, log);
        peerLog = new PeerLog(log, time);
        var sniffer = new ConnectionSniffer(
            (address, cancellationToken) => inForce.Peers.AllowsAsync(address, cancellationToken), _ => LegacyAgentRoutes.AddressRefusal, () => inForce.Settings.SocketTimeout, peerLog)
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

    /// <summary>How far rsync is confined here.</summary>
    public ConfinementReport Confinement { get; }

    /// <summary>The settings in force.</summary>
    public AgentSettings Settings => inForce.Settings;

    /// <summary>Where it listens, free ports filled in; after the start.</summary>
    public IReadOnlyList<IPEndPoint> Bound => host.Bound;

    /// <summary>Binds, stops what a killed agent left, and accepts orders from when this ends.</summary>
    /// <param name="afterBind">Called between binding and the first order: privileges go here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">An address cannot be bound.</exception>
    public async Task StartAsync(Action? afterBind, CancellationToken cancellationToken)
    {
        await host.StartAsync(Inherited, cancellationToken).ConfigureAwait(false);
        afterBind?.Invoke();

        if (Confinement.Warning is { } weaker)
        {
            log.Warning(weaker);
        }

        // As the user that the agent runs as: records are that user's to write, and must not make root signal what is not his.
        var leftovers = await children.StopLeftoversAsync(KillGrace, cancellationToken).ConfigureAwait(false);
        if (leftovers.Count > 0)
        {
            log.Warning($"stopped what an agent that was killed had left: pids {string.Join(' ', leftovers)}");
        }

        audit = AuditLog.Open(stateDirectory, time, log, mayLack: Settings.IsOriginals || Settings.UnsignedLoopback);
        jobs = await AgentJobs.OpenAsync(() => inForce.Rules, stateDirectory, new AgentWork(children, rsync, running, previewSlots, commandSlots), () => Settings, time, log, ended).ConfigureAwait(false);
        var legacy = new LegacyEndpoint(new LegacyAgentRoutes(jobs.Orders, () => inForce.KeyCipher, audit, time).AnswerAsync, time, peerLog);
        guard = new V1Guard(Gate(), rates, audit, time);
        dispatcher = new Dispatcher(new V1Endpoint(jobs.Engine, Facts(jobs, audit), guard, time, peerLog), legacy, peerLog);
        host.Open();
        log.Notice($"agent {Settings.Names[0]} accepts orders on {string.Join(", ", Bound.Select(at => at.ToString()))}");
    }

    /// <summary>Takes new settings for the orders to come; what runs goes on under the old ones. What was set up at the start stays until a restart, and is said.</summary>
    public void Reload(AgentSettings settings)
    {
        RefuseEmptied(settings);
        settings.WarnOfRestart(atStart, log);
        string[] gone = [.. inForce.Settings.Groups.Keys.Except(settings.Groups.Keys).Order(StringComparer.Ordinal)];
        if (gone.Length > 0)
        {
            log.Warning($"no longer configured: the sync groups {string.Join(", ", gone)}");
        }

        inForce = Force(settings);
    }

    /// <summary>Stops accepting, gives running syncs and requests until the token fires, stops the rest; nothing of it is left when this ends.</summary>
    public async Task StopAsync(CancellationToken grace)
    {
        jobs?.Engine.SayStopping(Settings.ShutdownGrace);
        await Task.WhenAll(host.StopAsync(grace), DrainAsync(grace)).ConfigureAwait(false);
        await CloseJobsAsync().ConfigureAwait(false);
        await children.DisposeAsync().ConfigureAwait(false);
        log.Notice("stopped");
    }

    public async ValueTask DisposeAsync()
    {
        await streamsEnd.CancelAsync().ConfigureAwait(false);
        await host.DisposeAsync().ConfigureAwait(false);
        peerLog.Dispose();
        await CloseJobsAsync().ConfigureAwait(false);
        await children.DisposeAsync().ConfigureAwait(false);
        previewSlots.Dispose();
        commandSlots.Dispose();
        streamsEnd.Dispose();
    }

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

    /// <summary>Jobs first, so that each says itself how it ended; then the syncs of the original's wire; then nobody has anything to read any more.</summary>
    private async Task DrainAsync(CancellationToken grace)
    {
        running.Close();
        await (jobs?.Engine.StopAsync(grace) ?? Task.CompletedTask).ConfigureAwait(false);
        await running.DrainAsync(KillGrace, grace).ConfigureAwait(false);
        await streamsEnd.CancelAsync().ConfigureAwait(false);
    }

    private RequestGate Gate() => new(
        () => new GateSettings { Name = Settings.Names[0], Known = InitOptions.Known(Settings, Settings.Names[0], Settings.Names), UnsignedLoopback = Settings.UnsignedLoopback, LongestLife = Settings.MaxOrderLifetime }, new OperatorBook(() => Settings.OperatorsFile, log), time);

    private V1Facts Facts(AgentJobs of, AuditLog records) => new()
    {
        Audit = (before, most) => stateDirectory is null ? null : AuditPages.Read(stateDirectory, before, most),
        Name = Settings.Names[0],
        Server = "deploy/" + DeployCommand.Version,
        Self = async _ => new DaemonSelf
        {
            Name = Settings.Names[0],
            Daemon = "agent",
            Version = DeployCommand.Version,
            IsKept = stateDirectory is not null,
            Audit = records.Head,
            Pin = Settings.HostKey?.Pin.ToString(),
            Health = HealthReport.Of(Settings, stateDirectory, Confinement),
            Rsync = await RsyncAsync().ConfigureAwait(false),
        },
        Hosts = async cancellationToken => [await AgentFacts.OfAsync(Settings.Names[0], await RsyncAsync().ConfigureAwait(false), of.Engine, time.GetUtcNow(), cancellationToken).ConfigureAwait(false)],
        Troubles = () => [.. new[] { of.Store.Unwritable, records.Trouble }.OfType<string>()],
        Metrics = () => DaemonMetrics.Of(of.Engine.Count(), host.Connections),
        StreamsEnd = streamsEnd.Token,
    };

    /// <summary>A file that lost its key or all its hosts was most likely read half written: the agent must not fall back to what everybody knows. With the original's wire off there is nothing to fall back to.</summary>
    private void RefuseEmptied(AgentSettings settings)
    {
        bool lostKeys = (settings.KeyCipher is null && Settings.KeyCipher is not null) || (!settings.Ssl && Settings.Ssl);
        if ((lostKeys && settings.TakesLegacy) || (settings.AllowedHosts.Count == 0 && Settings.AllowedHosts.Count > 0))
        {
            throw new UserError("it has no key_cipher, no allowed hosts or no ssl any more, as a file that is being written; restart the agent where that is meant", ExitCodes.Configuration);
        }
    }

    private async Task<RsyncFacts?> RsyncAsync() =>
        await rsync.FindVersionAsync(RsyncPath).ConfigureAwait(false) is { Version: { } version } found ? new RsyncFacts(version.ToString(), found.Capabilities) : null;

    private InForce Force(AgentSettings settings) => new(
        settings,
        new AgentRules
        {
            Name = settings.Names[0],
            Targets = new TargetRules(settings.AllowedPaths),
            Groups = settings.Groups,
            AllowsFreeForm = settings.AllowsFreeForm,
            FreeForm = settings.FreeForm,
            Commands = settings.Commands,
            MaxOrderLifetime = settings.MaxOrderLifetime,
            MaxCommandTime = settings.MaxCommandTime,
            OutputCapBytes = settings.OutputCapBytes,
            MaxRequestTime = settings.MaxRequestTime,
        },
        new PeerRules(settings, time, log),
        settings.KeyCipherIsInvalid ? null : settings.KeyCipherOrDefault);

    private sealed record InForce(AgentSettings Settings, AgentRules Rules, PeerRules Peers, Secret? KeyCipher);
}
