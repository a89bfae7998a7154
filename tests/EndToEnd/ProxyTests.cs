using System.Text.Json.Nodes;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The published proxy between the published client and agents.</summary>
[Trait("Category", "EndToEnd")]
public class ProxyTests
{
    private const int SigHup = 1; // signal(7)
    private const string Key = "end-to-end-api-key";

    [Fact]
    public async Task Orders_go_through_it_and_come_back_host_by_host()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var one = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo %s" }.WithGroup("site", origin.Site));
        await using var two = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo %s" }.WithGroup("site", origin.Site));
        await using var proxy = await RunningProxy.StartAsync(folder, [one.Address, two.Address], "thread_timeout = 60\nsocket_timeout = 60");

        var said = await proxy.OrderAsync("groups:web", "--order=exec", "--options=say,a b+c%d&e");
        Assert.Equal(2, said.Out.Split('\n').Count(line => line == "  a b+c%d&e"));
        Assert.Equal((0, string.Empty), (said.ExitCode, said.Error));

        Assert.Equal(0, (await proxy.OrderAsync("groups:web", "--order=rsync", "--options=site")).ExitCode);
        foreach (var agent in new[] { one, two })
        {
            await Eventually.TrueAsync(() => File.Exists(Path.Combine(agent.Setup.Target("site"), "css/main.css")));
        }

        await Eventually.TrueAsync(() => one.Children.Count + two.Children.Count == 0);
        var status = await proxy.OrderAsync($"hosts:{two.Address}", "--order=status", "--options=site", "--json");
        var answer = JsonNode.Parse(status.Out)![proxy.Address]!["status"]!["content"]!.AsObject();
        Assert.Equal([two.Address], answer.Select(host => host.Key));
        Assert.Equal("0", answer[two.Address]!["status"]!["content"]!["transferFilesCount"]!.ToString());

        Assert.Equal(11, (await proxy.OrderAsync("hosts:127.0.0..", "--order=status", "--options=site")).ExitCode);
        Assert.DoesNotContain(Key, proxy.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_one_of_many_agents_hanging_and_one_refusing_the_others_results_arrive()
    {
        const int Hosts = 200, Wait = 3;
        using var folder = new TempFolder();
        byte[] answer = Deploy.Tests.Api.ProxyWireTests.Answer("{\n\"return\": \"true\",\n\"content\": \"\",\n\"command\": \"\"\n}");
        await using var good = new ScriptedServer(peer => peer.SendAsync(answer), "0.0.0.0");
        await using var hanging = new ScriptedServer(peer => peer.HangAsync(), "127.43.5.1");
        string[] agents = [.. Enumerable.Range(1, Hosts - 2).Select(number => $"127.43.5.{number}:{good.Port}"), $"127.43.5.1:{hanging.Port}", "127.43.5.1:1"];
        await using var proxy = await RunningProxy.StartAsync(folder, agents, $"thread_timeout = {Wait}\nsocket_timeout = {Wait}");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var run = await proxy.OrderAsync("groups:web", "--order=exec", "--options=x", "--json");
        Assert.InRange(watch.Elapsed.TotalSeconds, Wait - 0.5, Wait + 30);
        var hosts = JsonNode.Parse(run.Out)![proxy.Address]!["exec"]!["content"]!.AsObject();
        Assert.Equal(agents, hosts.Select(host => host.Key));
        Assert.Equal(Hosts - 2, hosts.Count(host => host.Value!["exec"]!["returnCode"]?.ToString() == "200"));
        Assert.Equal($"Process Timeout({Wait})!", hosts[agents[^2]]!["exec"]!["content"]!.ToString());
        Assert.Equal("can't connect to 127.43.5.1:1", hosts[agents[^1]]!["exec"]!["content"]!.ToString());
        Assert.InRange(ProcFacts.ResidentBytes(proxy.Pid), 1, 100 * 1024 * 1024);
        Assert.Contains("partial: 200 hosts by the API key line-2: 198 ok, 1 unreachable, 1 unknown", proxy.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_sends_what_is_known_and_a_reload_takes_new_keys()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo hi" });
        await using var hanging = new ScriptedServer(peer => peer.HangAsync());
        await using var proxy = await RunningProxy.StartAsync(folder, [agent.Address, $"127.0.0.1:{hanging.Port}"], "thread_timeout = 600\nsocket_timeout = 600");
        Assert.Equal(0, (await proxy.OrderAsync($"hosts:{agent.Address}", "--order=exec", "--options=say")).ExitCode);

        proxy.WriteApi(["127.0.0.1:1"]);
        proxy.Signal(SigHup);
        await proxy.LogHasAsync("the configuration was read again");
        Assert.Equal(11, (await proxy.OrderAsync($"hosts:{agent.Address}", "--order=exec", "--options=say")).ExitCode);
        proxy.WriteApi([agent.Address, $"127.0.0.1:{hanging.Port}"]);
        proxy.Signal(SigHup);
        await Eventually.TrueAsync(() => proxy.Log.Count(line => line.Contains("the configuration was read again", StringComparison.Ordinal)) == 2);

        var order = proxy.OrderAsync("groups:web", "--order=exec", "--options=say");
        await Eventually.TrueAsync(() => hanging.Connections == 1);
        proxy.Signal(Deploy.Processes.Native.Libc.SIGTERM);
        await proxy.LogHasAsync("stopping: 1 jobs");
        proxy.Signal(Deploy.Processes.Native.Libc.SIGTERM);
        var run = await order;
        Assert.Contains("  hi", run.Out, StringComparison.Ordinal);
        Assert.Equal(4, run.ExitCode);
        Assert.Equal(0, await proxy.ExitAsync());
    }
}
