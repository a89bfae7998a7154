using System.Net;
using Deploy.Security;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security;

public class AddressRulesTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("127.0.0.0/30", "127.0.0.0", true)]
    [InlineData("127.0.0.0/30", "127.0.0.3", true)]
    [InlineData("127.0.0.0/30", "127.0.0.4", false)]
    [InlineData("10.1.2.3/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/31", "10.0.0.1", true)]
    [InlineData("10.0.0.0/31", "10.0.0.2", false)]
    [InlineData("10.0.0.1/32", "10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("fd00::/8", "fd12:3456::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.0/9", "10.127.0.1", true)]
    [InlineData("10.0.0.0/9", "10.128.0.1", false)]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("localhost", "127.0.0.2", false)]
    public async Task An_entry_matches_as_an_operator_reads_it(string entry, string peer, bool expected)
    {
        Assert.True(AddressRules.IsEntry(entry));
        var rules = new AddressRules([entry], TimeProvider.System, new ListLog());
        Assert.Equal(expected, await rules.AllowsAsync(IPAddress.Parse(peer), CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("web[01-20]")]
    [InlineData("10.0.0.*")]
    [InlineData("010.0.0.1")]
    [InlineData("0177.0.0.0/8")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("0.0.0.0/00")]
    [InlineData("10.0.0.300")]
    [InlineData("10.0.0.1-20")]
    [InlineData("192.168.1")]
    [InlineData("[::1]:99")]
    [InlineData("[::1]")]
    public void What_is_neither_address_nor_block_nor_name_is_no_entry(string entry) => Assert.False(AddressRules.IsEntry(entry));

    [Fact]
    public async Task An_empty_list_allows_nobody()
    {
        var rules = new AddressRules([], TimeProvider.System, new ListLog());
        Assert.False(await rules.AllowsAsync(IPAddress.Loopback, CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_matches_nobody_and_is_said()
    {
        var log = new ListLog();
        var rules = new AddressRules(["no-such-host.invalid"], TimeProvider.System, log);
        Assert.False(await rules.AllowsAsync(IPAddress.Loopback, CancellationToken.None));
        Assert.Contains(log.Entries, entry => entry.Message.Contains("no-such-host.invalid", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_block_holds_exactly_the_addresses_with_its_first_bits()
    {
        var random = new Random(7);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] network = new byte[4];
            byte[] peer = new byte[4];
            random.NextBytes(network);
            network.CopyTo(peer, 0);
            peer[random.Next(4)] ^= (byte)(1 << random.Next(8));
            int prefix = random.Next(33);
            uint mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
            bool expected = ((ToNumber(network) ^ ToNumber(peer)) & mask) == 0;
            var rules = new AddressRules([$"{new IPAddress(network)}/{prefix}"], TimeProvider.System, new ListLog());
            Assert.Equal(expected, await rules.AllowsAsync(new IPAddress(peer), CancellationToken.None));
        }
    }

    private static uint ToNumber(byte[] bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
