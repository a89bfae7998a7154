using Deploy.Jobs.Engine;
using Deploy.Jobs.Events;
using Deploy.Jobs.Relay;
using Deploy.Jobs.Remote;
using Deploy.Jobs.Remote.Legacy;
using Deploy.Jobs.Remote.Watching;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Pins;
using Deploy.Modes.Signing;
using Deploy.Protocol;
using Deploy.Protocol.V1;
using Deploy.Store;

namespace Deploy.Modes.Proxy;

/// <summary>The jobs of one proxy: store, engine, and how hosts are asked. Opened once the proxy runs as the user that it is to be, since that user's is the file.</summary>
internal sealed class ProxyJobs : IAsyncDisposable
{
    private readonly V1Wire wire;
    private readonly ProxyWatch watch;

    private ProxyJobs(JobStore store, JobEngine engine, Relays relays, V1Wire wire, ProxyWatch watch) => (Store, Engine, Relays, this.wire, this.watch) = (store, engine, relays, wire, watch);

    public JobStore Store { get; }

    public JobEngine Engine { get; }

    /// <summary>The original's wire.</summary>
    public Relays Relays { get; }

    /// <summary>Opens the store and makes the engine; what a proxy before had not ended goes on with <see cref="JobEngine.StartAsync"/>.</summary>
    /// <param name="name">What the proxy calls itself.</param>
    /// <param name="stateDirectory">Null keeps all in memory.</param>
    /// <param name="inForce">The settings in force, and the rules of the original's wire made of them.</param>
    /// <param name="contacts">Takes what is learned of the hosts.</param>
    /// <param name="signing">Signs what the proxy asks in its own name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The proxy's log.</param>
    /// <param name="ended">Called after each job's end; null for nobody.</param>
    /// <exception cref="UserError">The store cannot be opened.</exception>
    public static ProxyJobs Open(string name, string? stateDirectory, Func<(ProxySettings Settings, RelayRules Rules)> inForce, HostContacts contacts, RequestSigning signing, TimeProvider time, ILog log, Action? ended)
    {
        var store = JobStore.Open(stateDirectory is null ? null : Path.Combine(stateDirectory, "jobs.db"), new StoreSettings(), time, log);
        var names = new HostNames();
        var keys = new KnownKeys(peer => AgentPins.Find(inForce().Settings, peer), (peer, more) => AgentPins.HowToTrust(inForce().Settings, peer, more), line => log.Warning(line)) { Signing = signing };
        var wire = new V1Wire(time, names, keys.Secure);
        var memory = new RelayMemory();
        ProxyHost? Find(string host) => inForce().Settings.Hosts.GetValueOrDefault(host);
        var remote = new RemoteRunner(wire, host => Find(host) is { } found ? new V1Peer(found.Name, found.Address, found.Port) : null, contacts, time);
        var legacy = new LegacyRunner(() => inForce().Rules, new LegacyExchange(time, memory.Budget, names), memory.Budget, contacts, time);
        var settings = new EngineSettings
        {
            Name = name,
            Admit = (document, _) => Admit(document, inForce().Settings),
            MayReach = (asker, hosts) => Unreached(asker, hosts, inForce().Settings),
            FanOut = inForce().Settings.FanOut,
            Leases = true,
            JobEnded = ended,
        };
        var hub = new EventHub(time);
        var engine = new JobEngine(settings, store, hub, new ProxyRunner(Find, remote, legacy, contacts), time, log);
        var watch = new ProxyWatch(new V1Wire(time, names, keys.Secure, WatchSettings.KeptTime), () => inForce().Settings, contacts, hub, time);
        return new ProxyJobs(store, engine, new Relays(() => inForce().Rules, engine, memory, names, time, log), wire, watch);
    }

    /// <summary>After the stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await watch.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
        wire.Dispose();
    }

    /// <summary>Why these hosts are none of an API key's groups; null where all are, and for whoever has no API key.</summary>
    private static Problem? Unreached(Asker asker, IReadOnlyList<string> hosts, ProxySettings settings)
    {
        if (asker.HostGroups is not { } groups)
        {
            return null;
        }

        var others = HostSet.Of(hosts.Where(host => !groups.Any(group => settings.Groups.GetValueOrDefault(group)?.Contains(host) == true)));
        string? why = groups.Count == 0 ? "has no host groups: it may read only" : others.Count > 0 ? $"is for the host groups {string.Join(", ", groups)}, which do not have {others}" : null;
        return why is null ? null : new Problem(ProblemTypes.NotAllowed, 403, "not allowed", $"{asker.By} {why}");
    }

    /// <summary>All hosts of the list, each known; else why not.</summary>
    private static Admission Admit(JobDocument document, ProxySettings settings)
    {
        var listed = HostSet.Of(document.Hosts.Expand());
        var unknown = HostSet.Of(listed.Where(host => !settings.Hosts.ContainsKey(host)));
        return unknown.Count == 0
            ? new Admission.Hosts([.. listed])
            : new Admission.Refused(new Problem(ProblemTypes.Invalid, 422, "not a job that can be done", $"this proxy does not know {unknown}")
            {
                Hint = "see its [hosts], or GET /v1/hosts",
            });
    }
}
