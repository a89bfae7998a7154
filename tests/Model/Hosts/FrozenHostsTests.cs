using Deploy.Model.Hosts;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

public class FrozenHostsTests
{
    [Theory]
    [InlineData("db-001,web-[001-040]", "web-040 WEB-001 db-001", "web-041 web-40 web-0040 web-000 db-002 db-001:3440 web- web-001x xweb-001")]
    [InlineData("a[1-12]2", "a12 a22 a122", "a2 a132 a1222")]
    [InlineData("a[1,11,111][1,11]1", "a111 a1111 a11111 a111111", "a11 a1111111")]
    [InlineData("[0-1,00]", "0 1 00", "01 000 2")]
    [InlineData("a[098-102]", "a098 a100 a102", "a98 a0100 a103")]
    [InlineData("::1,[::2]", "::1 [::1] ::2", "::3 [::1]:1")]
    [InlineData("", "", "a [] [")]
    public void Membership_is_that_of_the_names(string list, string members, string others)
    {
        Assert.True(FrozenHosts.TryParse(list, out var hosts, out _));
        Assert.All(members.Split(' ', StringSplitOptions.RemoveEmptyEntries), member => Assert.True(hosts.Contains(member), member));
        Assert.All(others.Split(' '), other => Assert.False(hosts.Contains(other), other));
        Assert.False(hosts.Contains(string.Empty));
    }

    [Fact]
    public void Membership_without_expanding_is_membership_of_what_it_expands_to() => HostGen.Holds(
        from list in HostGen.List
        from others in HostGen.Hosts
        select (list, others),
        pair =>
        {
            var expanded = HostGen.Resolve(pair.list);
            Assert.True(FrozenHosts.TryParse(pair.list, out var frozen, out _));
            Assert.True(FrozenHosts.TryParse(expanded.ToString(), out var canonical, out _));
            foreach (string host in expanded.Concat(pair.others).Concat(expanded.SelectMany(host => new[] { host + "1", "0" + host, host[..^1], host.ToUpperInvariant() })))
            {
                Assert.Equal((host, expanded.Contains(host)), (host, frozen.Contains(host)));
                Assert.Equal((host, expanded.Contains(host)), (host, canonical.Contains(host)));
                Assert.Equal(frozen.Expand().FirstOrDefault(one => HostName.Comparer.Equals(one, host)), frozen.Find(host));
            }
        });

    [Fact]
    public void Memory_is_that_of_the_text_and_not_of_the_hosts()
    {
        Assert.True(FrozenHosts.TryParse("a1", out _, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(FrozenHosts.TryParse("web-[000001-100000]", out var hosts, out _));
        Assert.True(hosts.Contains("web-100000"));
        Assert.False(hosts.Contains("web-100001"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_job_has_no_more_hosts_than_an_expression()
    {
        Assert.True(FrozenHosts.TryParse("a[1-50000],b[1-50000]", out _, out _));
        Assert.False(FrozenHosts.TryParse("a[1-50000],b[1-50000],c", out _, out var mistake));
        Assert.Equal((22, "more than 100000 hosts"), (mistake.Offset, mistake.What));
    }

    [Fact]
    public void Random_text_is_read_or_refused_and_nothing_else() => HostGen.Holds(
        from text in HostGen.Text
        from name in HostGen.Noise
        select (text, name),
        pair =>
        {
            if (FrozenHosts.TryParse(pair.text, out var hosts, out var mistake))
            {
                hosts.Contains(pair.name);
            }
            else
            {
                Assert.InRange(mistake.Offset, 0, pair.text.Length);
            }
        });
}
