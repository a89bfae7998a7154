using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>kill -9 of an agent, what the next one finds, and whom it must never touch.</summary>
[Trait("Category", "EndToEnd")]
public class KilledAgentTests
{
    private const int SigStop = 19; // signal(7), x86 and ARM

    [Fact]
    public async Task What_a_killed_agent_left_running_is_stopped_by_the_next_and_nothing_else_is()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        using var bystander = await Bystander.StartAsync();
        var setup = new AgentSetup(folder.Path) { Commands = "wait = sleep 600" }.WithGroup("slow", origin.Big, TestOrigin.Slowly(100));
        await using var other = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        await using var killed = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", killed.Address, other.Address)).ExitCode);
        var call = ClientCall.RunAsync("exec wait", killed.Address);
        await Eventually.TrueAsync(() => killed.Children.Any(pid => ProcFacts.Arguments(pid) == "sleep 600 "));
        var left = killed.Children;
        var others = other.Children;
        Assert.True(left.Count >= 3, $"a sync and a command run: {string.Join(' ', left)}");

        // Stopped, they can neither end by themselves of the broken pipe nor of TERM: only a KILL that finds them helps.
        Assert.All(left, pid => Assert.Equal(0, Libc.kill(pid, SigStop)));
        await killed.KillAsync();
        Assert.Equal(4, (await call).ExitCode); // It may have run: unknown.
        Assert.All(left, pid => Assert.True(ProcFacts.IsLive(pid)));

        await using var next = await RunningAgent.StartAsync(setup);
        Assert.All(left, pid => Assert.False(ProcFacts.IsLive(pid)));
        string said = await next.LogHasAsync("stopped what an agent that was killed had left: pids");
        Assert.EndsWith(string.Join(' ', left.Order()), said, StringComparison.Ordinal);
        Assert.True(bystander.IsLive);
        Assert.Equal(others.Order(), other.Children.Order());
        Assert.Empty(Directory.GetFiles(Path.Combine(setup.StateDirectory, "children")));
        Assert.Contains("nothing was running", (await ClientCall.RunAsync("rkill slow", next.Address)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_agents_sync_is_over_once_the_next_is_ready_and_can_be_ordered_again()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100)).WithGroup("site", origin.Site);
        await using (var killed = await RunningAgent.StartAsync(setup))
        {
            Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", killed.Address)).ExitCode);
            var left = killed.Children;
            Assert.NotEmpty(left);
            await killed.KillAsync();
            await using var next = await RunningAgent.StartAsync(setup);
            Assert.All(left, pid => Assert.False(ProcFacts.IsLive(pid)));
            Assert.Contains("the sync runs", (await ClientCall.RunAsync("rsync slow", next.Address)).Out, StringComparison.Ordinal);
            Assert.Equal(0, (await ClientCall.RunAsync("rsync site", next.Address)).ExitCode);
            Assert.Equal(0, (await ClientCall.RunAsync("rkill slow", next.Address)).ExitCode);
            await next.NoChildrenAsync();
            Assert.True(File.Exists(setup.Target("site/index.html")));
        }
    }

    [Fact]
    public async Task Records_of_another_boot_and_of_a_recycled_pid_stop_nothing_and_a_true_one_does()
    {
        using var folder = new TempFolder();
        using var otherBoot = await Bystander.StartAsync();
        using var recycled = await Bystander.StartAsync();
        using var torn = await Bystander.StartAsync();
        using var true_ = await Bystander.StartAsync();
        var setup = new AgentSetup(folder.Path);
        Leftover.Put(setup, Leftover.Of(otherBoot.Pid) with { Boot = "00000000-0000-0000-0000-000000000000/1" });
        Leftover.Put(setup, Leftover.Of(recycled.Pid) with { StartTicks = Leftover.Of(recycled.Pid).StartTicks - 1 });
        Leftover.Put(setup, Leftover.Of(true_.Pid));
        File.WriteAllBytes(Leftover.PathOf(setup, torn.Pid), Leftover.Of(torn.Pid).ToBytes()[..^2]);
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.EndsWith($"pids {true_.Pid}", await agent.LogHasAsync("stopped what an agent"), StringComparison.Ordinal);
        Assert.False(true_.IsLive);
        Assert.True(otherBoot.IsLive && recycled.IsLive && torn.IsLive);
        Assert.Empty(Directory.GetFiles(Path.Combine(setup.StateDirectory, "children")));
        Assert.Equal(0, await agent.StopAsync());
        Assert.True(otherBoot.IsLive && recycled.IsLive && torn.IsLive);
    }

    [Fact]
    public async Task Records_in_a_directory_that_others_may_write_are_not_believed()
    {
        using var folder = new TempFolder();
        using var victim = await Bystander.StartAsync();
        var setup = new AgentSetup(folder.Path);
        Leftover.Put(setup, Leftover.Of(victim.Pid));
#pragma warning disable CA1416 // Linux alone.
        File.SetUnixFileMode(Path.Combine(setup.StateDirectory, "children"), (UnixFileMode)0x1FF); // 0777
#pragma warning restore CA1416
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.True(victim.IsLive);
        Assert.Contains("no records of running children", agent.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_agent_on_one_state_directory_ends_with_1_and_the_first_goes_on()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(100));
        await using var first = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", first.Address)).ExitCode);
        var pids = first.Children;
        var second = await ProgramRun.RunAsync([.. setup.CommandLine, "--addr", LoopbackAddress.Next()]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"deploy: error: state directory {setup.StateDirectory} is in use by another daemon", second.ErrorLines);
        Assert.Contains("deploy: hint: stop that one (it may be stopping still), or give this one its own: --state-dir DIR", second.ErrorLines);
        Assert.Equal(pids.Order(), first.Children.Order());
        Assert.Equal(0, (await ClientCall.RunAsync("rkill slow", first.Address)).ExitCode);
    }

    [Fact]
    public async Task Without_a_state_directory_that_can_be_written_it_runs_with_one_warning()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], string.Empty);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path)
        {
            GivesStateDirectory = false,
            Environment = new Dictionary<string, string?> { ["STATE_DIRECTORY"] = folder["file/state"] },
            Commands = "say = echo here",
        });
        string warning = Assert.Single(agent.Log, line => line.Contains(" warning ", StringComparison.Ordinal));
        Assert.Contains("--state-dir DIR", warning, StringComparison.Ordinal);
        Assert.Contains("nothing that is ordered is recorded in an audit log", warning, StringComparison.Ordinal);
        Assert.Contains("  here", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);
    }

    [Fact]
    public async Task A_secure_agent_does_not_run_where_nothing_that_is_ordered_could_be_recorded()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], string.Empty);
        File.WriteAllText(folder["agent.toml"], $"[agent]\nlisten = [\"{LoopbackAddress.Next()}:3440\"]\n[allow]\nhosts = [\"127.0.0.1\"]\n");
        var run = await ProgramRun.RunAsync(["agent", "--config", folder["agent.toml"]], new Dictionary<string, string?> { ["STATE_DIRECTORY"] = folder["file/state"] });
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.ErrorLines, line => line.StartsWith($"deploy: error: state directory {folder["file/state"]} cannot be written", StringComparison.Ordinal) && line.EndsWith("without it nothing that is ordered could be recorded", StringComparison.Ordinal));
        Assert.Contains("deploy: hint: give another: --state-dir DIR", run.ErrorLines);
        Assert.False(File.Exists(folder["host_key.pem"])); // it did not come so far
    }

    [Fact]
    public async Task A_state_directory_that_was_asked_for_and_cannot_be_written_is_an_error()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], string.Empty);
        var setup = new AgentSetup(folder.Path) { GivesStateDirectory = false, Arguments = ["--state-dir", folder["file/state"]] };
        setup.Write();
        var run = await ProgramRun.RunAsync(setup.CommandLine);
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.ErrorLines, line => line.StartsWith($"deploy: error: state directory {folder["file/state"]} cannot be written", StringComparison.Ordinal));
        Assert.Contains("deploy: hint: give another: --state-dir DIR", run.ErrorLines);
    }

    [Fact]
    public async Task Systemds_state_directory_is_used()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path)
        {
            GivesStateDirectory = false,
            Environment = new Dictionary<string, string?> { ["STATE_DIRECTORY"] = folder["systemd"] },
        });
        Assert.True(Directory.Exists(folder["systemd/children"]));
        Assert.DoesNotContain(" warning ", agent.LogText, StringComparison.Ordinal);
    }
}
