using System.Net;
using Deploy.Api;
using Deploy.Logs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>What an order leaves in the access log, over a real socket.</summary>
public class AccessLogTests
{
    [Fact]
    public async Task An_order_leaves_its_line_with_every_byte_that_was_sent_and_its_job()
    {
        await using var agent = await AgentFixture.StartAsync();
        var reply = await agent.OrderAsync("status", "127.0.0.1::m/,/nowhere");
        var entry = await OneAsync(agent);
        Assert.Equal(("POST", "/agent/status", "HTTP/1.1", 403, "status"), (entry.Method, entry.Path, entry.HttpVersion, entry.Status, entry.Order));
        Assert.Equal(IPAddress.Loopback, entry.Peer);
        Assert.Equal(reply.Length, entry.BytesSent);
        Assert.Equal(reply.Headers.TryGetValue("Deploy-Job", out string? job) ? job.Split(';')[0] : null, entry.Job);
        Assert.True(entry.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("PUT /agent/status HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "PUT", "/agent/status", "HTTP/1.1", 405)]
    [InlineData("GET /agent/exec?auth_key=KEY&options=o HTTP/1.0\r\n\r\n", "GET", "/agent/exec", "HTTP/1.0", 401)]
    [InlineData("GET /agent/status?auth_key=KEY HTTP/1.1\r\n\r\n", "GET", "/agent/status", "HTTP/1.1", 401)]
    [InlineData("POST /agent/exec/o/hosts:a/KEY HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "POST", "/agent/exec/o/hosts:a/[redacted]", "HTTP/1.1", 401)]
    public async Task A_refusal_leaves_its_line_and_no_key_is_in_either_log(string request, string method, string path, string version, int status)
    {
        await using var agent = await AgentFixture.StartAsync();
        var reply = await agent.SendAsync(request);
        var entry = await OneAsync(agent);
        Assert.Equal((method, path, version, status, (long)reply.Length), (entry.Method, entry.Path, entry.HttpVersion, entry.Status, entry.BytesSent));
        Assert.DoesNotContain(agent.Log.Entries, said => said.Message.Contains("KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_is_not_allowed_leaves_a_line_though_nothing_of_it_is_read()
    {
        await using var agent = await AgentFixture.StartAsync();
        var reply = await agent.SendAsync(AgentFixture.Request("status", "x"), from: IPAddress.Parse("127.42.0.9"));
        var entry = await OneAsync(agent);
        Assert.Equal(("127.42.0.9", "-", "-", 403, (long)reply.Length), (entry.Peer.ToString(), entry.Method, entry.Path, entry.Status, entry.BytesSent));
    }

    [Fact]
    public async Task A_request_that_breaks_off_or_is_too_long_has_its_status_and_one_that_never_was_has_no_line()
    {
        await using var agent = await AgentFixture.StartAsync();
        await agent.SendAsync("GET / KEY HTTP/9.9\r\nauth_key: KEY\r\n\r\n");
        await agent.SendAsync("POST /agent/status HTTP/1.1\r\nHost: x\r\nbad header KEY\r\n\r\n");
        await agent.SendAsync("POST /agent/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nKEY");
        Assert.Equal(400, (await OneAsync(agent)).Status);
        Assert.DoesNotContain(agent.Log.Entries, said => said.Message.Contains("KEY", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "")]
    [InlineData("*", "*")]
    [InlineData("/agent/status?auth_key=KEY", "/agent/status")]
    [InlineData("/agent/status/", "/agent/status/")]
    [InlineData("/agent/status/rsync://h::m/KEY/KEY", "/agent/status/rsync://[redacted]")]
    [InlineData("/agent/status/o/a/", "/agent/status/o/[redacted]/")]
    [InlineData("/agent/status/o/a/KEY", "/agent/status/o/[redacted]/[redacted]")]
    [InlineData("/agent/status///KEY/x", "/agent/status///[redacted]")]
    [InlineData("/agent//status/o/a/KEY", "/agent//status/[redacted]/[redacted]")]
    [InlineData("/agent/status&auth_key=KEY&options=KEY", "/agent/status&auth_key[redacted]")]
    [InlineData("/agent/status%3FAPI_KEY=KEY", "/agent/status%3FAPI_KEY[redacted]")]
    [InlineData("http://KEY:KEY@host:3440/agent/status", "/agent/status")]
    [InlineData("http://KEY", "/")]
    public void A_path_is_logged_without_what_may_be_a_key(string target, string logged) => Assert.Equal(logged, LoggedPath.Of(target));

    private static async Task<AccessEntry> OneAsync(AgentFixture agent)
    {
        await EndToEnd.Harness.Eventually.TrueAsync(() => !agent.Log.Requests.IsEmpty); // it comes after the answer
        return Assert.Single(agent.Log.Requests);
    }
}
