using Deploy.Model.Hosts;
using Deploy.Model.Hosts.Choosing;
using Xunit;

namespace Deploy.Tests.Model.Hosts.Choosing;

public class HostPickTests
{
    private static readonly string[] Hosts = [.. Enumerable.Range(1, 200).Select(number => $"web-{number}")];

    [Fact]
    public void A_seed_picks_the_same_hosts_in_whatever_order_they_come()
    {
        var one = HostPick.Of(Hosts, 7, 42);
        Assert.Equal(one, HostPick.Of(Hosts.Reverse(), 7, 42));
        Assert.Equal("web-[14,35,78-79,93,123,142]", HostFold.Fold(one)); // never another one: it was printed, and is given again
    }

    [Fact]
    public void As_many_as_asked_each_once_and_of_the_list()
    {
        foreach (int seed in Enumerable.Range(0, 200))
        {
            var picked = HostPick.Of(Hosts, seed, seed);
            Assert.Equal(seed, picked.Distinct().Count());
            Assert.Empty(picked.Except(Hosts));
        }

        Assert.Equal(Hosts.Length, HostPick.Of(Hosts, int.MaxValue, 1).Count);
        Assert.Empty(HostPick.Of([], 3, 1));
    }

    [Fact]
    public void Every_host_has_its_chance()
    {
        var counts = Enumerable.Range(0, 2000).SelectMany(seed => HostPick.Of(Hosts.Take(10), 3, seed)).CountBy(host => host).ToDictionary();
        Assert.Equal(10, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 500, 700)); // 600 is even
    }
}
