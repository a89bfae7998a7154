using Deploy.Rsync.Arguments;
using Xunit;

namespace Deploy.Tests.Rsync.Arguments;

public class OptionWordsTests
{
    [Theory]
    [InlineData("-q", "")]
    [InlineData("--quiet", "")]
    [InlineData("-avq", "-av")]
    [InlineData("-qav", "-av")]
    [InlineData("-aqqz", "-az")]
    [InlineData("-a --list-only -z", "-a -z")]
    [InlineData("--stderr=all -a", "-a")]
    [InlineData("--stderr all -a", "-a")]
    [InlineData("--msgs2stderr -a", "-a")]
    [InlineData("-a -- -z", "-a -z")] // what follows a -- would be operands, ours too
    public void What_blinds_us_is_taken_out(string options, string left) => Assert.Equal(left, Left(options));

    [Theory]
    [InlineData("-essh")]
    [InlineData("-eqssh")]          // the remote shell is called qssh
    [InlineData("-e q")]
    [InlineData("-aeq")]
    [InlineData("-avfq")]           // a filter
    [InlineData("-f -q")]
    [InlineData("-Bq")]
    [InlineData("-T /tmp/q")]
    [InlineData("-Tq")]
    [InlineData("-M-q")]            // for the other side
    [InlineData("-M --quiet")]
    [InlineData("-@ -q")]
    [InlineData("--exclude -q")]
    [InlineData("--exclude --quiet")]
    [InlineData("--exclude --")]
    [InlineData("--exclude=--quiet")]
    [InlineData("--rsh -q")]
    [InlineData("--include-from --list-only")]
    [InlineData("-n")]
    [InlineData("--dry-run")]
    [InlineData("-anv --numeric-ids")]
    [InlineData("- q")]             // operands
    public void Values_and_the_rest_stay(string options)
    {
        Assert.Equal(options, Left(options));
        Assert.Empty(OptionWords.Read(options.Split(' ')).TakenOut);
    }

    [Theory]
    [InlineData("--exclude", "--exclude")]
    [InlineData("-a -e", "-e")]
    [InlineData("-avf", "-avf")]
    [InlineData("-a --exclude x", null)]
    [InlineData("-a --exclude=", null)]
    public void A_last_option_without_its_value_is_found(string options, string? found) =>
        Assert.Equal(found, OptionWords.Read(options.Split(' ')).WithoutValue);

    [Fact]
    public void Any_words_are_read_without_an_exception()
    {
        var random = new Random(20261122);
        string[] parts = ["-", "--", "q", "e", "exclude", "=", "timeout", "a", "list-only", "quiet", "\udc80", "", " "];
        for (int round = 0; round < 20_000; round++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(5)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => parts[random.Next(parts.Length)])))];
            Assert.True(OptionWords.Read(words).Words.Count <= words.Length);
        }
    }

    private static string Left(string options) => string.Join(' ', OptionWords.Read(options.Split(' ')).Words);

    [Theory]
    [InlineData("-a --exclude x delete", "delete")]
    [InlineData("-f x -ax y", "y")]
    [InlineData("--exclude x --filter=y -T /tmp", "")]
    public void Words_that_rsync_would_take_for_origins_are_told(string options, string operands) =>
        Assert.Equal(operands, string.Join(' ', OptionWords.Read(options.Split(' ')).Operands));
}
