using System.Text;
using Deploy.Tests.Security.Keys;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>
/// Floods that last as long as the agent's patience: all at once on one agent, so that they take a quarter of a minute and not one each. A test looks at how one of them was ended, and at the agent
/// behind all of them.
/// </summary>
public sealed class StallingFloods : IAsyncLifetime, IDisposable
{
    private const int Peers = 100; // of each
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    /// <summary>The begin of a ClientHello, RFC 8446 4.1.2, whose record has 512 bytes.</summary>
    private static readonly byte[] HalfHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. new byte[100]];

    private readonly AttackedAgent agent = new();
    private readonly Dictionary<string, Task<string[]>> ends = [];
    private Siege siege = null!;
    private Task served = Task.CompletedTask;

    /// <summary>What each peer of a flood was told until it was closed.</summary>
    public Task<string[]> EndsOf(string flood) => ends[flood];

    /// <summary>The order whose body did not come.</summary>
    internal SignedRequest Order { get; private set; } = null!;

    /// <summary>Waits for all floods; then the agent is what it was, and no more was done than ordered.</summary>
    public async Task BehindAsync()
    {
        await Task.WhenAll(ends.Values);
        await served;
        await agent.NothingAsync(Order.Nonce);
        await siege.EndsAsync();
    }

    public async Task InitializeAsync()
    {
        await agent.InitializeAsync();
        siege = await Siege.BeforeAsync(agent);
        Order = SignedRequest.Mark(new TestKey(11, "alice"));
        string order = Encoding.Latin1.GetString(Order.ToBytes());
        Begin("silence behind the connection", tls: false, []);
        Begin("silence behind the handshake", tls: true, []);
        Begin("half a hello", tls: false, HalfHello);
        Begin("a hello that trickles", tls: false, HalfHello, trickles: true);
        Begin("half a request line", tls: true, "GET /v1/se"u8.ToArray());
        Begin("a head", tls: true, "GET /v1/self HTTP/1.1\r\nX-Slow: "u8.ToArray(), trickles: true);
        Begin("a plain head", tls: false, "GET /v1/self HTTP/1.1\r\nX-Slow: "u8.ToArray(), trickles: true);
        Begin("a body", tls: true, Encoding.Latin1.GetBytes(order[..(order.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 5)]), trickles: true);
        Begin("a chunked body", tls: true, "POST /v1/jobs HTTP/1.1\r\nHost: web-001\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n"u8.ToArray(), trickles: true);
        served = siege.ServesAsync();
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAny(Task.WhenAll(ends.Values));
        await agent.DisposeAsync();
    }

    public void Dispose() => agent.Dispose();

    /// <summary>From an address of its own: all of them together are more than one may hold.</summary>
    private void Begin(string name, bool tls, byte[] said, bool trickles = false)
    {
        string from = $"127.62.2.{ends.Count + 1}";
        ends[name] = Task.WhenAll(Enumerable.Range(0, Peers).Select(_ => StallAsync(from, tls, said, trickles)));
    }

    /// <summary>One peer: says this, then nothing or a byte now and then, until it is closed.</summary>
    private async Task<string> StallAsync(string from, bool tls, byte[] said, bool trickles)
    {
        await using var peer = await (tls ? FloodPeer.TlsAsync(agent.Address, from) : FloodPeer.PlainAsync(agent.Address, from));
        if (said.Length > 0)
        {
            await peer.SendAsync(said);
        }

        return trickles ? await peer.TrickleAsync("x"u8.ToArray(), Pause) : await peer.ReadToEndAsync();
    }
}
