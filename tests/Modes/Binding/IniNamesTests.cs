using System.Text;
using System.Text.RegularExpressions;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Ini;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class IniNamesTests
{
    [Theory]
    [InlineData("Agent", "server", "backlog", "agent.backlog")]
    [InlineData("Proxy", "server", "backlog", "proxy.backlog")]
    [InlineData("Agent", "server", "log_error_path", "log.error")]
    [InlineData("Agent", "rsync::group::site", "dest", "sync.site.origin")]
    [InlineData("Agent", "rsync::group::my site", "src", "sync.\"my site\".target")]
    [InlineData("Agent", "server", "key_cipher", "legacy.key_cipher_file")]
    [InlineData("Agent", "server", "max_prefork", null)]
    [InlineData("Agent", "server", "no_such", null)]
    [InlineData("Agent", "client", "port", null)]
    [InlineData("Jobs", "service", "nginx", "command.nginx")]
    [InlineData("Proxy", "client", "port", "hosts.defaults.port")]
    [InlineData("Proxy", "server", "key_cipher", null)]
    [InlineData("Api", "servers", "web", "groups.web")]
    [InlineData("Api", "keys", "hush", null)]
    public void A_key_of_the_original_has_a_name_in_TOML(string kind, string section, string key, string? name) => Assert.Equal(name, IniNames.TomlName(Enum.Parse<IniFileKind>(kind), section, key));

    [Fact]
    public void Every_key_has_either_a_name_or_a_reason()
    {
        Assert.All(IniNames.All, key => Assert.True(IniNames.TomlName(key.Kind, Full(key.Section), key.Key) is null != (IniNames.WhyNone(key.Kind, Full(key.Section), key.Key) is null), key.ToString()));
        Assert.Null(IniNames.WhyNone(IniFileKind.Agent, "server", "no_such"));
    }

    [Fact]
    public void Every_key_of_the_table_is_one_that_the_binders_take()
    {
        Assert.Equal(57, IniNames.All.Count());
        foreach (var (kind, section, key) in IniNames.All)
        {
            var file = new FileContent.Read(Encoding.UTF8.GetBytes($"[{Full(section)}]\n{key} = 1\n"));
            var warnings = (kind == IniFileKind.Agent
                ? AgentIniFile.Read("f", AgentOverrides.None, "h", _ => file) switch { AgentConfig.Valid valid => valid.Warnings, AgentConfig.Invalid invalid => invalid.Warnings, _ => [] }
                : ProxyIniFile.Read("f", ProxyOverrides.None, _ => file) switch { ProxyConfig.Valid valid => valid.Warnings, ProxyConfig.Invalid invalid => invalid.Warnings, _ => [] }).Select(warning => warning.What);
            Assert.DoesNotContain(warnings, warning => warning.StartsWith("unknown", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Modes/Binding/Ini/ServerSection.cs", "Agent", "server", 18)]
    [InlineData("Modes/Binding/Ini/ServerSection.cs", "Proxy", "server", 18)]
    [InlineData("Modes/Agent/Ini/SyncGroupSection.cs", "Agent", "rsync::group::", 8)]
    [InlineData("Modes/Agent/Ini/AgentIniFile.cs", "Agent", "jobs", 1)]
    [InlineData("Modes/Proxy/Ini/ClientSection.cs", "Proxy", "client", 8)]
    [InlineData("Modes/Proxy/Ini/ApiFile.cs", "Proxy", "api", 1)]
    public void Every_key_that_a_binder_takes_is_in_the_table(string source, string kind, string section, int count)
    {
        var keys = Regex.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, source)), "\\.(Scalar|Kept|List|Number|Seconds|Flag|WithoutEffect)\\(\"([a-z_]+)\"").Select(match => match.Groups[2].Value).Distinct().ToList();
        Assert.Equal(count, keys.Count);
        Assert.Empty(keys.Except(IniNames.All.Where(known => known.Kind == Enum.Parse<IniFileKind>(kind) && known.Section == section).Select(known => known.Key)));
    }

    private static string Full(string section) => section == IniNames.GroupPrefix ? section + "site" : section;
}
