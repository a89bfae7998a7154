using Deploy.Jobs.Rollouts;
using Xunit;

namespace Deploy.Tests.Jobs.Rollouts;

public class PortionTests
{
    [Theory]
    [InlineData("1", 100, 1)]
    [InlineData(" 12 ", 5, 12)]
    [InlineData("0", 7, 0)]
    [InlineData("10%", 100, 10)]
    [InlineData("10%", 5, 1)]
    [InlineData("1%", 1, 1)]
    [InlineData("34%", 3, 2)]
    [InlineData("100%", 99999, 99999)]
    public void Percent_are_rounded_up(string text, int hosts, int expected)
    {
        Assert.True(Portion.TryParse(text, out var portion));
        Assert.Equal(expected, portion.Of(hosts));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("%")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5%")]
    [InlineData("1 %")]
    [InlineData("100001")]
    [InlineData("99999999999999999999")]
    [InlineData("\u0661")]
    public void What_is_no_portion_is_none(string text) => Assert.False(Portion.TryParse(text, out _));
}
