using Deploy.Model;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Agent;

public class KeysReloadTests
{
    [Fact]
    public async Task A_file_that_turns_the_originals_wire_off_needs_no_key_and_is_not_half_written()
    {
        await using var agent = await AgentFixture.StartAsync();
        var before = agent.Daemon.Settings;
        agent.Daemon.Reload(before with { KeyCipher = null, LegacyPeers = [] });
        Assert.Contains("403", (await agent.OrderAsync("status", "site")).StatusLine, StringComparison.Ordinal);
        agent.Daemon.Reload(before);
        Assert.Throws<UserError>(() => agent.Daemon.Reload(before with { KeyCipher = null }));
        Assert.Throws<UserError>(() => agent.Daemon.Reload(before with { AllowedHosts = [], LegacyPeers = [] }));
        Assert.Equal(before, agent.Daemon.Settings);
    }
}
