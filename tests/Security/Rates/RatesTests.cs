using System.Net;
using Deploy.Model;
using Deploy.Security.Rates;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Rates;

public class RatesTests
{
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);
    private readonly ListLog log = new();

    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate()
    {
        var bucket = new TokenBucket(3, 2, time);
        Assert.True(bucket.Take(out _) && bucket.Take(out _) && bucket.Take(out _));
        Assert.False(bucket.Take(out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        time.Advance(wait);
        Assert.True(bucket.Take(out _));
        Assert.False(bucket.Take(out _));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.Take(out _) && bucket.Take(out _) && bucket.Take(out _));
        Assert.False(bucket.Take(out _));
    }

    [Fact]
    public void However_many_addresses_come_the_memory_is_bounded_and_the_idle_ones_go()
    {
        var table = new RateTable<int>(1, 0.001, time, most: 100);
        Assert.True(table.Take(-1, out _));
        for (int key = 0; key < 99; key++)
        {
            table.Take(key, out _);
            Assert.False(table.Take(-1, out _)); // in use: it stays
        }

        table.Take(99, out _);
        Assert.Equal(100, table.Count);
        Assert.False(table.Take(-1, out _));
        Assert.True(table.Take(0, out _)); // idle longest: forgotten, and new
        var random = new Random(6);
        var penalties = new Penalties(time, most: 50);
        for (int round = 0; round < 10_000; round++)
        {
            penalties.Set(new IPAddress(random.NextInt64(1, 5000)));
            time.Advance(TimeSpan.FromMilliseconds(random.Next(50)));
        }

        Assert.InRange(penalties.Count, 1, 50);
    }

    [Fact]
    public void Two_thousand_agents_behind_one_address_are_never_too_many()
    {
        var rates = new RateLimits(time, log);
        Assert.All(Enumerable.Range(0, Limits.AddressConnections), _ => Assert.True(rates.MayConnect(IPAddress.Parse("10.0.0.1"))));
        Assert.False(rates.MayConnect(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.True(rates.MayConnect(IPAddress.Parse("10.0.0.2")));
        Assert.Single(log.Entries);
    }

    [Fact]
    public void Who_keeps_failing_waits_for_a_while_and_nobody_else_does()
    {
        var rates = new RateLimits(time, log);
        var peer = IPAddress.Parse("2001:db8:0:1::5");
        for (int failure = 0; failure <= Limits.AddressFailures; failure++)
        {
            Assert.True(rates.MayTry(peer, out _));
            rates.Failed(peer);
            rates.Failed(IPAddress.Loopback);
            rates.Failed(IPAddress.IPv6Loopback);
        }

        Assert.False(rates.MayTry(IPAddress.Parse("2001:db8:0:1::6"), out var wait)); // its network
        Assert.Equal(Limits.FailurePenalty, wait);
        Assert.True(rates.MayTry(IPAddress.Parse("2001:db8:0:2::5"), out _));
        Assert.True(rates.MayTry(IPAddress.Loopback, out _));
        time.Advance(Limits.FailurePenalty);
        Assert.True(rates.MayTry(peer, out _));
        Assert.Single(log.Entries);
    }

    [Fact]
    public void A_key_gives_so_many_orders()
    {
        var rates = new RateLimits(time, log);
        Assert.All(Enumerable.Range(0, Limits.KeyOrders), _ => Assert.True(rates.TakeOrder("SHA256:a", out var none) && none == TimeSpan.Zero));
        Assert.False(rates.TakeOrder("SHA256:a", out var wait));
        Assert.True(wait > TimeSpan.Zero);
        Assert.True(rates.TakeOrder("SHA256:b", out _));
    }
}
