using Deploy.Jobs.Engine;
using Deploy.Jobs.Events;
using Deploy.Jobs.Remote;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Pins;
using Deploy.Modes.Signing;
using Deploy.Output;
using Deploy.Protocol.V1;
using Deploy.Store;

namespace Deploy.Modes.Client.Journal;

/// <summary>This machine: the jobs that this user's clients fan out themselves, kept in the journal. A job is done by one process; it goes on in another where that one has died.</summary>
/// <param name="settings">Where it is, and how hosts are asked.</param>
/// <param name="known">The files of known keys.</param>
/// <param name="signing">Signs what is asked.</param>
/// <param name="terminal">What goes wrong with the journal is said there, unless <see cref="JobPlace.Says"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalPlace(JournalSettings settings, KnownAgentsPlaces known, RequestSigning signing, Terminal terminal, TimeProvider time) : JobPlace
{
    private readonly HostNames names = new();
    private readonly Dictionary<string, int> ports = new(HostName.Comparer);
    private KnownKeys? keys;
    private JournalFiles? files;
    private V1Wire? wire;
    private JobStore? store;
    private JobEngine? engine;
    private JournalJobs? jobs;

    public override string Name => "this machine";

    public override string Option => string.Empty;

    public override bool IsHere => true;

    public override bool TakesPorts => true;

    public override string Future => "It is done by this command: Ctrl-C again starts no other host, and leaves those that run";

    public override IJobs Jobs => jobs ??= Open(keeps: true);

    public override Task<HostSet?> GroupAsync(string name, CancellationToken cancellationToken) =>
        throw new UserError($"@{name}: groups are a proxy's", ExitCodes.Usage, "say which one: --via PROXY; or name the hosts, e.g. --hosts 'web-[01-20],!web-07'");

    public override async Task PrepareAsync(JobId id, IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keep, CancellationToken cancellationToken)
    {
        foreach (string host in hosts)
        {
            this.ports[host] = ports.TryGetValue(host, out int port) ? port : settings.Port;
        }

        await Places.RefuseElsewhereAsync(names, Keys, hosts.Select(Peer), cancellationToken).ConfigureAwait(false);

        jobs ??= Open(keep);
        if (keep)
        {
            Files.Tidy(time.GetUtcNow());
            Files.KeepPorts(id, hosts, host => this.ports[host]);
        }
    }

    /// <summary>Agents themselves, to be asked what they do beside this user's jobs; whoever may not be asked is an error now, and so is a key that is missing.</summary>
    /// <param name="hosts">Their names.</param>
    /// <param name="ports">The port of each that names one.</param>
    /// <param name="keeps">Whether jobs may be handed in: else no journal is opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">They cannot be asked.</exception>
    public async Task<IReadOnlyList<V1Client>> AgentsAsync(IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keeps, CancellationToken cancellationToken)
    {
        foreach (string host in hosts)
        {
            this.ports[host] = ports.TryGetValue(host, out int port) ? port : settings.Port;
        }

        await Places.RefuseElsewhereAsync(names, Keys, hosts.Select(Peer), cancellationToken).ConfigureAwait(false);
        if (hosts.Select(Peer).Any(Keys.Knows))
        {
            await signing.SignerAsync(cancellationToken).ConfigureAwait(false);
        }

        jobs ??= Open(keeps);
        return [.. hosts.Select(host => new V1Client(wire!, Peer(host)))];
    }

    public override Task<JobDocument> SignedAsync(JobDocument document, IReadOnlyList<string> hosts, CancellationToken cancellationToken) =>
        hosts.Select(Peer).Any(Keys.Knows) ? signing.SignAsync(document, cancellationToken) : Task.FromResult(document);

    public override IReadOnlyDictionary<string, int> PortsOf(JobId id) => Files.PortsOf(id);

    /// <summary>The port under which a host is asked.</summary>
    public int PortOf(string host) => ports.GetValueOrDefault(host, settings.Port);

    public override bool Outlives(JobView job) => job.IsKept;

    public override async Task<string> LeaveAsync(JobSummary summary)
    {
        if (jobs is not null)
        {
            await jobs.StopAsync().ConfigureAwait(false);
        }

        int running = CountText.In(summary, HostState.Running) + CountText.In(summary, HostState.Connecting);
        int queued = CountText.In(summary, HostState.Queued);
        return $"{CountText.Hosts(running)} {(running == 1 ? "runs" : "run")} on, {ByteSize.Count(queued)} {(queued == 1 ? "was" : "were")} not started; {CountText.Hosts(summary.Hosts)}: {CountText.Of(summary)}";
    }

    public override Task<IReadOnlyList<HostFacts>> HostsAsync(CancellationToken cancellationToken) =>
        throw new UserError("hosts are known to a proxy", ExitCodes.Usage, "say which one: --via PROXY");

    public override async ValueTask DisposeAsync()
    {
        if (jobs is not null)
        {
            await jobs.DisposeAsync().ConfigureAwait(false);
        }

        if (engine is not null)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }

        if (store is not null)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }

        wire?.Dispose();
    }

    private JournalFiles Files => files ??= new JournalFiles(settings.Directory
        ?? throw new UserError("there is no place to keep jobs: neither $XDG_STATE_HOME nor $HOME is set", ExitCodes.Failed, "set one of them, or order through a proxy: --via PROXY"));

    /// <summary>Opens the journal; what is not kept needs none.</summary>
    private JournalJobs Open(bool keeps)
    {
        var log = new JournalLog(line => (Says ?? terminal.Error.WriteLine)("deploy: warning: " + line));
        if (keeps)
        {
            Files.Make();
        }

        store = JobStore.Open(keeps ? Files.Store : null, new StoreSettings(), time, log);
        wire = new V1Wire(time, names, Keys.Secure);
        var runner = new RemoteRunner(wire, Peer, new HostContacts(), time);
        engine = new JobEngine(new EngineSettings { Name = Name, FanOut = settings.FanOut, LogsEnds = false }, store, new EventHub(time), runner, time, log);
        return new JournalJobs(engine, keeps ? Files : null, TakePorts, time);
    }

    private KnownKeys Keys => keys ??= known.Open(line => (Says ?? terminal.Error.WriteLine)(line), signing);

    private V1Peer Peer(string name) => new(name, name, ports.GetValueOrDefault(name, settings.Port));

    private void TakePorts(JobId id)
    {
        foreach (var (host, port) in Files.PortsOf(id))
        {
            ports[host] = port;
        }
    }
}
