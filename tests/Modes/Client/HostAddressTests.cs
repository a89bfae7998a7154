using Deploy.Model;
using Deploy.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.Client;

public class HostAddressTests
{
    [Fact]
    public void Hosts_have_names_ports_and_ipv6_and_merge_by_name()
    {
        var hosts = HostAddress.ParseList(" web1, 10.0.0.1:99,[::1]:7,::1,[fe80::2],web1,,", 3440, ExitCodes.Usage);
        Assert.Equal(
            [("web1", "web1", 3440), ("10.0.0.1:99", "10.0.0.1", 99), ("[::1]:7", "::1", 7), ("::1", "::1", 3440), ("[fe80::2]", "fe80::2", 3440)],
            hosts.Select(host => (host.Name, host.Address, host.Port)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("web1:0")]
    [InlineData("web1:65536")]
    [InlineData("web1:http")]
    [InlineData("web1:+80")]
    [InlineData("[::1")]
    [InlineData("[::1]80")]
    [InlineData("[web1]:80x")]
    [InlineData("a b")]
    [InlineData("-web")]
    [InlineData("@file")]
    [InlineData("web1/x")]
    [InlineData("1::2::3")]
    public void What_is_no_host_is_a_usage_error(string list) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<UserError>(() => HostAddress.ParseList(list, 3440, ExitCodes.Usage)).ExitCode);
}
