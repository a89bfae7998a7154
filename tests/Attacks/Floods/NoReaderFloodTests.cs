using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>Peers that ask, and never read what is said.</summary>
[Trait("Category", "EndToEnd")]
public class NoReaderFloodTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const int Peers = 50;

    [Fact]
    public async Task A_reader_of_a_large_answer_that_never_reads()
    {
        var siege = await Siege.BeforeAsync(agent);
        byte[] asks = [.. Enumerable.Repeat("GET /v1/openapi.json HTTP/1.1\r\nHost: web-001\r\n\r\n"u8.ToArray(), 2000).SelectMany(one => one)];
        var peers = await Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => FloodPeer.TlsAsync(agent.Address, receiveBuffer: 4096)));
        var sending = Task.CompletedTask;
        try
        {
            sending = Task.WhenAll(peers.Select(peer => peer.SendAsync(asks))); // it may stop taking them, too
            await siege.ServesAsync();
            siege.CostsAtMost(192 * 1024 * 1024); // what the kernel holds for them is not in it
        }
        finally
        {
            await Task.WhenAll(peers.Select(async peer => await peer.DisposeAsync())); // before Limits.StreamWriteTime would cut them off, which takes a minute
            await sending;
        }

        await siege.EndsAsync();
    }

    [Fact]
    public async Task Readers_of_events_that_never_read()
    {
        var siege = await Siege.BeforeAsync(agent);
        var peers = await Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => FloodPeer.TlsAsync(agent.Address, receiveBuffer: 4096)));
        try
        {
            foreach (var peer in peers)
            {
                Assert.True(await peer.SendAsync(SignedRequest.Get(agent.Alice, "/v1/events").ToBytes()));
            }

            for (int turn = 0; turn < 10; turn++)
            {
                await siege.ServesAsync();
            }

            siege.CostsAtMost(96 * 1024 * 1024);
        }
        finally
        {
            await Task.WhenAll(peers.Select(async peer => await peer.DisposeAsync()));
        }

        await siege.EndsAsync();
    }
}
