using Deploy.Model;
using Deploy.Model.Jobs;
using Xunit;
using static Deploy.Tests.Attacks.Liars.Story;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>A proxy that is another one, or does not speak as v1 does: key, channel, HTTP, JSON, events.</summary>
[Trait("Category", "EndToEnd")]
public sealed class FalseWireTests(WireLies lies) : IClassFixture<WireLies>, IDisposable
{
    private readonly DeceivedClient client = new();

    public static TheoryData<string> Lies => new(WireLies.Cases.Keys);

    public void Dispose() => client.Dispose();

    /// <summary>It is an answer that is lost: the exit code is 4, one line says why, and another one what to do.</summary>
    [Theory]
    [MemberData(nameof(Lies))]
    public async Task What_v1_does_not_say_is_no_answer(string lie)
    {
        var run = await lies.RunOf(lie);
        Assert.Empty(run.Out);
        Assert.Single(run.ErrorLines, line => line.StartsWith("deploy: error: 127.62.2.1:", StringComparison.Ordinal));
        Assert.Single(run.ErrorLines, line => line.StartsWith("deploy: hint: ", StringComparison.Ordinal) && line.Contains("deploy client watch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_key_than_the_known_gets_nothing()
    {
        await using var proxy = new FalseProxy(new Story().Told());
        using var known = FalseProxy.NewKey();
        var run = await client.RunAsync(proxy, 12, ["exec", "mark", "--hosts", "web-1,web-2"], proxy.KnownLine(known));
        Assert.Contains("host key has changed", run.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("deploy client watch", run.Error, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_key_that_changes_while_the_job_is_followed()
    {
        await using var proxy = new FalseProxy(new Story().Told()) { Keys = [FalseProxy.NewKey(), FalseProxy.NewKey()] };
        var run = await client.OrderAsync(proxy, 4);
        Assert.Contains("host key has changed", run.Error, StringComparison.Ordinal);
        Assert.Contains("deploy client watch", run.Error, StringComparison.Ordinal);
        Assert.Equal("POST /v1/jobs", Assert.Single(proxy.Requests).Line);
    }

    [Fact]
    public async Task TLS_1_2_alone_gets_nothing()
    {
        await using var proxy = new FalseProxy(new Story().Told()) { Speaks = System.Security.Authentication.SslProtocols.Tls12 };
        var run = await client.OrderAsync(proxy, 4);
        Assert.Contains("TLS 1.3", run.Error, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("jobs", "{\"items\":[null]}")]
    [InlineData("hosts", "{\"items\":[null]}")]
    [InlineData("leases", "[null]")]
    public async Task A_list_with_a_hole(string what, string list)
    {
        await using var proxy = new FalseProxy(_ => Json(200, list));
        var run = await client.RunAsync(proxy, 4, [what]);
        Assert.Single(run.ErrorLines, line => line.StartsWith("deploy: error: 127.62.2.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = new FalseProxy(new Story().Told());
        await using var proxy = new FalseProxy(_ => System.Text.Encoding.Latin1.GetBytes($"HTTP/1.1 307 Moved\r\nLocation: https://{other.Name}/v1/jobs\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        await client.OrderAsync(proxy, 4);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task HTTP_1_0_says_the_same()
    {
        var truth = new Story().Told();
        await using var proxy = new FalseProxy(request => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(truth(request)).Replace("HTTP/1.1 ", "HTTP/1.0 ", StringComparison.Ordinal)));
        await client.OrderAsync(proxy, 0);
    }

    [Fact]
    public async Task An_event_stream_without_end_is_left_at_the_deadline()
    {
        await using var proxy = WireLies.Streaming([Hello(), .. Enumerable.Repeat(Bookmark(), 1000)], _ => Bookmark());
        await client.OrderAsync(proxy, 13, "--deadline", "2s");
    }

    [Fact]
    public async Task States_without_end_are_left_at_the_deadline()
    {
        long rev = 1;
        await using var proxy = WireLies.Streaming([Hello()], spec => Host(spec, "web-1", rev++ % 2 == 0 ? HostState.Running : HostState.Connecting, rev));
        await client.OrderAsync(proxy, 13, "--deadline", "2s");
    }

    [Fact]
    public async Task Hosts_without_end_cost_no_memory()
    {
        int number = 2;
        await using var proxy = WireLies.Streaming([Hello()], spec => Host(spec, $"web-{++number}", HostState.Running, 1, host => host with { Reason = new string('x', 4000) }));
        await client.OrderAsync(proxy, 13, "--deadline", "4s");
    }
}
