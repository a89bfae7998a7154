using System.Net.Sockets;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>How an agent ends of SIGTERM and SIGINT.</summary>
[Trait("Category", "EndToEnd")]
public class StopTests
{
    private const int SigInt = 2; // signal(7)

    [Theory]
    [InlineData(Libc.SIGTERM)]
    [InlineData(SigInt)]
    public async Task A_stop_takes_no_new_connection_and_lets_a_running_sync_finish(int signal)
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder, bigBytes: 4_000_000);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("slow", origin.Big, TestOrigin.Slowly(400)));
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", agent.Address)).ExitCode);
        agent.Signal(signal);
        await agent.LogHasAsync("stopping: 1 jobs get up to 30 s: rsync slow");
        await Eventually.TrueAsync(() => IsRefused(agent.Address));
        Assert.False(agent.HasExited, "the sync ended too early to show that nothing is accepted while it runs");
        Assert.Equal(0, await agent.ExitAsync());
        Assert.Equal(4_000_000, new FileInfo(agent.Setup.Target("slow/" + TestOrigin.BigName)).Length);
        Assert.Empty(agent.Children);
        AssertNothingTemporary(agent);
    }

    [Fact]
    public async Task A_sync_longer_than_the_grace_is_stopped_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var agent = await StartSlowAsync(folder, origin, "--shutdown-grace", "1");
        Assert.Equal(0, await agent.StopAsync());
        Assert.Contains(agent.Log, line => line.Contains("jobs get up to 1 s", StringComparison.Ordinal));
        Assert.Empty(agent.Children);
        Assert.False(File.Exists(agent.Setup.Target("slow/" + TestOrigin.BigName)));
        AssertNothingTemporary(agent);
    }

    [Theory]
    [InlineData(Libc.SIGTERM)]
    [InlineData(SigInt)]
    public async Task A_second_signal_cuts_the_grace(int signal)
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        await using var agent = await StartSlowAsync(folder, origin, "--shutdown-grace", "3600");
        agent.Signal(Libc.SIGTERM);
        await agent.LogHasAsync("stopping: 1 jobs");
        agent.Signal(signal);
        Assert.Equal(0, await agent.ExitAsync());
        Assert.Empty(agent.Children);
        AssertNothingTemporary(agent);
    }

    [Fact]
    public async Task A_command_that_outlasts_the_grace_is_stopped()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "wait = sleep 600", Arguments = ["--shutdown-grace", "1"] });
        var call = ClientCall.RunAsync("exec wait", agent.Address);
        await Eventually.TrueAsync(() => agent.Children.Count == 1);
        int sleep = agent.Children[0];
        Assert.Equal(0, await agent.StopAsync());
        Assert.False(ProcFacts.IsLive(sleep));
        Assert.NotEqual(0, (await call).ExitCode);
    }

    [Fact]
    public async Task Silent_connections_do_not_hold_up_a_stop()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Arguments = ["--socket-timeout", "3600", "--shutdown-grace", "1"] });
        int before = ProcFacts.Descriptors(agent.Pid);
        using var silent = new TcpClient(agent.Address, 3440);
        await Eventually.TrueAsync(() => ProcFacts.Descriptors(agent.Pid) > before);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Theory]
    [InlineData(Libc.SIGTERM)]
    [InlineData(SigInt)]
    public async Task A_stop_before_it_is_ready_ends_with_0_and_one_line(int signal)
    {
        using var folder = new TempFolder();
        using var stubborn = await Bystander.StartAsync(ignoresTerm: true);
        var setup = new AgentSetup(folder.Path);
        Leftover.Put(setup, Leftover.Of(stubborn.Pid));
        await using var agent = RunningAgent.Launch(setup);
        await agent.LogHasAsync("an earlier daemon left pid"); // It waits now, three seconds, for one that ignores TERM.
        agent.Signal(signal);
        Assert.Equal(0, await agent.ExitAsync());
        Assert.DoesNotContain("accepts orders", agent.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("deploy: error", agent.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", agent.LogText, StringComparison.Ordinal);
        Assert.True(stubborn.IsLive);
        Assert.True(File.Exists(Leftover.PathOf(setup, stubborn.Pid)), "the record has to stay for the next start");
        Assert.True(IsRefused(agent.Address));
    }

    private static async Task<RunningAgent> StartSlowAsync(TempFolder folder, TestOrigin origin, params string[] arguments)
    {
        var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Arguments = arguments }.WithGroup("slow", origin.Big, TestOrigin.Slowly(100)));
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", agent.Address)).ExitCode);
        Assert.NotEmpty(agent.Children);
        return agent;
    }

    private static bool IsRefused(string address)
    {
        try
        {
            using var client = new TcpClient(address, 3440);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static void AssertNothingTemporary(RunningAgent agent) =>
        Assert.DoesNotContain(Directory.GetFiles(agent.Setup.Targets, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).StartsWith('.'));
}
