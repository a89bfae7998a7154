using Deploy.Modes.Binding.Toml;
using Xunit;

namespace Deploy.Tests.Modes.Binding;

public class QuantitiesTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("0s", 0)]
    [InlineData("5s", 5)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("90s", 90)]
    public void A_duration_has_its_unit(string text, double seconds)
    {
        Assert.True(Quantities.TryDuration(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1s1s")]
    [InlineData("5S")]
    [InlineData("5min")]
    [InlineData("999999999999d")]
    [InlineData("9999999999999s")]
    [InlineData("٥s")]
    public void Anything_else_is_none(string text) => Assert.False(Quantities.TryDuration(text, out _));

    [Theory]
    [InlineData("1MiB", 1 << 20)]
    [InlineData("64KiB", 64 << 10)]
    [InlineData("1GiB", 1 << 30)]
    [InlineData("7B", 7)]
    public void A_size_has_its_unit(string text, long bytes)
    {
        Assert.True(Quantities.TrySize(text, out long size));
        Assert.Equal(bytes, size);
    }

    [Fact]
    public void What_is_printed_is_read_back()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 2000; round++)
        {
            var duration = TimeSpan.FromMilliseconds(random.NextInt64(1L << random.Next(1, 40)));
            Assert.True(Quantities.TryDuration(Quantities.Print(duration), out var again));
            Assert.Equal(duration, again);
            long bytes = random.NextInt64(1L << random.Next(1, 40));
            Assert.True(Quantities.TrySize(Quantities.PrintSize(bytes), out long size));
            Assert.Equal(bytes, size);
        }
    }

    [Fact]
    public void Any_text_is_read_or_not_and_nothing_else_happens()
    {
        var random = new Random(20261122);
        const string Letters = "0123456789mshdKMGiB -";
        for (int round = 0; round < 50_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => Letters[random.Next(Letters.Length)]));
            Assert.True(!Quantities.TryDuration(text, out var duration) || duration >= TimeSpan.Zero);
            Assert.True(!Quantities.TrySize(text, out long size) || size >= 0);
        }
    }
}
