using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Pins;
using Deploy.Modes.Signing;
using Deploy.Output;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Journal;

/// <summary>A proxy: its jobs are there whatever becomes of this process.</summary>
/// <param name="peer">The proxy.</param>
/// <param name="named">Whether the command line names it; otherwise client.toml does, for the next command too.</param>
/// <param name="known">The files of known keys.</param>
/// <param name="signing">Signs what is asked.</param>
/// <param name="terminal">What is to be said of its key is said there, unless <see cref="JobPlace.Says"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class ProxyPlace(V1Peer peer, bool named, KnownAgentsPlaces known, RequestSigning signing, Terminal terminal, TimeProvider time) : JobPlace
{
    private readonly HostNames names = new();
    private KnownKeys? keys;
    private V1Wire? wire;
    private V1Client? client;

    /// <summary>The proxy itself, for what is asked of no job.</summary>
    public V1Client Daemon => Client;

    public override string Name => peer.Name;

    public override IJobs Jobs => Client;

    public override string Option => named ? " --via " + peer.Name : string.Empty;

    public override bool TakesPorts => false;

    public override string Future => $"It goes on at {peer.Name} without this command (Ctrl-C again leaves it)";

    private V1Client Client => client ??= new V1Client(wire ??= new V1Wire(time, names, Keys.Secure), peer);

    private KnownKeys Keys => keys ??= known.Open(line => (Says ?? terminal.Error.WriteLine)(line), signing);

    public override async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Places.RefuseElsewhereAsync(names, Keys, [peer], cancellationToken).ConfigureAwait(false);
        if (Keys.Knows(peer))
        {
            await signing.SignerAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<HostSet?> GroupAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var group = (await Client.GroupsAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(one => one.Name == name);
            return group is not null && FrozenHosts.TryParse(group.Hosts, out var hosts, out _) ? HostSet.Of(hosts.Expand()) : null;
        }
        catch (IOException error) when (error is not (V1Failure { Problem: not null } or V1Failure { IsOtherKey: true }))
        {
            throw new UserError(error.Message, ExitCodes.HostUnreachable, "nothing was ordered: the group's hosts are not known");
        }
    }

    public override Task PrepareAsync(JobId id, IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keep, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<JobDocument> SignedAsync(JobDocument document, IReadOnlyList<string> hosts, CancellationToken cancellationToken) =>
        Keys.Knows(peer) ? signing.SignAsync(document, cancellationToken) : Task.FromResult(document);

    public override Task<string> LeaveAsync(JobSummary summary) => Task.FromResult($"the job goes on at {peer.Name}; {CountText.Hosts(summary.Hosts)}: {CountText.Of(summary)}");

    public override async Task<IReadOnlyList<HostFacts>> HostsAsync(CancellationToken cancellationToken) =>
        (await JobPages.AllAsync(async Task<Page<HostFacts>?> (cursor) => await Client.KnownHostsAsync(cursor, cancellationToken).ConfigureAwait(false), host => host.Name, Limits.Hosts + 1).ConfigureAwait(false))!;

    public override ValueTask DisposeAsync()
    {
        wire?.Dispose();
        return ValueTask.CompletedTask;
    }
}
