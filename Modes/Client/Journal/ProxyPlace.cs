using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Output;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Journal;

/// <summary>A proxy: its jobs are there whatever becomes of this process.</summary>
/// <param name="peer">The proxy.</param>
/// <param name="named">Whether the command line names it; otherwise client.toml does, for the next command too.</param>
/// <param name="time">The clock.</param>
internal sealed class ProxyPlace(V1Peer peer, bool named, TimeProvider time) : JobPlace
{
    private readonly HostNames names = new();
    private V1Wire? wire;
    private V1Client? client;

    public override string Name => peer.Name;

    public override IJobs Jobs => Client;

    public override string Option => named ? " --via " + peer.Name : string.Empty;

    public override bool TakesPorts => false;

    public override string Future => $"It goes on at {peer.Name} without this command (Ctrl-C again leaves it)";

    private V1Client Client => client ??= new V1Client(wire ??= new V1Wire(time, names), peer);

    public override Task CheckAsync(CancellationToken cancellationToken) => Places.RefuseElsewhereAsync(names, [peer.Host], cancellationToken);

    public override async Task<HostSet?> GroupAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var group = (await Client.GroupsAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(one => one.Name == name);
            return group is not null && FrozenHosts.TryParse(group.Hosts, out var hosts, out _) ? HostSet.Of(hosts.Expand()) : null;
        }
        catch (IOException error)
        {
            throw new UserError(error.Message, ExitCodes.HostUnreachable, "nothing was ordered: the group's hosts are not known");
        }
    }

    public override Task PrepareAsync(JobId id, IReadOnlyList<string> hosts, IReadOnlyDictionary<string, int> ports, bool keep, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<string> LeaveAsync(JobSummary summary) => Task.FromResult($"the job goes on at {peer.Name}; {CountText.Hosts(summary.Hosts)}: {CountText.Of(summary)}");

    public override async Task<IReadOnlyList<HostFacts>> HostsAsync(CancellationToken cancellationToken)
    {
        var all = new List<HostFacts>();
        string? cursor = null;
        do
        {
            var page = await Client.KnownHostsAsync(cursor, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items);
            cursor = page.Cursor;
        }
        while (cursor is not null && all.Count <= Limits.Hosts);
        return all;
    }

    public override ValueTask DisposeAsync()
    {
        wire?.Dispose();
        return ValueTask.CompletedTask;
    }
}
