using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>An agent that has nothing to do does nothing, and holds next to nothing.</summary>
[Trait("Category", "EndToEnd")]
public class IdleTests
{
    private const int MostTicks = 2; // 20 ms in the window

    [Fact]
    public async Task It_takes_next_to_no_processor_time()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo here" });
        Assert.Equal(0, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);
        long least = long.MaxValue;
        for (int window = 0; window < 3 && least > MostTicks; window++) // In the first, the order's rest may still be tidied up.
        {
            long before = ProcFacts.CpuTicks(agent.Pid);
            await Task.Delay(TimeSpan.FromSeconds(5));
            least = Math.Min(least, ProcFacts.CpuTicks(agent.Pid) - before);
        }

        Assert.InRange(least, 0, MostTicks);
    }

    [Fact]
    public async Task It_gives_back_the_memory_that_a_burst_of_orders_took()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo here\nmuch = head -c 1000000 /dev/zero" });
        for (int round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
            {
                using var peer = await RawPeer.ConnectAsync(agent.Address);
                await peer.SendAsync(RawPeer.Request("exec", "much"));
                Assert.StartsWith("HTTP/1.1 200 OK", await peer.ReadToEndAsync(), StringComparison.Ordinal);
            }));
        }

        // Its text alone is 19 MiB, after the burst it had some 70; what comes back within seconds comes back within the minute here.
        await Eventually.TrueAsync(() => ProcFacts.ResidentBytes(agent.Pid) < 40 * 1024 * 1024, () => $"{ProcFacts.ResidentBytes(agent.Pid)} bytes resident");
        Assert.Equal(0, (await ClientCall.RunAsync("exec say", agent.Address)).ExitCode);
    }
}
