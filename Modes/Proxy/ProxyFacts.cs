using Deploy.Api.V1;
using Deploy.Jobs.Remote;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Doctor;
using Deploy.Protocol;
using Deploy.Security.Audit;
using Deploy.Store;

namespace Deploy.Modes.Proxy;

/// <summary>What a proxy tells of itself, its groups and its hosts.</summary>
internal static class ProxyFacts
{
    /// <param name="name">What the proxy calls itself.</param>
    /// <param name="settings">Those in force.</param>
    /// <param name="stateDirectory">Where jobs are kept; null where they do not outlast a restart.</param>
    /// <param name="store">The jobs'.</param>
    /// <param name="audit">Its audit log.</param>
    /// <param name="contacts">What was learned of the hosts.</param>
    /// <param name="streamsEnd">Fires when readers of events are to be sent away.</param>
    public static V1Facts Of(string name, Func<ProxySettings> settings, string? stateDirectory, JobStore store, AuditLog audit, HostContacts contacts, CancellationToken streamsEnd) => new()
    {
        Name = name,
        Server = "deploy/" + DeployCommand.Version,
        Self = _ => Task.FromResult(new DaemonSelf
        {
            Name = name,
            Daemon = "proxy",
            Version = DeployCommand.Version,
            IsKept = stateDirectory is not null,
            Audit = audit.Head,
            Pin = settings().HostKey?.Pin.ToString(),
            Health = HealthReport.Of(settings(), stateDirectory),
        }),
        Groups = () => [.. settings().Groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new GroupFacts(group.Key, group.Value.ToString(), group.Value.Count))],
        Hosts = _ => Task.FromResult<IReadOnlyList<HostFacts>>([.. settings().Hosts.Values.OrderBy(host => host.Name, StringComparer.Ordinal).Select(host => Of(host, contacts.Of(host.Name)))]),
        Troubles = () => [.. new[] { store.Unwritable, audit.Trouble }.OfType<string>()],
        StreamsEnd = streamsEnd,
        Audit = (before, most) => stateDirectory is null ? null : AuditPages.Read(stateDirectory, before, most),
    };

    /// <summary>What is known of a host.</summary>
    public static HostFacts Of(ProxyHost host, HostContact contact) => new()
    {
        Name = host.Name,
        Address = LegacyRequest.Shown(host.Address, host.Port),
        Wire = host.Wire == HostWire.V1 ? "v1" : "legacy",
        Reachable = contact.IsReachable,
        LastContact = contact.Last,
        Version = contact.Version,
        Rsync = contact.Rsync,
        KeyTrouble = contact.KeyTrouble,
        ClockSkewSeconds = contact.Skew is { } skew ? Math.Round(skew.TotalSeconds, 3) : null,
        Running = contact.Running,
        LastSyncs = contact.LastSyncs.Count == 0 ? null : contact.LastSyncs,
    };
}
