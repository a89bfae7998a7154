using System.Text;
using System.Text.RegularExpressions;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Client.Toml;
using Deploy.Modes.Client;
using Deploy.Modes.Proxy;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes;

/// <summary>The samples in packaging/ are read without a mistake, and have every key.</summary>
public class SampleTests
{
    private static readonly string Packaging = Path.Combine(SourceTree.Root, "packaging");

    [Theory]
    [InlineData("deploy_agent.ini")]
    [InlineData("agent.toml")]
    public void The_sample_agents_are_read_without_a_word(string file)
    {
        var valid = Agent(file, Beside);
        Assert.Empty(valid.Warnings);
        Assert.Equal(["disk", "reload-web"], valid.Settings.Commands.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("/srv/www/site", valid.Settings.Groups["site"].Target);
        Assert.Equal([".git"], valid.Settings.Groups["site"].Excludes);
    }

    [Theory]
    [InlineData("deploy_proxy.ini", 3)]
    [InlineData("proxy.toml", 41)]
    public void The_sample_proxies_are_read_without_a_word(string file, int hosts)
    {
        var valid = Proxy(file, Beside);
        Assert.Empty(valid.Warnings);
        Assert.Equal(hosts, valid.Settings.Hosts.Count);
        Assert.All(valid.Settings.Hosts.Values, host => Assert.Equal(3440, host.Port));
        Assert.NotEmpty(valid.Settings.ApiKeys);
    }

    [Fact]
    public void The_sample_client_is_read_without_a_word_and_says_nothing()
    {
        var valid = Client(Beside);
        Assert.Empty(valid.Warnings);
        Assert.Equal(ClientDefaults.None, valid.Defaults);
    }

    [Fact]
    public void What_the_samples_have_as_comments_can_be_used_too()
    {
        var bare = Agent("agent.toml", Beside).Settings;
        var agent = Agent("agent.toml", Uncommented).Settings;
        Assert.Equal((bare.Backlog, bare.SocketTimeout, bare.MaxOrderLifetime, bare.MaxCommandTime, bare.OutputCapBytes, bare.ShutdownGrace), (agent.Backlog, agent.SocketTimeout, agent.MaxOrderLifetime, agent.MaxCommandTime, agent.OutputCapBytes, agent.ShutdownGrace));
        Assert.Equal((bare.Listen[0], bare.Log.Level, bare.Log.ErrorPath, bare.Log.AccessPath), (agent.Listen[0], agent.Log.Level, agent.Log.ErrorPath, agent.Log.AccessPath));
        var (one, other) = (bare.Groups["site"], agent.Groups["site"]);
        Assert.Equal((one.Rsync, one.DelayUpdates, one.SafeLinks, one.Devices, one.HostTimeout), (other.Rsync, other.DelayUpdates, other.SafeLinks, other.Devices, other.HostTimeout));
        Assert.Equal((one.DeleteLimits.MaxDelete, one.DeleteLimits.MaxDeletePercent), (other.DeleteLimits.MaxDelete, other.DeleteLimits.MaxDeletePercent));

        var (silent, proxy) = (Proxy("proxy.toml", Beside).Settings, Proxy("proxy.toml", Uncommented).Settings);
        Assert.Equal((silent.Backlog, silent.SocketTimeout, silent.ShutdownGrace, silent.FanOut), (proxy.Backlog, proxy.SocketTimeout, proxy.ShutdownGrace, proxy.FanOut));
        Assert.Equal((silent.Listen[0], silent.HostTimeout, silent.HostSocketTimeout, silent.Log.Write), (proxy.Listen[0], proxy.HostTimeout, proxy.HostSocketTimeout, proxy.Log.Write));

        var client = Client(Uncommented).Defaults;
        Assert.Equal((Printing.Text, 60, 3440, 256), (client.Output, client.Timeout!.Value.TotalSeconds, client.Port, client.Parallel));
    }

    [Theory]
    [InlineData("agent.toml", "[agent]", "[allow]", "[legacy]", "[secure]", "[log]", "[sync.site]", "[sync.site.guard]")]
    [InlineData("proxy.toml", "[proxy]", "[allow]", "[legacy]", "[secure]", "[log]", "[hosts]\ndefaults = { zzzzzzz = 1 }", "[hosts.db-001]", "[api_keys.ci]")]
    [InlineData("client.toml", "")]
    public void Every_key_that_a_table_can_have_stands_in_the_sample(string file, params string[] tables)
    {
        string sample = File.ReadAllText(Path.Combine(Packaging, file));
        foreach (string table in tables)
        {
            // A key that nobody knows gets those that are known as its answer.
            FileContent.Read broken = new(Encoding.UTF8.GetBytes($"{table}\nzzzzzzz = 1\n"));
            var errors = Errors(file, path => path.EndsWith(file, StringComparison.Ordinal) ? broken : new FileContent.Unreadable("no such file"));
            var known = errors.Select(error => Regex.Match(error.What, "unknown key 'zzzzzzz'.*known here: (.*)$")).First(match => match.Success).Groups[1].Value.Split(", ");
            Assert.All(known.Except(["allow", "defaults"]), key => Assert.Matches($@"(?m)(^|[{{,] *|^# )""?{key}""? = |^\[.*\b{key}\]|^# {key}: |\. {key}: ", sample));
        }
    }

    private static IReadOnlyList<ConfigError> Errors(string file, Func<string, FileContent> read) => file switch
    {
        "agent.toml" => ((AgentConfig.Invalid)AgentFile.Read(file, AgentOverrides.None, "host", read)).Errors,
        "proxy.toml" => ((ProxyConfig.Invalid)ProxyFile.Read(file, ProxyOverrides.None, read)).Errors,
        _ => ((ClientConfig.Invalid)ClientTomlFile.Read(file, read)).Errors,
    };

    private static AgentConfig.Valid Agent(string file, Func<string, FileContent> read) => AgentFile.Read(Path.Combine(Packaging, file), AgentOverrides.None, "host", read) switch
    {
        AgentConfig.Valid valid => valid,
        AgentConfig.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Errors)),
        _ => throw new InvalidOperationException(),
    };

    private static ProxyConfig.Valid Proxy(string file, Func<string, FileContent> read) => ProxyFile.Read(Path.Combine(Packaging, file), ProxyOverrides.None, read) switch
    {
        ProxyConfig.Valid valid => valid,
        ProxyConfig.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Errors)),
        _ => throw new InvalidOperationException(),
    };

    private static ClientConfig.Valid Client(Func<string, FileContent> read) => ClientTomlFile.Read(Path.Combine(Packaging, "client.toml"), read) switch
    {
        ClientConfig.Valid valid => valid,
        ClientConfig.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Errors)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The samples as installed: /etc/deploy is packaging/, and the keys' files are there.</summary>
    private static FileContent Beside(string path) => path is "/etc/deploy/key" or "/etc/deploy/agent-key"
        ? new FileContent.Read("a-long-random-key\n"u8.ToArray())
        : ConfigFile.Read(path.Replace("/etc/deploy", Packaging, StringComparison.Ordinal));

    private static FileContent Uncommented(string path) => Beside(path) is FileContent.Read sample && path.EndsWith(".toml", StringComparison.Ordinal)
        ? new FileContent.Read(Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(sample.Bytes.Span), @"(?m)^# (\w+ = )", "$1")))
        : Beside(path);
}
