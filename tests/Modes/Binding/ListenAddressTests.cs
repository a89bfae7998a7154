using Deploy.Modes.Binding;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:3440")]
    [InlineData("127.0.0.1:9", "127.0.0.1:9")]
    [InlineData("localhost:9", "127.0.0.1:9")]
    [InlineData("::1", "[::1]:3440")]
    [InlineData("[::1]", "[::1]:3440")]
    [InlineData("[::1]:9", "[::1]:9")]
    [InlineData("[::]:65535", "[::]:65535")]
    [InlineData("fd00::1:9", "[fd00::1:9]:3440")]
    public void An_address_has_a_port_or_the_default(string text, string address) => Assert.Equal(address, ListenAddress.Parse(text, 3440)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("web-001:9")]
    [InlineData(":9")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:+9")]
    [InlineData("[127.0.0.1:9")]
    [InlineData("[::1:9")]
    [InlineData("::1]:9")]
    [InlineData("[[::1]]:9")]
    [InlineData("[::1]:9]")]
    public void What_is_none_is_none(string text) => Assert.Null(ListenAddress.Parse(text, 3440));
}
