using System.Net;
using Deploy.Security.Rates;
using Xunit;

namespace Deploy.Tests.Security.Rates;

public class ConnectionSharesTests
{
    [Fact]
    public void An_address_has_its_share_and_takes_nothing_of_another()
    {
        var shares = new ConnectionShares(2);
        var first = shares.Take(IPAddress.Parse("10.0.0.1"));
        Assert.NotNull(first);
        Assert.NotNull(shares.Take(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.Null(shares.Take(IPAddress.Parse("10.0.0.1")));
        Assert.NotNull(shares.Take(IPAddress.Parse("10.0.0.2")));

        first.Dispose(); // it has proved itself,
        first.Dispose(); // and ends later
        Assert.NotNull(shares.Take(IPAddress.Parse("10.0.0.1")));
        Assert.Null(shares.Take(IPAddress.Parse("10.0.0.1")));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void The_loopback_has_as_many_as_it_takes(string address)
    {
        var shares = new ConnectionShares(1);
        var places = Enumerable.Range(0, 5).Select(_ => shares.Take(IPAddress.Parse(address))).ToList();
        Assert.All(places, Assert.NotNull);
        places.ForEach(place => place!.Dispose());
        Assert.Null(new ConnectionShares(0, isSpared: _ => false).Take(IPAddress.Parse(address)));
    }

    [Fact]
    public void An_IPv6_peer_has_one_share_for_its_network()
    {
        var shares = new ConnectionShares(1);
        Assert.NotNull(shares.Take(IPAddress.Parse("2001:db8::1")));
        Assert.Null(shares.Take(IPAddress.Parse("2001:db8::2")));
        Assert.NotNull(shares.Take(IPAddress.Parse("2001:db8:0:1::1")));
    }
}
