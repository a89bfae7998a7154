using Deploy.Jobs.Engine;
using Deploy.Jobs.Remote;
using Deploy.Jobs.Remote.Legacy;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Proxy;

/// <summary>Does each host by the wire that the configuration has for it.</summary>
/// <param name="find">A host; null for one that is not known any more.</param>
/// <param name="remote">By v1; of hosts that are not known as well.</param>
/// <param name="legacy">By the original's.</param>
/// <param name="contacts">Told of what begins and ends.</param>
internal sealed class ProxyRunner(Func<string, ProxyHost?> find, RemoteRunner remote, LegacyRunner legacy, HostContacts contacts) : IHostRunner
{
    public async Task RunAsync(IHostRun run, CancellationToken cancellationToken)
    {
        IHostRunner runner = find(run.Host) is { Wire: HostWire.Legacy } ? legacy : remote;
        contacts.Began(run.Host, run.Document.Spec.Id);
        try
        {
            await runner.RunAsync(run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            contacts.Left(run.Document, run.Standing);
        }
    }
}
