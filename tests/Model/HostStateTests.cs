using Deploy.Model;
using Xunit;

namespace Deploy.Tests.Model;

public class HostStateTests
{
    [Fact]
    public void A_terminal_state_has_no_way_out_and_every_other_has()
    {
        foreach (var from in Enum.GetValues<HostState>())
        {
            Assert.Equal(!from.IsTerminal(), Enum.GetValues<HostState>().Any(to => from.MayBecome(to)));
        }
    }

    [Fact]
    public void Every_terminal_state_can_be_reached() => Assert.All(
        Enum.GetValues<HostState>().Where(state => state.IsTerminal()),
        to => Assert.Contains(Enum.GetValues<HostState>(), from => from.MayBecome(to)));
}
