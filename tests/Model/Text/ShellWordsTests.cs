using System.Text;
using Deploy.Model.Text;
using Xunit;

namespace Deploy.Tests.Model.Text;

public class ShellWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t ", "")]
    [InlineData("a  b\tc", "a|b|c")]
    [InlineData("''", "")]
    [InlineData("'' a \"\"", "|a|")]
    [InlineData("--rsh=\"ssh -p 22\"", "--rsh=ssh -p 22")]
    [InlineData("'a\\b' \"a\\b\" \"a\\\\b\" a\\\\b a\\ b", "a\\b|a\\b|a\\b|a\\b|a b")]
    [InlineData("\"\\$ \\` \\\" \\a\"", "$ ` \" \\a")]
    [InlineData("a'b'\"c\"\\d", "abcd")]
    [InlineData("a\\", "a\\")]
    [InlineData("a\\\nb \"c\\\nd\"", "ab|cd")]
    [InlineData("x{a,b}y a#b", "x{a,b}y|a#b")]
    public void Words_are_what_a_shell_makes_of_them(string line, string words)
    {
        var split = Split(line);
        Assert.Equal(words, string.Join('|', split.Words.Select(word => word.Text)));
        Assert.Null(split.NeedsShell);
    }

    [Theory]
    [InlineData("echo 'abc", 6, '\'')]
    [InlineData("echo \"a\\\"", 6, '"')]
    [InlineData("a b'c'\"", 7, '"')]
    public void A_quote_that_never_closes_is_named(string line, int column, char quote) =>
        Assert.Equal(new ShellLine.Unterminated(column, quote), ShellWords.Split(line));

    [Theory]
    [InlineData("a; b", 2, ";")]
    [InlineData("sleep 3 &", 9, "&")]
    [InlineData("a | b", 3, "|")]
    [InlineData("a >x", 3, ">")]
    [InlineData("a 2<x", 4, "<")]
    [InlineData("a (b)", 3, "(")]
    [InlineData("a\nb", 2, "\n")]
    [InlineData("a $HOME", 3, "$")]
    [InlineData("a \"x $y\"", 6, "$")]
    [InlineData("a \"`b`\"", 4, "`")]
    [InlineData("ls *.c", 4, "*")]
    [InlineData("ls a?", 5, "?")]
    [InlineData("ls [ab]c", 7, "]")]
    [InlineData("ls ~/x", 4, "~")]
    [InlineData("a #b", 3, "#")]
    [InlineData("A=1 b", 1, "A=")]
    [InlineData("_a1= b", 1, "_a1=")]
    [InlineData("cd /x", 1, "cd")]
    [InlineData("  . /x", 3, ".")]
    [InlineData("'umask' 022", 1, "umask")]
    [InlineData("if true", 1, "if")]
    [InlineData("! true", 1, "!")]
    [InlineData("exec x; y", 1, "exec")]
    public void What_only_a_shell_does_is_named_with_its_column(string line, int column, string what)
    {
        var need = Split(line).NeedsShell;
        Assert.NotNull(need);
        Assert.Equal((column, what), (need.Column, need.What));
    }

    [Theory]
    [InlineData("echo '$x;`y`|*' \\; \\$ \"a;b|c>*?~\"")]
    [InlineData("echo [%s] [] ][ a~ a[ %]")]
    [InlineData("/usr/bin/cd")]
    [InlineData("9a=b c")]
    [InlineData("\"A\"=1 c")]
    [InlineData("echo A=1 if cd {a,b}")]
    [InlineData("printf x")]
    public void What_is_quoted_or_out_of_place_needs_none(string line) => Assert.Null(Split(line).NeedsShell);

    [Fact]
    public void Each_kind_of_need_is_told_once_in_the_order_of_the_line() =>
        Assert.Equal(["cd", "*", ";", "$"], Split("cd * ; $x ; * $y").Needs.Select(need => need.What));

    [Fact]
    public void Columns_count_from_one_and_include_the_quote()
    {
        var word = Split("a 'b c'").Words[1];
        Assert.Equal((3, true), (word.Column, word.HasQuotes));
        Assert.Equal([4, 5, 6], word.Characters.Select(character => character.Column));
        Assert.All(word.Characters, character => Assert.Equal(ShellQuoting.Single, character.Quoting));
    }

    /// <summary>The oracle is the real shell, for lines of which the splitter says that they need none.</summary>
    [Fact]
    public void A_real_shell_makes_the_same_words_of_random_lines()
    {
        using var shell = new RealShell();
        var random = new Random(20261122);
        var lines = new List<string>();
        while (lines.Count < 4000)
        {
            string line = RandomLine(random);
            if (ShellWords.Split(line) is ShellLine.Split { NeedsShell: null })
            {
                lines.Add(line);
            }
        }

        var real = shell.Words(lines);
        for (int i = 0; i < lines.Count; i++)
        {
            Assert.True(real[i].SequenceEqual(Split(lines[i]).Words.Select(word => word.Text)), $"{lines[i]} → {string.Join('|', real[i])}");
        }
    }

    [Fact]
    public void A_real_shell_refuses_what_never_closes()
    {
        using var shell = new RealShell();
        var random = new Random(20261123);
        for (int round = 0; round < 40;)
        {
            string line = RandomLine(random);
            // A comment would hide the quote from the shell.
            if (line.AsSpan().IndexOfAny("$`;#") < 0 && ShellWords.Split(line) is ShellLine.Unterminated)
            {
                Assert.True(shell.Refuses(line), line);
                round++;
            }
        }
    }

    [Fact]
    public void Any_text_is_split_without_an_exception_and_in_linear_time()
    {
        var random = new Random(20261124);
        for (int round = 0; round < 20_000; round++)
        {
            _ = ShellWords.Split(RandomLine(random));
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (string pattern in (string[])["[", "]", "[a", "a", "'", "\"", "\\", ";", "*", " a"])
        {
            _ = ShellWords.Split(string.Concat(Enumerable.Repeat(pattern, 300_000)));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
    }

    private static ShellLine.Split Split(string line) => Assert.IsType<ShellLine.Split>(ShellWords.Split(line));

    private static string RandomLine(Random random)
    {
        // No comma: a bash that stands in for sh would expand {a,b}.
        const string Alphabet = "abz  \t'\"'\"\\\\$`;#~=[]{}!%-é*";
        var line = new StringBuilder();
        for (int i = random.Next(16); i > 0; i--)
        {
            line.Append(Alphabet[random.Next(Alphabet.Length)]);
        }

        return line.ToString();
    }
}
