using Deploy.Modes.Binding.Toml;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class QuantitiesTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d1h1m1s1ms", 90_061_001)]
    [InlineData("0s", 0)]
    [InlineData("90m", 5_400_000)]
    public void A_duration_is_numbers_with_units(string text, long milliseconds)
    {
        Assert.True(Quantities.TryDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5sec")]
    [InlineData("1m1h")]
    [InlineData("1m1m")]
    [InlineData("1h30")]
    [InlineData("9999999999999s")]
    [InlineData("999999999999d")]
    [InlineData("٥s")]
    public void What_is_no_duration_is_none(string text) => Assert.False(Quantities.TryDuration(text, out _));

    [Theory]
    [InlineData("0B", 0)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1MiB512KiB", 1_572_864)]
    [InlineData("2GiB", 2_147_483_648)]
    public void A_size_is_numbers_with_units(string text, long bytes)
    {
        Assert.True(Quantities.TrySize(text, out long size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("64KB")]
    [InlineData("64k")]
    [InlineData("1024")]
    [InlineData("999999999999GiB")]
    public void What_is_no_size_is_none(string text) => Assert.False(Quantities.TrySize(text, out _));

    [Fact]
    public void What_is_printed_is_read_as_the_same()
    {
        var random = new Random(20261126);
        for (int round = 0; round < 10_000; round++)
        {
            var duration = TimeSpan.FromMilliseconds(random.NextInt64(1L << random.Next(1, 40)));
            long size = random.NextInt64(1L << random.Next(1, 50));
            Assert.True(Quantities.TryDuration(Quantities.Print(duration), out var again) && again == duration, duration.ToString());
            Assert.True(Quantities.TrySize(Quantities.PrintSize(size), out long same) && same == size, $"{size}");
        }
    }
}
