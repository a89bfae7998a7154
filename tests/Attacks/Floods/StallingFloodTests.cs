using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>Connections that say nothing, or so slowly that they would hold what they have for ever: each is closed when its time is over, and operators are served meanwhile.</summary>
[Trait("Category", "EndToEnd")]
public class StallingFloodTests(StallingFloods floods) : IClassFixture<StallingFloods>
{
    private const string TooSlow = "HTTP/1.1 408 ";

    [Fact]
    public Task Silence_behind_the_connection() => EndAsync("silence behind the connection", string.Empty);

    [Fact]
    public Task Silence_behind_the_handshake() => EndAsync("silence behind the handshake", string.Empty);

    [Fact]
    public Task Half_a_ClientHello() => EndAsync("half a hello", string.Empty);

    [Fact]
    public Task A_ClientHello_that_trickles() => EndAsync("a hello that trickles", "\u0015\u0003"); // an alert of TLS, or nothing

    [Fact]
    public Task Half_a_request_line_behind_the_handshake() => EndAsync("half a request line", TooSlow);

    [Fact]
    public Task A_head_that_trickles() => EndAsync("a head", TooSlow);

    [Fact]
    public Task A_head_that_trickles_without_TLS() => EndAsync("a plain head", TooSlow);

    [Fact]
    public Task A_body_that_trickles() => EndAsync("a body", TooSlow);

    [Fact]
    public Task A_chunked_body_that_trickles() => EndAsync("a chunked body", "HTTP/1.1 4"); // what trickles is no chunk

    /// <summary>Each of these was told this, or nothing, and closed; and behind all of them nothing is left.</summary>
    private async Task EndAsync(string flood, string answer)
    {
        foreach (string end in await floods.EndsOf(flood))
        {
            Assert.True(end.Length == 0 || (answer.Length > 0 && end.StartsWith(answer, StringComparison.Ordinal)), end);
        }

        await floods.BehindAsync();
    }
}
