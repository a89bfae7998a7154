using Deploy.Modes.Pins;
using Deploy.Modes.Proxy;
using Deploy.Protocol.V1;
using Xunit;

namespace Deploy.Tests.Modes.Proxy;

public class HowToTrustTests
{
    [Theory]
    [InlineData(3440, "", "deploy client trust --known-agents /k web-1, then reload the proxy")]
    [InlineData(3450, ChangedKey.Replacing, "deploy client trust --known-agents /k web-1:3450 --replace PIN, then reload the proxy")]
    public void What_makes_an_agents_key_known_is_a_command_line_and_a_reload(int port, string more, string expected) =>
        Assert.Equal(expected, AgentPins.HowToTrust(new ProxySettings { KnownAgentsFile = "/k" }, new V1Peer("web-1", "web-1", port), more));
}
