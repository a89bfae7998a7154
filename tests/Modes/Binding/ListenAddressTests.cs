using Deploy.Modes.Binding;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class ListenAddressTests
{
    [Theory]
    [InlineData("0.0.0.0:3440", "0.0.0.0:3440")]
    [InlineData("127.0.0.1", "127.0.0.1:9")]
    [InlineData("[::]:3440", "[::]:3440")]
    [InlineData("[::1]", "[::1]:9")]
    [InlineData("::1", "[::1]:9")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    public void An_address_has_a_port_or_the_default(string text, string expected) => Assert.Equal(expected, ListenAddress.Parse(text, 9)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":3440")]
    [InlineData("3440")]
    [InlineData("host:3440")]
    [InlineData("1.2.3:80")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:+80")]
    [InlineData("*:80")]
    [InlineData("[::1]:x")]
    [InlineData("[::1]80")]
    [InlineData("[127.0.0.1]x")]
    public void Anything_else_is_none(string text) => Assert.Null(ListenAddress.Parse(text, 9));
}
