using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Deploy.Jobs.Relay;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Security;
using Xunit;

namespace Deploy.Tests.Jobs.Relay;

public class RelayRulesTests
{
    [Fact(Timeout = 60_000)]
    public Task A_group_named_60_000_times_is_gone_through_once_and_not_at_all_beside_one_that_is_refused() => Task.Run(() =>
    {
        string[] names = [.. Enumerable.Range(1, 2000).Select(i => $"web{i}")];
        var groups = new Counted(new Dictionary<string, HostSet> { ["web"] = HostSet.Of(names) });
        var key = new ApiKey("k", ApiKey.HashOf("k"), ["web"]);
        var rules = new RelayRules
        {
            Keys = new ApiKeys([key]),
            Hosts = names.ToDictionary(name => name, name => new RelayHost(name, name, 1, new Secret("x")), HostName.Comparer),
            Groups = groups,
            FanOut = 1,
            HostTimeout = TimeSpan.FromSeconds(1),
            HostSocketTimeout = TimeSpan.FromSeconds(1),
        };
        string many = string.Concat(Enumerable.Range(0, 60_000).Select(i => i % 2 == 0 ? "web," : "WEB,"));

        Assert.True(HostList.TryParse("groups:" + many + "db", out var list));
        Assert.Empty(rules.Resolve(key, list, out string? refused));
        Assert.Equal(("db", 0), (refused, groups.Asked));

        Assert.True(HostList.TryParse("groups:" + many, out list));
        Assert.Equal(names, rules.Resolve(key, list, out refused).Select(host => host.Name));
        Assert.Equal((null, 1), (refused, groups.Asked));
    });

    /// <summary>Counts how often a group's hosts are asked for.</summary>
    private sealed class Counted(Dictionary<string, HostSet> groups) : IReadOnlyDictionary<string, HostSet>
    {
        public int Asked { get; private set; }

        public IEnumerable<string> Keys => groups.Keys;

        public IEnumerable<HostSet> Values => groups.Values;

        public int Count => groups.Count;

        public HostSet this[string key] => groups[key];

        public bool ContainsKey(string key) => groups.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out HostSet value)
        {
            Asked++;
            return groups.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, HostSet>> GetEnumerator() => groups.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
