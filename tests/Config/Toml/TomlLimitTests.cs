using System.Text;
using Deploy.Config.Toml;
using Xunit;

namespace Deploy.Tests.Config.Toml;

/// <summary>What a hostile file can cost: neither the stack nor more time than its size.</summary>
public class TomlLimitTests
{
    private const int Megabyte = 1_000_000;

    /// <summary>Work that grew with the square of the size would take hours; this only ends a run that hangs.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("[")]
    [InlineData("[[")]
    [InlineData("[a.")]
    [InlineData("[a]\n[[a.")]
    [InlineData("a = [")]
    [InlineData("a = [\n")]
    [InlineData("a = [[\n")]
    [InlineData("a = {")]
    [InlineData("a = {\n")]
    [InlineData("a = \"\"\"")]
    [InlineData("a = '''\n")]
    [InlineData("a = \"")]
    [InlineData("a = [1, 2\n")]
    [InlineData("{a=")]
    [InlineData("a.a.a.")]
    [InlineData("a.a.a.a = 1\n")]
    [InlineData("[a.a.a]\n")]
    [InlineData("[[a]]\n[[a.a]]\n[[a.a.a]]\n[a]\n")]
    [InlineData("\"\\")]
    [InlineData("x = \\\"\"\"\n")]
    [InlineData("x = y'''\nx = y\"\"\"\n")]
    [InlineData("\"a\\\n")]
    [InlineData("\0")]
    [InlineData("\uFEFF")]
    [InlineData("=")]
    [InlineData("a = b [\n")]
    [InlineData("a = b {,\n")]
    [InlineData(" \t")]
    [InlineData("a = 1 ")]
    public void A_megabyte_of_it_ends_with_a_bounded_list_of_errors(string pattern)
    {
        var document = Bounded(Times(pattern, Megabyte / pattern.Length));
        Assert.InRange(document.Errors.Count, string.IsNullOrWhiteSpace(pattern) ? 0 : 1, TomlReader.MaxErrors + 1);
        Assert.InRange(Depth(document.Root), 0, TomlReader.MaxDepth);
    }

    [Theory]
    [InlineData("a = ", "[", "1", "]")]
    [InlineData("a = ", "{a=", "1", "}")]
    [InlineData("a = ", "[[{a=", "1", "}]]")]
    [InlineData("", "a.", "a = 1", "")]
    [InlineData("[", "a.", "a]", "")]
    [InlineData("[[", "a.", "a]]", "")]
    [InlineData("", "a . ", "a = \"\"\"\n[x]\n\"\"\"", "")]
    public void What_stands_too_deep_is_one_error_and_the_rest_is_read(string before, string open, string inner, string close)
    {
        foreach (int times in (int[])[TomlReader.MaxDepth + 1, 100_000])
        {
            var document = Bounded($"first = 1\n{before}{Times(open, times)}{inner}{Times(close, times)}\n[last]\nx = 1\n");
            Assert.Contains("100", Assert.Single(document.Errors).What, StringComparison.Ordinal);
            Assert.Equal(["first", "last"], document.Root.Entries.Select(entry => entry.Key.Value).Where(key => key != "a"));
            Assert.InRange(Depth(document.Root), 0, TomlReader.MaxDepth);
        }
    }

    [Fact]
    public void What_is_just_deep_enough_is_read()
    {
        foreach (string text in (string[])
            [
                $"a = {Times("[", 100)}1{Times("]", 100)}",
                $"a = {Times("{ a = ", 99)}{{ b = 1 }}{Times("}", 99)}",
                $"{Times("a.", 99)}a = 1",
                $"[{Times("a.", 99)}a]\nb = 1",
                $"[{Times("a.", 49)}a]\n{Times("b.", 50)}c = 1",
            ])
        {
            var document = Bounded(text);
            Assert.Empty(document.Errors);
            Assert.InRange(Depth(document.Root), TomlReader.MaxDepth - 1, TomlReader.MaxDepth);
        }
    }

    [Fact]
    public void Lists_of_tables_in_one_another_count_twice()
    {
        string Names(int levels) => string.Concat(Enumerable.Range(1, levels).Select(level => $"[[{string.Join('.', Enumerable.Repeat("a", level))}]]\n"));
        Assert.Empty(Bounded(Names(TomlReader.MaxDepth / 2)).Errors);
        Assert.Equal(TomlReader.MaxDepth, Depth(Bounded(Names(TomlReader.MaxDepth / 2)).Root));
        Assert.Equal($"f:51:{3 + 100}: tables and lists stand in one another more than 100 deep here", Assert.Single(Bounded(Names(51)).Errors).ToString());
    }

    [Fact]
    public void Four_MiB_of_good_lines_are_read()
    {
        var text = new StringBuilder();
        for (int i = 0; text.Length < 4_000_000; i++)
        {
            text.Append($"[hosts.\"web-{i}\"]\naddress = \"10.0.0.1\" # comment\nports = [ 1, 2,\n 3 ]\nguard = {{ max = 1 }}\na.b.c = 1\n");
        }

        Assert.Empty(Bounded(text.ToString()).Errors);
        Assert.Empty(Bounded($"a = [{Times("{a=1},", 500_000)}]").Errors);
        Assert.Empty(Bounded($"a = [{Times("[],\n", 900_000)}]").Errors);
        Assert.Empty(Bounded($"a = {{{string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"k{i}=1"))}}}").Errors);
    }

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static TomlDocument Bounded(string text)
    {
        var reading = Task.Run(() => TomlReader.Parse("f", Encoding.UTF8.GetBytes(text)));
#pragma warning disable xUnit1031 // a test that hangs is to end: it waits with a bound for work that has no other way to be stopped
        Assert.True(reading.Wait(Hang), "reading hangs");
        return reading.Result;
#pragma warning restore xUnit1031
    }

    private static int Depth(TomlValue value) => value switch
    {
        TomlValue.Table table => table.Entries.Select(entry => Depth(entry.Value) + (entry.Value is TomlValue.Table or TomlValue.List ? 1 : 0)).DefaultIfEmpty(0).Max(),
        TomlValue.List list => list.Items.Select(item => Depth(item) + (item is TomlValue.Table or TomlValue.List ? 1 : 0)).DefaultIfEmpty(0).Max(),
        _ => 0,
    };
}
