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
    [InlineData("web-[01-03],!web-02", "web-01=web-01:3440 web-03=web-03:3440")]
    [InlineData("web-[01-03]:99,!web-02", "web-01:99=web-01:99 web-03:99=web-03:99")]
    [InlineData("web-[1-3],&web-[2-9]", "web-2=web-2:3440 web-3=web-3:3440")]
    [InlineData("web2,WEB[1-3]:3440,web1:99", "web2=web2:3440 WEB1:3440=WEB1:3440 WEB3:3440=WEB3:3440 web1:99=web1:99")]
    [InlineData("[::1]:7,::1,!::1,10.0.0.[1-2]", "10.0.0.1=10.0.0.1:3440 10.0.0.2=10.0.0.2:3440")]
    public void Ranges_name_hosts_and_what_is_left_out_is_not_asked_at_any_port(string list, string hosts) =>
        Assert.Equal(hosts, string.Join(' ', HostAddress.ParseList(list, 3440, ExitCodes.Usage).Select(host => $"{host.Name}={host.Address}:{host.Port}")));

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
    [InlineData("@web")]
    [InlineData("web-[01-20],!@web")]
    [InlineData("web-[20-01]")]
    [InlineData("!web1")]
    [InlineData("web1,!web1")]
    public void What_is_no_host_is_a_usage_error(string list) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<UserError>(() => HostAddress.ParseList(list, 3440, ExitCodes.Usage)).ExitCode);

    [Theory]
    [InlineData("https://vm:3441", "--hosts, character 1: 'https://' in front of a host")]
    [InlineData("a,!http://b", "--hosts, character 4: 'http://' in front of a host")]
    public void What_browsers_take_is_said_to_be_no_host(string list, string message)
    {
        var error = Assert.Throws<UserError>(() => HostAddress.ParseList(list, 3440, ExitCodes.Usage));
        Assert.Equal((message, "it is named without: NAME or NAME:PORT, e.g. web-01:3440"), (error.Message, error.Hint));
    }

    [Theory]
    [InlineData("web-[01-20],!web-7", 13, "web-7")]
    [InlineData("a,b,!c", 5, "c")]
    [InlineData("a,!b,b", 3, "b")]
    [InlineData("web-[1-20],!web-[08-12]", 12, "web-08")]
    public void An_exclusion_that_excludes_nobody_is_a_mistake(string list, int character, string host)
    {
        var error = Assert.Throws<UserError>(() => HostAddress.ParseList(list, 3440, ExitCodes.Usage));
        Assert.StartsWith($"--hosts, character {character}: '{host}' is left out and does not stand before", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.010.0.1")]
    [InlineData("10.0.0.[008-012]")]
    [InlineData("0x7f.0.0.1")]
    public void An_address_that_the_system_would_read_as_another_is_a_mistake(string list) =>
        Assert.Contains("would be read as", Assert.Throws<UserError>(() => HostAddress.ParseList(list, 3440, ExitCodes.Usage)).Message, StringComparison.Ordinal);
}
