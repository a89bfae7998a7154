using Deploy.Jobs.Engine.Telling;
using Deploy.Model.Jobs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Jobs.Engine.Telling;

public class LogAllowanceTests
{
    [Theory]
    [InlineData("", 5242)] // 2 MiB of 400 bytes
    [InlineData("\u001b\u001b", 5090)]
    public void What_is_printed_without_end_is_told_up_to_a_size_then_that_more_is_then_as_time_goes(string text, int lines)
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var allowance = new LogAllowance(time);
        var line = new LogLine("stdout", text);
        var told = Enumerable.Range(0, 20_000).Select(_ => allowance.Of(line)).OfType<LogLine>().ToList();
        Assert.Equal(lines + 1, told.Count);
        Assert.All(told.SkipLast(1), one => Assert.Same(line, one));
        Assert.StartsWith("deploy: more is printed", told[^1].Text, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Enumerable.Range(0, 1000).Select(_ => allowance.Of(line)).Count(one => one == line), 119, 123);
    }
}
