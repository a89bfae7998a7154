using System.Text;
using System.Text.RegularExpressions;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding.Ini;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Toml;
using Deploy.Modes.Proxy;
using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Modes;

/// <summary>docs/configuration.md has every key that the code takes, and no other.</summary>
public class ReferenceTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "configuration.md"));

    [Theory]
    [InlineData("agent.toml", "[agent]", "[agent]")]
    [InlineData("agent.toml", "[allow]", "[allow]")]
    [InlineData("agent.toml", "[legacy]", "[legacy]")]
    [InlineData("agent.toml", "[secure]", "[secure]")]
    [InlineData("agent.toml", "[log]", "[log]")]
    [InlineData("agent.toml", "[sync.NAME]", "[sync.site]")]
    [InlineData("agent.toml", "[sync.NAME.guard]", "[sync.site.guard]")]
    [InlineData("proxy.toml", "[proxy]", "[proxy]")]
    [InlineData("proxy.toml", "[hosts]", "[hosts.db-001]")]
    [InlineData("proxy.toml", "[api_keys.NAME]", "[api_keys.ci]")]
    [InlineData("client.toml", "client", "")]
    public void Every_key_of_a_table_is_described_and_no_other(string file, string heading, string table)
    {
        // A key that nobody knows gets those that are known as its answer.
        FileContent.Read broken = new(Encoding.UTF8.GetBytes($"{table}\nzzzzzzz = 1\n"));
        FileContent Read(string path) => path == file ? broken : new FileContent.Unreadable("no such file");
        var errors = file switch
        {
            "agent.toml" => ((AgentConfig.Invalid)AgentFile.Read(file, AgentOverrides.None, "host", Read)).Errors,
            "proxy.toml" => ((ProxyConfig.Invalid)ProxyFile.Read(file, ProxyOverrides.None, Read)).Errors,
            _ => ((ClientConfig.Invalid)ClientTomlFile.Read(file, Read)).Errors,
        };
        string known = errors.Select(error => Regex.Match(error.What, "unknown key 'zzzzzzz'.*known here: (.*)$")).First(match => match.Success).Groups[1].Value;
        Assert.Equal(known.Split(", ").Order(StringComparer.Ordinal), Described(file, heading).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_originals_files_is_named()
    {
        string page = Page[Page.IndexOf("## The original's INI files", StringComparison.Ordinal)..];
        Assert.True(IniNames.All.Count() > 30);
        Assert.All(IniNames.All, name => Assert.Matches($@"\b{name.Key}\b", page));
    }

    /// <summary>The keys in the first column of the table under this heading, in the part about this file.</summary>
    private static IEnumerable<string> Described(string file, string heading)
    {
        int part = Page.IndexOf($"\n## {file}\n", StringComparison.Ordinal);
        int begin = Page.IndexOf($"\n### {heading}\n", part, StringComparison.Ordinal);
        Assert.True(part > 0 && begin > part, $"docs/configuration.md has no {heading} of {file}");
        int end = Page.IndexOf("\n##", begin + 5, StringComparison.Ordinal);
        return Regex.Matches(Page[begin..end], @"(?m)^\| (`[^|]*) \|").SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([a-z_0-9]+)`").Select(key => key.Groups[1].Value));
    }
}
