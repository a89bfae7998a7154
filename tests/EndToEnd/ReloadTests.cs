using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>SIGHUP: new settings for the next order, the old ones after a mistake, and what runs goes on.</summary>
[Trait("Category", "EndToEnd")]
public class ReloadTests
{
    private const int SigHup = 1; // signal(7)
    private const string Done = "the configuration was read again";
    private const string Broken = "the configuration has mistakes, the old one stays in force";

    [Fact]
    public async Task New_commands_groups_and_hosts_apply_to_the_next_order()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo old" };
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
        Assert.Equal(11, (await ClientCall.RunAsync("status site", agent.Address)).ExitCode);

        (setup with { Commands = "say = echo new" }).WithGroup("site", origin.Site).Write();
        await ReloadAsync(agent, Done);
        Assert.Contains("  new", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
        Assert.Equal(0, (await ClientCall.RunAsync("status site", agent.Address)).ExitCode);

        (setup with { AllowedHosts = ["192.0.2.1"] }).Write();
        await ReloadAsync(agent, Done);
        Assert.Equal(11, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);

        setup.Write();
        await ReloadAsync(agent, Done);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
    }

    [Fact]
    public async Task A_file_that_lost_its_key_and_hosts_or_is_a_pipe_changes_nothing_and_a_stop_still_works()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo old" };
        await using var agent = await RunningAgent.StartAsync(setup);
        File.WriteAllText(setup.IniPath, string.Empty); // as an editor leaves it in the middle of a save
        Assert.Contains("is empty", await ReloadAsync(agent, Broken), StringComparison.Ordinal);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);

        File.Delete(setup.IniPath);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [setup.IniPath]))
        {
            await mkfifo.WaitForExitAsync();
        }

        Assert.Contains("is no regular file", await ReloadAsync(agent, Broken), StringComparison.Ordinal);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task A_file_with_mistakes_is_reported_with_each_place_and_changes_nothing()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo old" };
        await using var agent = await RunningAgent.StartAsync(setup);

        File.WriteAllText(setup.IniPath, "[server]\nport = 99999999\nbacklog = many\n");
        string said = await ReloadAsync(agent, Broken);
        Assert.Contains($"{setup.IniPath}:2:8:", said, StringComparison.Ordinal);
        Assert.Contains($"{setup.IniPath}:3:11:", said, StringComparison.Ordinal);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);

        File.Delete(setup.IniPath);
        Assert.Contains(setup.IniPath, await ReloadAsync(agent, Broken), StringComparison.Ordinal);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);

        File.WriteAllBytes(setup.IniPath, [0xff, 0xfe, 0, 0, (byte)'[', 10, (byte)'=', 10]);
        await ReloadAsync(agent, Broken);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);

        (setup with { Commands = "say = echo new" }).Write();
        await ReloadAsync(agent, Done);
        Assert.Contains("  new", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
    }

    [Fact]
    public async Task A_file_that_is_cut_short_does_not_take_limits_away()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Toml = "[command.say]\nargv = [\"/bin/echo\", \"old\"]\n[sync.site]\norigin = \"o::m/\"\ntarget = \"/nowhere\"\n[sync.site.guard]\nprotect = [\"uploads/**\"]\n" };
        await using var agent = await RunningAgent.StartAsync(setup);
        string whole = File.ReadAllText(setup.ConfigPath);
        foreach (string cut in new[] { whole[..whole.IndexOf("protect", StringComparison.Ordinal)], whole[..^4] })
        {
            File.WriteAllText(setup.ConfigPath, cut);
            Assert.Contains("half written", await ReloadAsync(agent, Broken), StringComparison.Ordinal);
        }

        File.WriteAllText(setup.ConfigPath, whole.Replace("old", "new", StringComparison.Ordinal));
        await ReloadAsync(agent, Done);
        Assert.Contains("  new", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
    }

    [Fact]
    public async Task A_reload_that_turns_ssl_on_changes_nothing()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo old" };
        await using var agent = await RunningAgent.StartAsync(setup);
        (setup with { Server = "ssl = true\nssl_private_key = /nowhere.pem", Commands = "say = echo new" }).Write();
        await ReloadAsync(agent, Broken);
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
    }

    [Fact]
    public async Task A_running_sync_goes_on_through_reloads_and_can_still_be_stopped()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100));
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", agent.Address)).ExitCode);
        var pids = agent.Children.Order().ToList();
        Assert.NotEmpty(pids);

        File.WriteAllText(setup.IniPath, "no section\n[server\n");
        await ReloadAsync(agent, Broken);
        setup.Write();
        for (int times = 0; times < 20; times++)
        {
            agent.Signal(SigHup); // As many as come: they may fall together.
        }

        await ReloadAsync(agent, Done);
        Assert.Equal(pids, agent.Children.Order());
        Assert.Contains("a sync is running", (await ClientCall.RunAsync("status slow", agent.Address)).Out, StringComparison.Ordinal);
        Assert.Contains("stopped (pid ", (await ClientCall.RunAsync("rkill slow", agent.Address)).Out, StringComparison.Ordinal);
        Assert.Empty(agent.Children);
    }

    [Fact]
    public async Task A_new_address_is_left_for_a_restart_and_said()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo old" };
        await using var agent = await RunningAgent.StartAsync(setup);
        File.WriteAllText(setup.IniPath, File.ReadAllText(setup.IniPath).Replace("port = 3440", "port = 3449", StringComparison.Ordinal));
        await ReloadAsync(agent, Done);
        await agent.LogHasAsync("needs a restart: addr and port");
        Assert.Equal(0, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);
    }

    private static async Task<string> ReloadAsync(RunningAgent agent, string said)
    {
        int before = agent.Log.Count;
        agent.Signal(SigHup);
        return await agent.LogHasAsync(said, before);
    }
}
