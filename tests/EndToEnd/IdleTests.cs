using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>An agent that has nothing to do does nothing.</summary>
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
}
