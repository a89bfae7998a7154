using System.Net;
using System.Text.Json;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>The checks and errors of docs/legacy.md, over a real socket.</summary>
public class AgentWireTests
{
    [Theory]
    [InlineData("status", "", "HTTP/1.1 400 Bad Request", "empty value in options!")]
    [InlineData("rlist", "nosuchgroup", "HTTP/1.1 400 Bad Request", "empty value in options!")]
    [InlineData("rkill", "nosuchgroup", "HTTP/1.1 400 Bad Request", "empty value in options!")]
    [InlineData("rsync", "127.0.0.1::m/,", "HTTP/1.1 400 Bad Request", "empty value in options!")]
    [InlineData("status", "127.0.0.1::m/,/opt/x", "HTTP/1.1 403 Permission Denied", "/opt/x is not allowed!")]
    [InlineData("rkill", "127.0.0.1::m/,tmp/x", "HTTP/1.1 403 Permission Denied", "tmp/x is not allowed!")]
    [InlineData("status", "/etc/,/srv/www", "HTTP/1.1 403 Permission Denied", "/etc/ is not allowed!")]
    [InlineData("status", "host:path,/srv/www", "HTTP/1.1 403 Permission Denied", "host:path is not allowed!")]
    [InlineData("exec", "service:nope", "HTTP/1.1 400 Bad Request", "exec[service:nope] not found!")]
    [InlineData("exec", "", "HTTP/1.1 400 Bad Request", "exec[] not found!")]
    [InlineData("exec", ",a", "HTTP/1.1 400 Bad Request", "exec[] not found!")]
    [InlineData("exec", ".*", "HTTP/1.1 400 Bad Request", "exec[.*] not found!")]
    [InlineData(".xec", "x", "HTTP/1.1 404 Not Found", "")]
    [InlineData("EXEC", "x", "HTTP/1.1 404 Not Found", "")]
    public async Task A_refused_order_gets_the_originals_words(string order, string options, string status, string body)
    {
        await using var agent = await AgentFixture.StartAsync(settings => settings with { AllowedPaths = ["/srv/www"] });
        var reply = await agent.OrderAsync(order, options);
        Assert.Equal(status, reply.StatusLine);
        Assert.Equal(body, reply.Body);
        Assert.Equal("text/plain; charset=utf-8", reply.Headers["Content-Type"]);
        Assert.Equal("close", reply.Headers["Connection"]);
        Assert.Equal(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), reply.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Address_method_key_and_url_are_checked_in_this_order()
    {
        await using var agent = await AgentFixture.StartAsync();
        string noKey = "PUT /nowhere HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
        var stranger = await agent.SendAsync(noKey, from: IPAddress.Parse("127.0.0.9"));
        Assert.Equal("HTTP/1.1 403 Permission Denied", stranger.StatusLine);
        Assert.Equal("You don't have permission to access.", stranger.Body);
        Assert.Equal("HTTP/1.1 405 Method Not Allowed", (await agent.SendAsync(noKey)).StatusLine);
        Assert.Equal("HTTP/1.1 401 Unauthorized", (await agent.SendAsync(noKey.Replace("PUT", "POST", StringComparison.Ordinal))).StatusLine);
        Assert.Equal("HTTP/1.1 404 Not Found", (await agent.SendAsync($"GET /nowhere?auth_key={AgentFixture.AuthKey()} HTTP/1.1\r\n\r\n")).StatusLine);
    }

    [Fact]
    public async Task A_command_runs_and_answers_in_json()
    {
        await using var agent = await AgentFixture.StartAsync(WithEcho);
        var reply = await agent.OrderAsync("exec", "echo,a,b");
        Assert.Equal("HTTP/1.1 200 OK", reply.StatusLine);
        Assert.Equal("application/json; charset=utf-8", reply.Headers["Content-Type"]);
        using var json = JsonDocument.Parse(reply.Body);
        Assert.Equal("true", json.RootElement.GetProperty("return").GetString());
        Assert.Equal("a b\n"u8.ToArray(), json.RootElement.GetProperty("content").GetBytesFromBase64());
        Assert.Equal("echo a b"u8.ToArray(), json.RootElement.GetProperty("command").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_may_end_with_lf_and_the_peer_may_close_its_side(bool halfClose)
    {
        await using var agent = await AgentFixture.StartAsync(WithEcho);
        string request = AgentFixture.Request("exec", "echo,hi");
        Assert.Equal("HTTP/1.1 200 OK", (await agent.SendAsync(request, halfClose)).StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", (await agent.SendAsync(request.Replace("\r\n", "\n", StringComparison.Ordinal), halfClose)).StatusLine);
        Assert.Equal("HTTP/1.1 200 OK", (await agent.SendAsync($"GET //agent/exec/more?auth_key={AgentFixture.AuthKey()}&options=echo,hi HTTP/1.1\r\n\r\n", halfClose)).StatusLine);
    }

    [Fact]
    public async Task A_peer_with_a_host_header_is_served_too()
    {
        await using var agent = await AgentFixture.StartAsync(WithEcho);
        string request = AgentFixture.Request("exec", "echo,hi").Replace("Connection: close", "Host: x\r\nConnection: close", StringComparison.Ordinal);
        Assert.Equal("HTTP/1.1 200 OK", (await agent.SendAsync(request)).StatusLine);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001", "TLS")]
    [InlineData("aes:QUJD\r\nssl-length:3\r\n\r\nabc", "ssl form")]
    [InlineData("WHO\r\n", "ssl form")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nConn", "head was not complete")]
    public async Task What_this_port_does_not_speak_is_closed_with_one_line(string bytes, string said)
    {
        await using var agent = await AgentFixture.StartAsync(settings => settings with { SocketTimeout = TimeSpan.FromSeconds(2) });
        var reply = await agent.SendAsync(bytes);
        Assert.Equal(string.Empty, reply.StatusLine);
        Assert.Single(agent.Log.Entries, entry => entry.Message.Contains(said, StringComparison.Ordinal) && entry.Message.Contains("127.0.0.1:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\0\0\0\0garbage\r\n\r\n")]
    [InlineData("GET\r\n\r\n")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: x\r\n\r\n")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nNo colon\r\n\r\n")]
    [InlineData("POST /agent/exec HTTP/9.9\r\n\r\n")]
    [InlineData("POST /agent/exec HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n")]
    public async Task A_malformed_request_gets_an_error_and_one_line(string bytes)
    {
        await using var agent = await AgentFixture.StartAsync();
        var reply = await agent.SendAsync(bytes);
        Assert.Matches("^(HTTP/1.1 4.*|HTTP/1.1 505.*|)$", reply.StatusLine);
        Assert.Single(agent.Log.Entries, entry => entry.Message.Contains("from 127.0.0.1:", StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Level <= Deploy.Logs.LogLevel.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_does_not_come_whole_runs_nothing_and_costs_one_line(bool halfClose)
    {
        await using var agent = await AgentFixture.StartAsync(WithEcho);
        var reply = await agent.SendAsync($"POST /agent/exec HTTP/1.1\r\nContent-Length: 9999\r\n\r\nauth_key={AgentFixture.AuthKey()}&options=echo,hi", halfClose);
        Assert.Equal(halfClose ? string.Empty : "HTTP/1.1 408 Request Timeout", reply.StatusLine);
        await Until(() => agent.Log.Entries.Any(entry => entry.Message.StartsWith("connection from 127.0.0.1:", StringComparison.Ordinal)));
        Assert.Single(agent.Log.Entries, entry => entry.Message.Contains("127.0.0.1:", StringComparison.Ordinal) && !entry.Message.StartsWith("agent ", StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Log.Entries, entry => entry.Message.StartsWith("job ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exec", "x\u001b[2J%0a2026-11-22 agent forged")]
    [InlineData("status", "h::m/%0aforged,/srv/www")]
    [InlineData("status", "h::m/,/srv/%1b]0;title%07")]
    public async Task What_a_refused_peer_sent_is_safe_in_the_log_and_in_the_answer(string order, string options)
    {
        await using var agent = await AgentFixture.StartAsync(settings => settings with { AllowedPaths = ["/srv/www"] });
        var reply = await agent.OrderAsync(order, options);
        Assert.DoesNotContain(reply.Body, char.IsControl);
        Assert.All(agent.Log.Entries, entry => Assert.DoesNotContain(entry.Message, char.IsControl));
        Assert.Contains(agent.Log.Entries, entry => entry.Message.Contains(" refused: ", StringComparison.Ordinal));
    }

    private static async Task Until(Func<bool> reached)
    {
        for (int i = 0; i < 600 && !reached(); i++)
        {
            await Task.Delay(50);
        }
    }

    private static Deploy.Modes.Agent.AgentSettings WithEcho(Deploy.Modes.Agent.AgentSettings settings) =>
        settings with { Commands = new Dictionary<string, CommandEntry> { ["echo"] = CommandEntry.Parse("echo", "echo %s") } };
}
