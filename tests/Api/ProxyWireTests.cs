using System.Net;
using System.Text.Json.Nodes;
using Deploy.Model.Hosts;
using Deploy.Protocol;
using Deploy.Security;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

/// <summary>What a proxy takes and what it refuses, over its wire.</summary>
public class ProxyWireTests
{
    private const string True = "{\n\"return\": \"true\",\n\"content\": \"\",\n\"command\": \"\"\n}";

    /// <summary>args, API key, status, and the body of a refusal.</summary>
    public static TheoryData<string, string, int, string> Orders { get; } = new()
    {
        { "hosts:127.43.1.1", "keyweb", 200, string.Empty },
        { "HOSTS: 127.43.1.1 , ,", "keyweb", 200, string.Empty },
        { "groups:web", "keyweb", 200, string.Empty },
        { "groups:WEB", "keyweb", 200, string.Empty },
        { "groups:upper", "keyall", 200, string.Empty },
        { "groups:Upper,web", "keyall", 200, string.Empty },
        { "groups:upper", "keyweb", 403, "You don't have permisson to access on this[upper]." },
        { "hosts:127.43.1.2", "keyweb", 403, "You don't have permisson to access on this[127.43.1.2]." },
        { "hosts:127.43.1.1,127.43.1.2", "keyweb", 403, "You don't have permisson to access on this[127.43.1.2]." },
        { "hosts:127.43.1.", "keyweb", 403, "You don't have permisson to access on this[127.43.1.]." },
        { "hosts:127.43.1..", "keyweb", 403, "You don't have permisson to access on this[127.43.1..]." },
        { "hosts:127.43.1.[1-2]", "keyweb", 403, "You don't have permisson to access on this[127.43.1.[1-2]]." },
        { "hosts:127.43.1.0/24", "keyweb", 403, "You don't have permisson to access on this[127.43.1.0/24]." },
        { "hosts:*", "keyweb", 403, "You don't have permisson to access on this[*]." },
        { "hosts:@web", "keyweb", 403, "You don't have permisson to access on this[@web]." },
        { "hosts:web", "keyweb", 403, "You don't have permisson to access on this[web]." },
        { "hosts:!127.43.1.2", "keyweb", 403, "You don't have permisson to access on this[!127.43.1.2]." },
        { "groups:.*", "keyweb", 403, "You don't have permisson to access on this[.*]." },
        { "groups:W[E]B", "keyweb", 403, "You don't have permisson to access on this[w[e]b]." },
        { "groups:empty", "keyweb", 403, "This group[empty] has no hosts." },
        { "groups:empty,web", "keyweb", 200, string.Empty },
        { "hosts:", "keyweb", 403, "Syntax error, unrecognized expression: [hosts:]" },
        { "hosts: ,  , ", "keyweb", 403, "Syntax error, unrecognized expression: [hosts: ,  ,]" },
        { "groups:,", "", 403, "Syntax error, unrecognized expression: [groups:,]" },
        { "", "keyweb", 403, "Syntax error, unrecognized expression: []" },
        { "host:127.43.1.1", "keyweb", 403, "Syntax error, unrecognized expression: [host:127.43.1.1]" },
        { "hosts", "keyweb", 403, "Syntax error, unrecognized expression: [hosts]" },
        { "hosts:127.43.1.1", "", 403, "You don't have permisson to access on this[127.43.1.1]." },
        { "hosts:127.43.1.1", "KEYWEB", 403, "You don't have permisson to access on this[127.43.1.1]." },
        { "hosts:127.43.1.1", " keyweb%0a", 200, string.Empty },
        { "hosts:127.43.1.1", "%00", 403, "You don't have permisson to access on this[127.43.1.1]." },
        { "hosts:%1b[2J%0a", "x", 403, "You don't have permisson to access on this[\\x1b[2j]." },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_key_opens_its_groups_and_their_hosts_by_name_and_nothing_else(string args, string key, int status, string body)
    {
        await using var agent = ScriptedServer.Answering(Answer(True));
        await using var proxy = await StartAsync(agent);
        var reply = await proxy.OrderAsync("exec", "x", args, key);
        Assert.StartsWith($"HTTP/1.1 {status} ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Equal("text/plain; charset=utf-8", reply.Headers["Content-Type"]);
        Assert.StartsWith("deploy/", reply.Headers["Server"], StringComparison.Ordinal);
        if (status == 200)
        {
            Assert.StartsWith("{\n   \"127.43.1.1\" : {\n      \"exec\" : {\n         \"serverStatus\" : 1,\n", reply.Body, StringComparison.Ordinal);
            Assert.Equal(1, agent.Connections);
        }
        else
        {
            Assert.Equal((body, 0), (reply.Body, agent.Connections));
        }
    }

    /// <summary>Target, body and status.</summary>
    public static TheoryData<string, string, int> Paths { get; } = new()
    {
        { "/api/exec/x/hosts:127.43.1.1/keyweb", "", 200 },
        { "/agent/exec/x/hosts:127.43.1.1/keyweb?y=1", "", 200 },
        { "//api//exec/x/hosts:127.43.1.1/keyweb/more", "", 200 },
        { "/api/exec/x/hosts:127.43.1.1/keyweb", "options=y&args=hosts:no&api_key=no", 200 },
        { "/api/exec/0/0/0", "options=x&args=hosts:127.43.1.1&api_key=keyweb", 200 },
        { "/api/exec///", "options=x&args=hosts:127.43.1.1&api_key=keyweb", 200 },
        { "/api/exec//hosts:127.43.1.1/keyweb", "options=x", 200 },
        { "/api/exec/x", "args=hosts:127.43.1.1&api_key=keyweb", 200 },
        { "/api/exec/x/hosts:127.43.1.1/", "api_key=keyweb", 200 },
        { "/api/exec/x/hosts%3A127.43.1.1/keyweb", "", 403 },
        { "/api/exec/x/hosts:127.43.1.1/%6beyweb", "", 403 },
        { "/api/exec/x/hosts:127.43.1.1/..", "api_key=keyweb", 403 },
        { "/api/Exec/x/hosts:127.43.1.1/keyweb", "", 404 },
        { "/Api/exec/x/hosts:127.43.1.1/keyweb", "", 404 },
        { "/api/exe./x/hosts:127.43.1.1/keyweb", "", 404 },
        { "/api", "", 404 },
        { "/", "", 404 },
        { "/api/../agent/exec/x", "args=hosts:127.43.1.1&api_key=keyweb", 404 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_stands_in_the_path_beats_the_fields_and_is_not_decoded(string target, string body, int status)
    {
        byte[]? asked = null;
        await using var agent = new ScriptedServer(peer => peer.SendAsync(Answer(True, asked = peer.Request)));
        await using var proxy = await StartAsync(agent);
        var reply = await proxy.SendAsync(body.Length == 0 ? $"GET {target} HTTP/1.1\r\n\r\n" : $"POST {target} HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.StartsWith($"HTTP/1.1 {status} ", reply.StatusLine, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? "x" : null, asked is null ? null : LegacyForm.Parse(asked.AsSpan(asked.AsSpan().IndexOf("\r\n\r\n"u8) + 4)).Options);
        Assert.DoesNotContain(proxy.Log.Entries, entry => entry.Message.Contains("keyweb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_decoded_once_and_encoded_once_and_nothing_else_of_the_client_goes_on()
    {
        byte[] asked = [];
        await using var agent = new ScriptedServer(peer => peer.SendAsync(Answer(True, asked = peer.Request)));
        await using var proxy = await StartAsync(agent);
        await proxy.OrderAsync("exec", "say,a+b%26c%2525%ff%c3%a9", "hosts:127.43.1.1", "keyweb");
        string text = System.Text.Encoding.Latin1.GetString(asked);
        Assert.Matches("^POST /agent/exec HTTP/1.1\r\nConnection: close\r\nContent-Length: \\d+\r\n\r\nauth_key=[0-9a-f]{32}\\d+&options=say,a%20b%26c%2525\u00ff\u00c3\u00a9&args=&api_key=$", text);
    }

    [Fact]
    public async Task A_peer_that_is_not_in_the_allow_list_reads_its_own_address()
    {
        await using var agent = ScriptedServer.Answering(Answer(True));
        await using var proxy = await StartAsync(agent);
        var reply = await proxy.SendAsync(ProxyFixture.Request("exec", "x", "groups:web", "keyweb"), IPAddress.Parse("127.43.9.9"));
        Assert.Equal(("HTTP/1.1 403 Permission Denied", "Your IP[127.43.9.9] doesn't have permisson to access on this server."), (reply.StatusLine, reply.Body));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Keys_of_any_length_that_are_none_are_refused_alike(int length)
    {
        await using var agent = ScriptedServer.Answering(Answer(True));
        await using var proxy = await StartAsync(agent);
        var reply = await proxy.OrderAsync("exec", "x", "groups:web", new string('k', length));
        Assert.Equal("You don't have permisson to access on this[web].", reply.Body);
    }

    [Fact]
    public async Task A_proxy_without_keys_and_hosts_refuses_everything()
    {
        await using var proxy = await ProxyFixture.StartAsync(new Deploy.Modes.Proxy.ProxySettings { AllowedHosts = ["127.0.0.1"] });
        Assert.Equal("You don't have permisson to access on this[web].", (await proxy.OrderAsync("exec", "x", "groups:web", "")).Body);
        Assert.Equal("You don't have permisson to access on this[a].", (await proxy.OrderAsync("exec", "x", "hosts:a", "key")).Body);
    }

    [Fact]
    public async Task Neither_keys_nor_args_get_into_the_log()
    {
        await using var agent = ScriptedServer.Answering(Answer(True));
        await using var proxy = await StartAsync(agent);
        await proxy.OrderAsync("exec", "name,secret-argument", "hosts:127.43.1.1", "keyweb");
        await proxy.OrderAsync("exec", "x", "secret-key", "groups:web");
        await proxy.SendAsync("GET /api/exec/x/secret-key/groups:web HTTP/1.1\r\n\r\n");
        await proxy.SendAsync("GET /api/none/x/hosts:127.43.1.1/secret-key HTTP/1.1\r\n\r\n");
        string log = string.Join('\n', proxy.Log.Entries.Select(entry => entry.Message));
        Assert.Contains("exec name from 127.0.0.1:", log, StringComparison.Ordinal);
        Assert.Contains(": ok: 1 host by the API key w: 1 ok", log, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", log, StringComparison.Ordinal);
        Assert.DoesNotContain("keyweb", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_list_of_256_KiB_is_read_and_a_longer_one_is_not()
    {
        await using var agent = ScriptedServer.Answering(Answer(True));
        await using var proxy = await StartAsync(agent);
        string names = string.Concat(Enumerable.Repeat("127.43.1.1,", 23_000));
        Assert.Single(JsonNode.Parse((await proxy.OrderAsync("exec", "x", "hosts:" + names, "keyweb")).Body)!.AsObject());
        Assert.Equal(1, agent.Connections);
        Assert.DoesNotContain("HTTP/1.1 200", (await proxy.OrderAsync("exec", "x", "hosts:" + names + names, "keyweb")).StatusLine, StringComparison.Ordinal);
    }

    /// <summary>A whole answer of an agent.</summary>
    internal static byte[] Answer(string json, params byte[] _) => System.Text.Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {System.Text.Encoding.UTF8.GetByteCount(json)}\r\nConnection: close\r\n\r\n{json}");

    /// <summary>A proxy with two hosts, of which the scripted server is the first.</summary>
    private static Task<ProxyFixture> StartAsync(ScriptedServer agent) => ProxyFixture.StartAsync([(agent.Address, agent.Port)], settings =>
    {
        var host = settings.Hosts.Values.Single() with { Name = "127.43.1.1" };
        var other = host with { Name = "127.43.1.2", Port = 1 };
        return settings with
        {
            Hosts = new[] { host, other }.ToDictionary(one => one.Name, HostName.Comparer),
            Groups = new Dictionary<string, HostSet> { ["web"] = HostSet.Of([host.Name]), ["db"] = HostSet.Of([other.Name]), ["Upper"] = HostSet.Of([host.Name]), ["empty"] = HostSet.Empty },
            ApiKeys = [new ApiKey("w", ApiKey.HashOf("keyweb"), ["web", "empty", "gone"]), new ApiKey("a", ApiKey.HashOf("keyall"), ["web", "db", "Upper"])],
        };
    });
}
