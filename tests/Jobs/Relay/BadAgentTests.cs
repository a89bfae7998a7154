using System.Text;
using System.Text.Json.Nodes;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Proxy;
using Deploy.Protocol;
using Deploy.Tests.Api;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Relay;

/// <summary>One agent of several that does what no agent should: it costs its own result, and nobody else's.</summary>
public class BadAgentTests
{
    private const string True = "{\n\"return\": \"true\",\n\"content\": \"\",\n\"command\": \"\"\n}";

    /// <summary>What it does, and its result: serverStatus, return, returnCode, content (a pattern over JSON).</summary>
    public static TheoryData<string, Func<string>, string> Agents { get; } = new()
    {
        { "garbage", () => "\0\u00ff\u00fe<html>", "1 0 null null" },
        { "closes", () => string.Empty, "1 0 null null" },
        { "half a head", () => "HTTP/1.1 200 OK\r\nContent-Le", "1 0 null null" },
        { "half a body", () => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\n\"return\": \"tr", "1 0 null null" },
        { "no length", () => "HTTP/1.1 200 OK\r\n\r\n" + True, "1 1 \"200\" {.*\"return\":\"true\".*}" },
        { "two lengths", () => "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "1 0 null null" },
        { "huge length", () => "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", "1 0 null \"its answer is over 128 MiB\"" },
        { "endless head", () => "HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000), "1 0 null null" },
        { "chunks", () => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "1 0 null null" },
        { "ssl", () => "ssl-length:10\r\n\r\n0123456789", "1 0 null \"Protocol mismatch\\.\"" },
        { "no JSON", () => Whole("it works!"), "1 1 \"200\" \"it works!\"" },
        { "empty", () => Whole(string.Empty), "1 1 \"200\" null" },
        { "deep JSON", () => Whole(new string('[', 15) + new string(']', 15)), "1 1 \"200\" \\S+" },
        { "very deep JSON", () => Whole(new string('[', 100_000)), "1 1 \"200\" \\S+" },
        { "JSON twice", () => Whole(True + True), "1 1 \"200\" .*" },
        { "a cut list", () => Whole("{\n\"return\": \"true\",\n\"transferNewFiles\": [\n\"a\",\n\"b"), "1 1 \"200\" {.*\"unread\":\\[.*}" },
        { "an unescaped name", () => Whole("{\n\"transferNewFiles\": [\n\"a\\#015b\",\n\"say \"hi\"\"\n],\n\"return\": \"true\"\n}"), "1 1 \"200\" {\"return\":\"true\",\"transferNewFiles\":\\[\"a\\\\\\\\#015b\",\"say \\\\u0022hi\\\\u0022\"\\]}" },
        { "another host's result", () => Whole("{\"web\":{\"exec\":{\"serverStatus\":1}}}"), "1 1 \"200\" {.*}" },
        { "500", () => "HTTP/1.1 500 \u001b[2J\r\nContent-Length: 3\r\n\r\n\u001b[m", "1 0 \"500\" \"\\\\u001B\\[m\"" },
        { "30 MB of no text with 500", () => $"HTTP/1.1 500 Oops\r\n\r\n{new string('\u00FF', 30_000_000)}", "1 0 \"500\" \"its answer of 30000000 bytes is left out: .*\"" },
        { "30 MB of no text", () => Whole("{\"return\": \"" + new string('\u00FF', 30_000_000)), "1 1 \"200\" \"its answer of 30000012 bytes is left out: .* not UTF-8\"" },
        { "4 million values, 8 MB", () => Whole("[0" + string.Concat(Enumerable.Repeat(",0", 3_999_900)) + "]"), "1 [01] .*" },
        { "401", () => "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "1 0 \"401\" null" },
        { "100 MB of a list", () => Whole("{\n\"return\": \"true\",\n\"transferNewFiles\": [\n" + string.Concat(Enumerable.Repeat("\"" + new string('n', 1000) + "\",\n", 100_000)) + "\"z\"\n]\n}"), "1 1 \"200\" {.*}" },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Agents))]
    public async Task It_costs_its_own_result_alone(string name, Func<string> answer, string expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(answer());
        await using var bad = new ScriptedServer(peer => peer.SendAsync(bytes));
        await AssertAsync(name, bad, expected);
    }

    [Fact(Timeout = 120_000)]
    public async Task Silence_a_trickle_and_a_reset_cost_their_own_result_alone()
    {
        await using var silent = new ScriptedServer(peer => peer.HangAsync());
        await AssertAsync("silent", silent, "1 0 null null");
        await AssertAsync("silent", silent, "0 0 null \"Process Timeout\\(1\\)!\"", settings => settings with { HostTimeout = TimeSpan.FromSeconds(1), HostSocketTimeout = TimeSpan.FromSeconds(1) });
        await using var trickle = new ScriptedServer(async peer =>
        {
            for (byte[] rest = ProxyWireTests.Answer(True); rest.Length > 0; rest = rest[1..])
            {
                await peer.SendAsync(rest.AsMemory(0, 1));
                await Task.Delay(200, peer.Stopped);
            }
        });
        await AssertAsync("a byte now and then", trickle, "0 0 null \"Process Timeout\\(2\\)!\"");
        await using var reset = new ScriptedServer(peer =>
        {
            peer.Reset();
            return Task.CompletedTask;
        });
        await AssertAsync("reset", reset, "1 0 null null");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_is_not_there_or_of_another_wire_costs_its_own_result_alone()
    {
        await using var good = ScriptedServer.Answering(ProxyWireTests.Answer(True));
        await using var proxy = await ProxyFixture.StartAsync([("127.43.3.1", 1), (good.Address, good.Port), ("no-such-host.invalid", 1), ("v1", 1), ("ssl", 1)], settings => settings with
        {
            Hosts = settings.Hosts.ToDictionary(pair => pair.Key, pair => pair.Value with
            {
                Wire = pair.Key == "v1:1" ? HostWire.V1 : HostWire.Legacy,
            }),
        });
        var answer = JsonNode.Parse((await proxy.OrderAsync("exec", "x")).Body)!.AsObject();
        Assert.Equal(["127.43.3.1:1", $"{good.Address}:{good.Port}", "no-such-host.invalid:1", "v1:1", "ssl:1"], answer.Select(host => host.Key));
        Assert.Matches("^0 0 null \"can.*t connect to 127.43.3.1:1\"$", Shown(answer["127.43.3.1:1"]!));
        Assert.Matches("^0 0 null \"can.*t connect to no-such-host.invalid:1\"$", Shown(answer["no-such-host.invalid:1"]!));
        Assert.Matches("^0 0 null \"not asked: ", Shown(answer["v1:1"]!));
        Assert.Matches("^1 1 \"200\" ", Shown(answer[$"{good.Address}:{good.Port}"]!));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_is_not_reached_is_called_as_it_was_ordered()
    {
        await using var proxy = await ProxyFixture.StartAsync([("web1", 1)], settings => settings with
        {
            Hosts = settings.Hosts.ToDictionary(pair => "web1", pair => pair.Value with { Name = "web1", Address = "127.51.0.1" }),
            Groups = new Dictionary<string, HostSet> { ["web"] = HostSet.Of(["web1"]) },
        });
        var answer = JsonNode.Parse((await proxy.OrderAsync("exec", "x")).Body)!.AsObject();
        Assert.Equal("0 0 null \"can't connect to web1:1\"", Shown(answer["web1"]!));
        Assert.Equal("can't connect to [::1]:3440", ((LegacyString)LegacyResult.Of(new NotReached("::1", 3440, "connection refused")).Result.Content).Text);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_whole_request_may_take_no_longer_every_host_has_a_result()
    {
        await using var good = ScriptedServer.Answering(ProxyWireTests.Answer(True));
        await using var silent = new ScriptedServer(peer => peer.HangAsync());
        await using var proxy = await ProxyFixture.StartAsync([(good.Address, good.Port), (silent.Address, silent.Port)], settings => settings with { MaxRequestTime = TimeSpan.FromSeconds(1) });
        var answer = JsonNode.Parse((await proxy.OrderAsync("exec", "x")).Body)!.AsObject();
        Assert.Equal(["1 1 \"200\"", "0 0 null \"Process Timeout(1)!\""], answer.Select(host => Shown(host.Value!)).Select(text => text.Split(" {")[0]));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stop_answers_what_is_known()
    {
        await using var good = ScriptedServer.Answering(ProxyWireTests.Answer(True));
        await using var silent = new ScriptedServer(peer => peer.HangAsync());
        await using var proxy = await ProxyFixture.StartAsync([(good.Address, good.Port), (silent.Address, silent.Port)], settings => settings with { FanOut = 1, HostTimeout = TimeSpan.FromMinutes(5), HostSocketTimeout = TimeSpan.FromMinutes(5) });
        var order = proxy.OrderAsync("exec", "x");
        while (silent.Connections == 0)
        {
            await Task.Delay(20);
        }

        using var grace = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await proxy.Daemon.StopAsync(grace.Token);
        var answer = JsonNode.Parse((await order).Body)!.AsObject();
        Assert.Equal(["1 1 \"200\"", "1 0 null \"Interrupted, may have started!\""], answer.Select(host => Shown(host.Value!)).Select(text => text.Split(" {")[0]));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_leaves_stops_nothing()
    {
        var answered = new TaskCompletionSource();
        await using var slow = new ScriptedServer(async peer =>
        {
            await Task.Delay(500, peer.Stopped);
            await peer.SendAsync(ProxyWireTests.Answer(True));
            answered.TrySetResult();
        });
        await using var proxy = await ProxyFixture.StartAsync([(slow.Address, slow.Port)]);
        using (var gone = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp))
        {
            await gone.ConnectAsync(proxy.Address);
            await gone.SendAsync(Encoding.ASCII.GetBytes(ProxyFixture.Request("exec", "x", "groups:web")));
            while (slow.Connections == 0)
            {
                await Task.Delay(20);
            }
        }

        await answered.Task;
        while (!proxy.Log.Entries.Any(entry => entry.Message.Contains(": ok: 1 host", StringComparison.Ordinal)))
        {
            await Task.Delay(20);
        }
    }

    private static string Whole(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static async Task AssertAsync(string name, ScriptedServer bad, string expected, Func<ProxySettings, ProxySettings>? change = null)
    {
        await using var good = ScriptedServer.Answering(ProxyWireTests.Answer(True));
        await using var other = ScriptedServer.Answering(ProxyWireTests.Answer(True));
        await using var proxy = await ProxyFixture.StartAsync(
            [(good.Address, good.Port), (bad.Address, bad.Port), (other.Address, other.Port)],
            settings => (change ?? (same => same))(settings with { HostTimeout = TimeSpan.FromSeconds(name.Contains("MB", StringComparison.Ordinal) ? 60 : 2), HostSocketTimeout = TimeSpan.FromSeconds(1) }));
        var reply = await proxy.OrderAsync("rlist", "x");
        Assert.Equal("HTTP/1.1 200 OK", reply.StatusLine);
        var answer = JsonNode.Parse(reply.Body)!.AsObject();
        Assert.Equal([$"{good.Address}:{good.Port}", $"{bad.Address}:{bad.Port}", $"{other.Address}:{other.Port}"], answer.Select(host => host.Key));
        Assert.Matches("(?s)^" + expected + "$", Shown(answer[1]!.AsObject(), "rlist"));
        Assert.All([answer[0]!, answer[2]!], host => Assert.StartsWith("1 1 \"200\" {\"return\":\"true\"", Shown(host.AsObject(), "rlist"), StringComparison.Ordinal));
    }

    private static string Shown(JsonNode host, string order = "exec")
    {
        var result = host[order]!.AsObject();
        Assert.Equal(["serverStatus", "return", "returnCode", "returnString", "content"], result.Select(member => member.Key));
        string content = result["content"]?.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal) ?? "null";
        return $"{result["serverStatus"]} {result["return"]} {result["returnCode"]?.ToJsonString() ?? "null"} {content}";
    }
}
