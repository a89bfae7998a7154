using Deploy.Model.Hosts;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

public class HostFoldTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("web-001 web-002 web-003 db-001", "db-001,web-[001-003]")]
    [InlineData("web-1 web-2 web-4 web-10", "web-[1-2,4,10]")]
    [InlineData("web-8 web-9 web-10 web-11", "web-[8-11]")]
    [InlineData("web-08 web-09 web-10 web-11", "web-[08-11]")]
    [InlineData("web-98 web-99 web-100", "web-[98-100]")]
    [InlineData("web-098 web-099 web-100", "web-[098-100]")]
    [InlineData("web-08 web-09 web-10 web-9 web-8 web-100 web-99", "web-[8-9,08-10,99-100]")]
    [InlineData("a1 a01 a001", "a[1,01,001]")]
    [InlineData("a09 a10 a9", "a[9,09-10]")]
    [InlineData("a9 a010", "a[9,010]")]
    [InlineData("a00 a01 a0 a1", "a[0-1,00-01]")]
    [InlineData("1 00 0", "[0-1,00]")]
    [InlineData("a1 a-1 a", "a,a-1,a1")]
    [InlineData("10.0.0.1 10.0.0.2 10.0.1.1 10.0.1.2", "10.0.0.[1-2],10.0.1.[1-2]")]
    [InlineData("web-001.eu1 web-002.eu1 web-003.eu1 web-001.eu2 web-002.eu2", "web-[001-003].eu1,web-[001-002].eu2")]
    [InlineData("a1b2c3 a1b2c4 a1b3c3", "a1b2c[3-4],a1b3c3")]
    [InlineData("r1n1 r1n2 r2n1 r2n2", "r1n[1-2],r2n[1-2]")]
    [InlineData("x999999998 x999999999 x1000000000 x1000000001", "x[999999998-999999999],x1000000000,x1000000001")]
    [InlineData("a1:80 a2:80 a3:81 a2:81 a1", "a1,a[1-2]:80,a[2-3]:81")]
    [InlineData("::1 ::2 [::3]:80", "::1,::2,[::3]:80")]
    [InlineData("Web-1 web-2 WEB-1", "Web-[1-2]")]
    [InlineData("a1. a2. a1- a2-", "a[1-2]-,a[1-2].")]
    public void Hosts_fold_to_the_canonical_text(string hosts, string text)
    {
        string[] names = hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(text, HostFold.Fold(names));
        Assert.Equal(text, HostFold.Fold(names.Reverse()), ignoreCase: true);
        Assert.Equal(text, HostSet.Of(names).ToString());
    }

    [Theory]
    [InlineData("a[08-99],a100", "a[08-99,100]")]
    [InlineData("a[8-99],a100", "a[8-100]")]
    [InlineData("a[008-099],a100", "a[008-100]")]
    [InlineData("a[1-2][0-9]", "a[10-29]")]
    public void A_range_goes_on_as_far_as_its_padding_does(string list, string text) => Assert.Equal(text, HostGen.Resolve(list).ToString());

    [Fact]
    public void Reading_the_folded_text_gives_the_same_hosts() => HostGen.Holds(HostGen.Hosts, hosts =>
    {
        var back = HostGen.Resolve(HostFold.Fold(hosts));
        Assert.Equal(Plain(hosts), Plain(back));
        Assert.Equal(Plain(hosts).Count(), back.Count);
    });

    [Fact]
    public void Folding_what_a_canonical_text_names_gives_that_text() => HostGen.Holds(HostGen.List, list =>
    {
        string canonical = HostFold.Fold(HostGen.Resolve(list));
        Assert.Equal(canonical, HostFold.Fold(HostGen.Resolve(canonical)));
    });

    [Fact]
    public void The_order_of_the_hosts_is_nothing_to_the_text() => HostGen.Holds(
        from hosts in HostGen.Hosts
        from shuffled in Gen.Shuffle(hosts.DistinctBy(host => host.ToLowerInvariant()).ToArray())
        select (hosts, shuffled),
        pair => Assert.Equal(HostFold.Fold(pair.hosts), HostFold.Fold(pair.shuffled)));

    [Fact]
    public void Every_term_of_the_text_is_in_natural_order() => HostGen.Holds(HostGen.Hosts, hosts =>
    {
        Assert.True(HostExpression.TryParse(HostFold.Fold(hosts), ports: false, out var expression, out _));
        string[] first = [.. expression.Terms.Select(term => term.Pattern!.Expand().First())];
        Assert.Equal(first.Order(HostOrder.Natural), first);
    });

    [Fact]
    public void The_natural_order_is_an_order() => HostGen.Holds(
        from one in HostGen.Host
        from two in HostGen.Host
        from three in HostGen.Host
        select (one, two, three),
        hosts =>
        {
            var order = HostOrder.Natural;
            Assert.Equal(Math.Sign(order.Compare(hosts.one, hosts.two)), -Math.Sign(order.Compare(hosts.two, hosts.one)));
            Assert.Equal(order.Compare(hosts.one, hosts.two) == 0, string.Equals(hosts.one, hosts.two, StringComparison.OrdinalIgnoreCase));
            Assert.True(order.Compare(hosts.one, hosts.two) > 0 || order.Compare(hosts.two, hosts.three) > 0 || order.Compare(hosts.one, hosts.three) <= 0);
        });

    [Fact]
    public void A_large_fleet_folds_and_comes_back()
    {
        var fleet = HostGen.Resolve("rack[1-40]-node[001-100].eu[1-2],10.[0-3].[0-9].[1-250],web-[00001-80000]");
        Assert.Equal(98_000, fleet.Count);
        string text = fleet.ToString();
        Assert.Equal(fleet.Count, HostGen.Resolve(text).Union(fleet).Count);
        Assert.EndsWith(",web-[00001-80000]", text, StringComparison.Ordinal);
        Assert.Contains("rack1-node[001-100].eu1,", text, StringComparison.Ordinal);
        Assert.StartsWith("10.0.0.[1-250],10.0.1.[1-250],", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Plain(IEnumerable<string> hosts) => hosts.Select(host => host.Trim('[', ']').ToLowerInvariant()).Distinct().Order();
}
