using System.Text;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>More than a request has, or many at once: refused by its size alone, with nothing of it held.</summary>
[Trait("Category", "EndToEnd")]
public class LargeFloodTests(AttackedAgent agent) : IClassFixture<AttackedAgent>
{
    private const long Most = 100L * 1024 * 1024;
    private const int Pipelined = 5000;
    private static readonly byte[] Piece = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    [Theory]
    [InlineData("GET /v1/self HTTP/1.1\r\nHost: web-001\r\nX-Large: ", true)]
    [InlineData("GET /v1/", true)]
    [InlineData("", true)]
    [InlineData("GET /v1/self HTTP/1.1\r\nX-Large: ", false)]
    [InlineData("", false)]
    public async Task A_hundred_megabytes_of_a_head(string begin, bool tls)
    {
        string end = await PouredAsync(begin, tls);
        Assert.True(end.Length == 0 || end.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), end);
    }

    [Theory]
    [InlineData("Content-Length: 104857600")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_hundred_megabytes_of_a_body(string framing)
    {
        foreach (string target in new[] { "POST /v1/jobs", $"POST /v1/jobs/{JobId.New(DateTimeOffset.UtcNow)}/cancel", "GET /v1/self", "POST /v1/leases/steal" })
        {
            string chunk = framing.EndsWith("chunked", StringComparison.Ordinal) ? "6400000\r\n" : string.Empty;
            string end = await PouredAsync($"{target} HTTP/1.1\r\nHost: web-001\r\nContent-Type: application/json\r\n{framing}\r\n\r\n{chunk}", tls: true);
            Assert.True(end.Length == 0 || end.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), end);
        }
    }

    [Fact]
    public async Task A_hundred_megabytes_behind_a_right_order_are_no_part_of_it()
    {
        var siege = await Siege.BeforeAsync(agent);
        var order = SignedRequest.Mark(agent.Alice);
        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            var ending = peer.ReadToEndAsync();
            Assert.True(await peer.SendAsync(order.WithHead("Connection: close\r\n", "").ToBytes()));
            Assert.True(await peer.PourAsync(Piece, Most) < Most);
            Assert.StartsWith("HTTP/1.1 202 ", await ending, StringComparison.Ordinal);
        }

        await agent.RanAsync(order.Nonce);
        siege.CostsAtMost(64 * 1024 * 1024);
        await siege.EndsAsync(96 * 1024 * 1024, order);
    }

    [Fact]
    public async Task Many_small_fields_of_a_head()
    {
        var siege = await Siege.BeforeAsync(agent);
        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            var ending = peer.ReadToEndAsync();
            await peer.SendAsync("GET /v1/self HTTP/1.1\r\nHost: web-001\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", 5000)) + "\r\n");
            string end = await ending;
            Assert.True(end.Length == 0 || end.StartsWith("HTTP/1.1 431 ", StringComparison.Ordinal), end);
        }

        await siege.EndsAsync();
    }

    [Fact]
    public async Task Records_of_one_byte()
    {
        var siege = await Siege.BeforeAsync(agent);
        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            foreach (byte one in SignedRequest.Get(agent.Alice, "/v1/self").ToBytes())
            {
                Assert.True(await peer.SendAsync(new[] { one })); // a record each
            }

            Assert.StartsWith("HTTP/1.1 200 ", await peer.ReadToEndAsync(), StringComparison.Ordinal); // slow, and right
        }

        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            var ending = peer.ReadToEndAsync();
            await peer.SendAsync("GET /v1/self HTTP/1.1\r\nX-Large: ");
            long taken = await peer.PourAsync("x"u8.ToArray(), 50 * Limits.HeadBytes);
            Assert.True(taken < 50 * Limits.HeadBytes, "it took all of it");
            string end = await ending;
            Assert.True(end.Length == 0 || end.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), end);
        }

        await siege.EndsAsync();
    }

    [Fact]
    public async Task A_second_handshake_within_the_first_and_records_that_are_none()
    {
        var siege = await Siege.BeforeAsync(agent);
        byte[] hello = [0x16, 0x03, 0x01, 0x00, 0x04, 0x01, 0x00, 0x00, 0x00]; // a ClientHello in the clear: what a renegotiation of TLS 1.2 began with
        byte[] sealedTwice = [0x17, 0x03, 0x03, 0x40, 0x00, .. new byte[0x4000]]; // as large as a record may be, and not made with the key
        byte[] tooLarge = [0x17, 0x03, 0x03, 0xff, 0xff, .. new byte[0xffff]]; // RFC 8446 5.2: 2^14 + 256 bytes
        foreach (byte[] bytes in new[] { hello, sealedTwice, tooLarge })
        {
            await using var peer = await FloodPeer.TlsAsync(agent.Address);
            await peer.SendRawAsync(bytes);
            Assert.Empty(await peer.ReadToEndAsync());
        }

        await siege.ServesAsync();
        await siege.EndsAsync();
    }

    [Fact]
    public async Task Thousands_of_pipelined_requests()
    {
        var siege = await Siege.BeforeAsync(agent);
        byte[] asks = [.. Enumerable.Repeat("GET /healthz HTTP/1.1\r\nHost: web-001\r\n\r\n"u8.ToArray(), Pipelined).SelectMany(one => one)];
        await using (var peer = await FloodPeer.TlsAsync(agent.Address))
        {
            var answers = peer.ReadUntilAsync("HTTP/1.1 200 OK", Pipelined);
            Assert.True(await peer.SendAsync(asks));
            await siege.ServesAsync();
            Assert.Equal(Pipelined, await answers); // in turn, and each
            siege.CostsAtMost(96 * 1024 * 1024);
        }

        await siege.EndsAsync();
    }

    /// <summary>What came back of a hundred megabytes that began so, of which it must not have taken all.</summary>
    private async Task<string> PouredAsync(string begin, bool tls)
    {
        var siege = await Siege.BeforeAsync(agent);
        string end;
        await using (var peer = await (tls ? FloodPeer.TlsAsync(agent.Address) : FloodPeer.PlainAsync(agent.Address)))
        {
            var ending = peer.ReadToEndAsync();
            await peer.SendAsync(Encoding.Latin1.GetBytes(begin));
            var pouring = peer.PourAsync(Piece, Most);
            await siege.ServesAsync();
            Assert.True(await pouring < Most, "it took all of it");
            end = await ending;
        }

        siege.CostsAtMost(64 * 1024 * 1024);
        await siege.EndsAsync();
        return end;
    }
}
