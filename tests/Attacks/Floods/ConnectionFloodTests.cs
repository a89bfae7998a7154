using Deploy.Model;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>More connections than an agent takes.</summary>
[Trait("Category", "EndToEnd")]
public class ConnectionFloodTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const int Connections = 5000;
    private const int AtOnce = 250; // a handshake of TCP each
    private const int Addresses = 5;

    /// <summary>An operator finds a place again when the time of those who say nothing is over, and not before: they are in the allow list.</summary>
    [ManyConnectionsFact(Connections)]
    public async Task Five_thousand_connections_from_several_addresses()
    {
        var siege = await Siege.BeforeAsync(agent);
        var peers = new List<FloodPeer>();
        try
        {
            for (int batch = 0; batch < Connections; batch += AtOnce)
            {
                int first = batch;
                peers.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(one => FloodPeer.PlainAsync(agent.Address, $"127.62.1.{1 + ((first + one) % Addresses)}"))));
            }

            await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Daemon.Pid) < Limits.Connections + 200); // the others are closed as they are accepted
            siege.CostsAtMost(256L * 1024 * 1024);
            await siege.ServesAsync();
            await siege.ReleasedAsync(); // while they hold their ends
        }
        finally
        {
            await Task.WhenAll(peers.Select(async peer => await peer.DisposeAsync()));
        }

        await siege.EndsAsync();
    }
}
