using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The main job, from the command line to rsync and back, with the binary that ships and a real rsync daemon.</summary>
[Trait("Category", "EndToEnd")]
public class MainJobTests
{
    [Fact]
    public async Task A_tree_is_previewed_deployed_found_unchanged_and_cleaned_of_a_stale_file()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Site));

        var status = await ClientCall.RunAsync("status site", agent.Address);
        Assert.Equal((0, string.Empty), (status.ExitCode, status.Error));
        Assert.Matches("ok +2 +10 B$", Row(status, agent));
        Assert.False(Directory.Exists(agent.Setup.Target("site"))); // A preview writes nothing.
        Assert.Empty(agent.Children);

        var names = await ClientCall.RunAsync("rlist site", agent.Address);
        Assert.Equal(0, names.ExitCode);
        Assert.Contains("  + css/main.css", names.Lines);
        Assert.Contains("  + index.html", names.Lines);
        Assert.Empty(agent.Children);

        Assert.Equal(0, (await ClientCall.RunAsync("rsync site", agent.Address)).ExitCode);
        await agent.NoChildrenAsync();
        Assert.Equal("index", File.ReadAllText(agent.Setup.Target("site/index.html")));
        Assert.Equal("style", File.ReadAllText(agent.Setup.Target("site/css/main.css")));

        Assert.Matches("unchanged +0 +0 B$", Row(await ClientCall.RunAsync("status site", agent.Address), agent));

        File.WriteAllText(agent.Setup.Target("site/stale.html"), "old");
        Assert.Contains("  - stale.html", (await ClientCall.RunAsync("rlist site", agent.Address)).Lines);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync site", agent.Address)).ExitCode);
        await agent.NoChildrenAsync();
        Assert.False(File.Exists(agent.Setup.Target("site/stale.html")));
        Assert.True(File.Exists(agent.Setup.Target("site/index.html")));

        Assert.Equal(0, await agent.StopAsync());
        Assert.DoesNotContain(agent.Log, line => line.Contains(" error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_runs_and_its_failure_is_told()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = printf %%s+ %s\nfail = ls /nowhere-at-all" });
        var said = await ClientCall.RunAsync(["exec", "say", "a b", "$(id)"], [agent.Address]);
        Assert.Equal(0, said.ExitCode);
        Assert.Contains("  a b+$(id)+", said.Lines);
        var failed = await ClientCall.RunAsync("exec fail", agent.Address);
        Assert.Equal(2, failed.ExitCode);
        Assert.Contains("/nowhere-at-all", failed.Out, StringComparison.Ordinal);
        Assert.Equal(11, (await ClientCall.RunAsync("exec nosuch", agent.Address)).ExitCode);
        await agent.NoChildrenAsync();
    }

    [Fact]
    public async Task A_slow_sync_is_seen_running_refuses_a_second_and_is_stopped_with_all_its_processes()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        Assert.Contains("the sync runs", Row(await ClientCall.RunAsync("rsync slow", agent.Address), agent), StringComparison.Ordinal);
        var pids = agent.Children;
        Assert.NotEmpty(pids);

        var status = await ClientCall.RunAsync("status slow", agent.Address);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains($"a sync is running (pid {string.Join(' ', pids.Order())})", Row(status, agent), StringComparison.Ordinal);

        var second = await ClientCall.RunAsync("rsync slow", agent.Address);
        Assert.Equal(11, second.ExitCode);
        Assert.Contains("already running", Row(second, agent), StringComparison.Ordinal);
        Assert.Equal(pids.Order(), agent.Children.Order());

        var stop = await ClientCall.RunAsync("rkill slow", agent.Address);
        Assert.Equal(0, stop.ExitCode);
        Assert.Contains("stopped (pid ", Row(stop, agent), StringComparison.Ordinal);
        Assert.Empty(agent.Children);
        Assert.All(pids, pid => Assert.False(ProcFacts.IsLive(pid)));
        Assert.False(File.Exists(agent.Setup.Target("slow/" + TestOrigin.BigName)));
        Assert.Contains("nothing was running", Row(await ClientCall.RunAsync("rkill slow", agent.Address), agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_three_hosts_the_one_that_is_down_costs_its_own_line_which_is_last()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var first = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Site));
        await using var second = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Site));
        string down = LoopbackAddress.Next();
        var run = await ClientCall.RunAsync("rsync site", down, first.Address, second.Address);
        Assert.Equal(4, run.ExitCode);
        string[] rows = [.. run.Lines.Where(line => line.StartsWith("127.", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];
        Assert.Equal([first.Address, second.Address, down], rows);
        Assert.Contains("3 hosts: 2 ok, 1 unreachable", run.Lines);
        await first.NoChildrenAsync();
        await second.NoChildrenAsync();
        Assert.True(File.Exists(first.Setup.Target("site/index.html")));
        Assert.True(File.Exists(second.Setup.Target("site/index.html")));
    }

    [Fact]
    public async Task A_host_that_refuses_is_bit_2_beside_others_and_11_alone()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var good = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Site));
        await using var refusing = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { AllowedHosts = ["192.0.2.1"] }.WithGroup("site", origin.Site));
        await using var otherKey = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Server = "key_cipher = another" }.WithGroup("site", origin.Site));
        Assert.Equal(2, (await ClientCall.RunAsync("rsync site", good.Address, refusing.Address)).ExitCode);
        Assert.Equal(6, (await ClientCall.RunAsync("rsync site", good.Address, refusing.Address, LoopbackAddress.Next())).ExitCode);
        Assert.Equal(11, (await ClientCall.RunAsync("rsync site", refusing.Address)).ExitCode);
        Assert.Equal(12, (await ClientCall.RunAsync("rsync site", otherKey.Address)).ExitCode);
        Assert.False(Directory.Exists(refusing.Setup.Target("site")));
        Assert.False(Directory.Exists(otherKey.Setup.Target("site")));
        await good.NoChildrenAsync();
    }

    private static string Row(ProgramRun run, RunningAgent agent) => Assert.Single(run.Lines, line => line.StartsWith(agent.Address + " ", StringComparison.Ordinal));
}
