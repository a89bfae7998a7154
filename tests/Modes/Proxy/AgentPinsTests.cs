using Deploy.Model.Hosts;
using Deploy.Modes.Proxy;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Modes.Proxy;

/// <summary>What a proxy says at its start and at each reload of a file of pins that is not there.</summary>
public class AgentPinsTests
{
    [Fact]
    public void A_file_of_pins_that_is_not_there_is_named_with_the_next_step()
    {
        using var folder = new TempFolder();
        string path = folder["known_agents"];
        var settings = AgentPins.Load(new ProxySettings
        {
            KnownAgentsFile = path,
            Hosts = new Dictionary<string, ProxyHost>(HostName.Comparer) { ["web-1"] = new ProxyHost { Name = "web-1", Address = "192.0.2.1", Port = 3440, Wire = HostWire.V1 } },
        });
        Assert.Equal(
            $"1 of 1 hosts are asked by v1, are elsewhere and have no pin, since {path} is not there, so they are not asked; the first is web-1: deploy client trust --known-agents {path} 192.0.2.1, then reload the proxy",
            Assert.Single(AgentPins.Warnings(settings, "proxy.toml")).What);
        File.CreateSymbolicLink(path, "nowhere");
        Assert.Empty(AgentPins.Load(settings).KnownAgents!.All);
        Assert.Contains($", since {path} is a link that leads nowhere, ", Assert.Single(AgentPins.Warnings(settings, "proxy.toml")).What, StringComparison.Ordinal);
        File.WriteAllText(folder["nowhere"], string.Empty);
        Assert.Contains("have no pin, so they", Assert.Single(AgentPins.Warnings(settings, "proxy.toml")).What, StringComparison.Ordinal);
    }
}
