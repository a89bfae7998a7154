using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes.Agent;

/// <summary>The samples in packaging/ are read without a mistake or a warning.</summary>
public class SampleTests
{
    [Fact]
    public void The_sample_agent_is_read_without_a_word()
    {
        string packaging = Path.Combine(SourceTree.Root, "packaging");
        var config = AgentIniFile.Read(
            Path.Combine(packaging, "deploy_agent.ini"),
            AgentOverrides.None,
            "host",
            path => ConfigFile.Read(path.Replace("/etc/deploy", packaging, StringComparison.Ordinal)));
        var valid = Assert.IsType<AgentConfig.Valid>(config);
        Assert.Empty(valid.Warnings);
        Assert.Equal(["disk", "reload-web"], valid.Settings.Commands.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("/srv/www/site", valid.Settings.Groups["site"].Target);
    }
}
