using Xunit;

namespace Deploy.Tests.Attacks.OnHost;

/// <summary>Arguments that mean something to a shell, to an option reader or to whoever shows them: a parameter takes them as they are, or refuses them; nothing is ever evaluated.</summary>
[Trait("Category", "EndToEnd")]
public class CommandArgumentTests(CommandAgent host) : IClassFixture<CommandAgent>
{
    /// <param name="argument">Sent to a command of each kind; PWN stands for a file that would be made.</param>
    /// <param name="takers">The kinds that take it.</param>
    [Theory]
    [InlineData("a\\;id", "relpath words")]
    [InlineData("a;touch PWN", "relpath words")]
    [InlineData("a|touch PWN", "relpath words")]
    [InlineData("a&&touch PWN", "relpath words")]
    [InlineData("$(touch PWN)", "relpath words")]
    [InlineData("`touch PWN`", "relpath words")]
    [InlineData("${IFS}", "relpath words")]
    [InlineData(">PWN", "relpath words")]
    [InlineData("'", "relpath words")]
    [InlineData("\"", "relpath words")]
    [InlineData("a b", "relpath words")]
    [InlineData("*", "relpath words")]
    [InlineData("%s", "relpath words")]
    [InlineData("{id}", "relpath words")]
    [InlineData("a,b", "relpath words")]
    [InlineData("~root", "words")]
    [InlineData("-rf", "words")]
    [InlineData("--", "words")]
    [InlineData("--help", "words")]
    [InlineData("-1", "words")]
    [InlineData(".", "words")]
    [InlineData("..", "words")]
    [InlineData("../x", "words")]
    [InlineData("a/../../x", "words")]
    [InlineData("a/./x", "words")]
    [InlineData("a//x", "words")]
    [InlineData("/etc/passwd", "words")]
    [InlineData("a\ntouch PWN", "")]
    [InlineData("abc\n", "")]
    [InlineData("\r", "")]
    [InlineData("\t", "")]
    [InlineData("\u001b[2J", "")]
    [InlineData("\u007f", "")]
    [InlineData("\u0085", "")]
    [InlineData("\u2028", "relpath words")]
    [InlineData("\u202Eabc", "relpath words")]
    [InlineData("\uFF41bc", "relpath words")] // a wide letter
    [InlineData("\u0663", "relpath words")] // an Arabic digit
    [InlineData("ON", "name relpath words")]
    [InlineData("on", "name relpath words regex enum")]
    [InlineData("+7", "relpath words")]
    [InlineData("07", "name relpath words")]
    [InlineData("7.0", "name relpath words")]
    [InlineData("101", "name relpath words")]
    [InlineData("9223372036854775808", "name relpath words")]
    [InlineData("7", "name relpath words int")]
    public async Task An_argument_arrives_as_it_is_or_is_refused(string argument, string takers)
    {
        host.Begin();
        string pwned = host["pwned"];
        string sent = argument.Replace("PWN", pwned, StringComparison.Ordinal);
        string[] kinds = [.. CommandAgent.Kinds.Keys];
        var words = await Task.WhenAll(kinds.Select(kind => host.WordsAsync(kind, sent)));
        for (int at = 0; at < kinds.Length; at++)
        {
            Assert.True(takers.Split(' ').Contains(kinds[at]) == (words[at] is not null), $"{kinds[at]} {(words[at] is null ? "refused" : "took")} '{argument}'");
            Assert.True(words[at] is null || words[at]!.SequenceEqual([sent]), $"{kinds[at]} made of '{argument}': {string.Join(" | ", words[at] ?? [])}");
        }

        Assert.False(File.Exists(pwned));
        await host.UnharmedAsync();
    }

    [Fact]
    public async Task An_empty_argument_is_a_word_among_words_and_of_no_other_kind()
    {
        host.Begin();
        foreach (string kind in CommandAgent.Kinds.Keys)
        {
            var words = await host.WordsAsync(kind, string.Empty);
            Assert.True(kind == "words" ? words is [""] : words is null, kind);
        }

        await host.UnharmedAsync();
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(4096)]
    [InlineData(4097)]
    public async Task A_long_argument_arrives_whole_or_is_refused(int letters)
    {
        host.Begin();
        string argument = new('a', letters);
        foreach (string kind in new[] { "name", "relpath", "regex", "words" })
        {
            var words = await host.WordsAsync(kind, argument);
            Assert.True(letters > 4096 ? words is null : words is [var one] && one == argument, kind);
        }

        await host.UnharmedAsync();
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_a_zero_are_no_job()
    {
        host.Begin();
        foreach (string kind in CommandAgent.Kinds.Keys)
        {
            var order = BentOrderTests.Document(host.Agent.Alice, $"\"order\":\"exec\",\"command\":\"{kind}\",\"arguments\":[\"{kind}\",\"a?\"]");
            int at = Array.LastIndexOf(order.Body!, (byte)'?');
            foreach (byte[] wrong in new byte[][] { [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xB2, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [.. "\\ud800"u8], [.. "\\udc80"u8], [.. "\\udc80\\ud800"u8] })
            {
                await host.Agent.RefusedAsync(order with { Body = [.. order.Body![..at], .. wrong, .. order.Body[(at + 1)..]] }, 400, "bad-request");
            }

            await host.Agent.RefusedAsync(order.WithDocument("a?", "a\\u0000"), 422, "invalid");
            await host.Agent.RefusedAsync(order.WithDocument("[", "[[").WithDocument("]", "]]"), 422, "invalid");
            await host.Agent.RefusedAsync(order.WithDocument("\"a?\"", "7"), 422, "invalid");
            Assert.Empty(host.Agent.Marks(kind));
        }

        await host.UnharmedAsync();
    }

    [Fact]
    public async Task More_words_than_an_order_has_and_more_bytes_are_no_job()
    {
        host.Begin();
        string few = string.Join(',', Enumerable.Repeat("\"a\"", 1000)), many = few + ",\"a\"";
        foreach (string words in new[] { many, $"\"{new string('a', 65537)}\"", string.Join(',', Enumerable.Repeat($"\"{new string('a', 700)}\"", 100)) })
        {
            var answer = await host.GiveAsync($"\"order\":\"exec\",\"command\":\"words\",\"arguments\":[{words}]", out string id);
            Assert.Equal((422, "invalid"), (answer.Status, answer.Problem));
            await host.Agent.NothingAsync(id);
        }

        Assert.Equal("ok", HostAgent.How(await host.EndOfAsync($"\"order\":\"exec\",\"command\":\"words\",\"arguments\":[{few}]")).State);
        await host.UnharmedAsync();
    }
}
