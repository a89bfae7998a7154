using System.Text;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Tests.Model.Text;
using Xunit;

namespace Deploy.Tests.Jobs.Commands;

public class CommandTemplateTests
{
    /// <summary>Arguments that a shell, a terminal or a careless program would take for something else.</summary>
    private static readonly string[] Hostile =
    [
        "a;id", "$(id)", "`id`", "a b", "a\nid", "x\\;id", "'; id #", "\"; id #", "-c", "--", "-rf /", "%s", "%%", "%n%n", "*", "~", "?", "[a]", "{a,b}", "&", "|id", ">x",
        "<x", "\\", "\\\n", "\t", "é", "$IFS", "\u001b[2J", "=", "#", "!!", "a=b",
    ];

    [Theory]
    [InlineData("echo %s", "", "echo")]
    [InlineData("echo %s", "a", "echo|a")]
    [InlineData("echo %s", "a,b c", "echo|a|b c")]
    [InlineData("echo [%s] [%s]", "a,b", "echo|[a|b]|[]")]
    [InlineData("echo [%s] [%s]", "a,b,c", "echo|[a|b|c]|[]")]
    [InlineData("echo [%s] [%s]", "", "echo|[]|[]")]
    [InlineData("echo %s %s", "a", "echo|a")]
    [InlineData("echo \"%s\"", "a,b", "echo|a b")]
    [InlineData("echo 'x %s y'", "a,b", "echo|x a b y")]
    [InlineData("echo \"%s\"", "", "echo|")]
    [InlineData("echo \"\"%s", "", "echo|")]
    [InlineData("echo x\"%s\"y%s", "a,b", "echo|xa by")]
    [InlineData("echo %s", ",a,,b,", "echo|a|b")]
    [InlineData("/bin/true", "a,b", "/bin/true")]
    [InlineData("date +%%Y", "", "date|+%Y")]
    [InlineData("echo 100% done %d %5s %", "a", "echo|100%|done|%d|%5s|%")]
    [InlineData("echo %%s %s", "a", "echo|%s|a")]
    [InlineData("echo %\"s\" \"%\"s", "a", "echo|%s|%s")]
    [InlineData("echo %\\s \\%s", "a", "echo|%s|a")]
    public void Arguments_take_the_place_of_the_first_slot(string line, string arguments, string argv) =>
        Assert.Equal(argv, string.Join('|', Argv(line, arguments.Length == 0 ? [] : arguments.Split(','))));

    [Theory]
    [InlineData("echo %s", "a,,b", "echo|a||b")]
    [InlineData("echo %s", ",", "echo||")]
    [InlineData("echo [%s]", ",a,", "echo|[|a|]")]
    [InlineData("echo x%s", "a,,b", "echo|xa||b")]
    [InlineData("echo '%s'", "a,,b", "echo|a  b")]
    public void An_empty_argument_of_v1_is_a_word(string line, string arguments, string argv)
    {
        Assert.Equal(argv, string.Join('|', Assert.IsType<CommandWords.Ready>(Template(line).With(arguments.Split(','))).Argv));
        Assert.Equal(["echo", ""], Assert.IsType<CommandWords.Ready>(Template("echo %s").With([""])).Argv);
        Assert.Equal(["echo"], Assert.IsType<CommandWords.Ready>(Template("echo %s").With([])).Argv);
    }

    [Fact]
    public void A_hostile_argument_stays_one_word_and_nothing_else_starts()
    {
        using var shell = new RealShell();
        foreach (string line in (string[])["/usr/bin/printf '%%s\\0' %s", "/usr/bin/printf '%%s\\0' '[' %s ']'"])
        {
            var argv = Argv(line, Hostile);
            Assert.Equal("%s\\0", argv[1]);
            Assert.Equal(Hostile, argv.Where(word => word is not ("[" or "]")).Skip(2));
            var (exit, output) = shell.Run(argv[0], argv.Skip(1).ToList());
            Assert.Equal(0, exit);
            Assert.Equal(string.Concat(argv.Skip(2).Select(word => word + "\0")), output);
        }
    }

    [Fact]
    public void Random_arguments_arrive_as_they_were_sent()
    {
        using var shell = new RealShell();
        var random = new Random(20261122);
        for (int round = 0; round < 50; round++)
        {
            string[] arguments = Enumerable.Range(0, random.Next(1, 20)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Hostile[random.Next(Hostile.Length)]))).ToArray();
            var argv = Argv("/usr/bin/printf '%%s\\0' %s", arguments);
            Assert.Equal(string.Concat(arguments.Select(argument => argument + "\0")), shell.Run(argv[0], argv.Skip(1).ToList()).Output);
        }
    }

    [Fact]
    public void A_NUL_is_refused() => Assert.IsType<CommandWords.Refused>(Template("echo %s").With(["a", "b\0c"]));

    /// <summary>The command texts of the recordings raw_job_* and plain_exec_*; the original wrote them in base64.</summary>
    [Theory]
    [InlineData("echo [%s] [%s]", "a,b", "ZWNobyBbYSBiXSBbXQ==")] // job_two
    [InlineData("echo %s", "a;id,$(id),`id`,>x,\"q\",'s',*,~,?", "ZWNobyBhXDtpZCBcJFwoaWRcKSBcYGlkXGAgXD54IFwicVwiIFwnc1wnIFwqIH4gPw==")] // job_meta
    [InlineData("echo %s", "a&&id", "ZWNobyBhXCZcJmlk")] // job_amp
    [InlineData("/bin/true", "a,b", "L2Jpbi90cnVl")] // job_extra_args
    [InlineData("echo %s", "a\nid", "ZWNobyBhCmlk")] // job_nl: the text alone is equal; the original ran id
    [InlineData("echo %s", "x\\;id", "ZWNobyB4XFw7aWQ=")] // job_bs: the text alone is equal; the original ran id
    [InlineData("echo %s", "%s", "ZWNobyAlcw==")] // job_pctfmt
    [InlineData("echo %s", "a b+c", "ZWNobyBhIGIrYw==")] // job_plus
    [InlineData("/nonexistent/cmd %s", "x", "L25vbmV4aXN0ZW50L2NtZCB4")] // job_nosuch
    [InlineData("sh -c 'kill -9 $$'", "", "c2ggLWMgJ2tpbGwgLTkgJCQn")] // job_killself
    [InlineData("cat", "", "Y2F0")] // job_stdin
    [InlineData("echo %s", "hi", "ZWNobyBoaQ==")] // ok_post
    [InlineData("echo %s", "hello,world", "ZWNobyBoZWxsbyB3b3JsZA==")] // plain_exec_echo, plain_exec_pipe
    [InlineData("/bin/false", "", "L2Jpbi9mYWxzZQ==")] // plain_exec_false
    [InlineData("sh -c \"echo out; echo err >&2; exit 3\"", "", "c2ggLWMgImVjaG8gb3V0OyBlY2hvIGVyciA+JjI7IGV4aXQgMyI=")] // plain_exec_exit3
    [InlineData("printf '\\001\\377\"\\\\'", "", "cHJpbnRmICdcMDAxXDM3NyJcXCc=")] // plain_exec_bin
    public void The_command_of_the_answer_is_the_line_as_the_original_wrote_it(string line, string arguments, string recorded) =>
        Assert.Equal(
            Encoding.UTF8.GetString(Convert.FromBase64String(recorded)),
            Template(line).LegacyCommandLine(arguments.Length == 0 ? [] : arguments.Split(',')));

    /// <summary>
    /// Deliberately unlike the recordings job_pct (<c>echo 100 0one</c>) and job_date (<c>date +%Y-0 </c>): Perl's sprintf took <c>% d</c> and <c>%d</c> for
    /// numbers and gave them the arguments. Of job_date the <c>%%</c> is as recorded.
    /// </summary>
    [Theory]
    [InlineData("echo 100% done", "", "echo 100% done")]
    [InlineData("date +%%Y-%d %s", "x", "date +%Y-%d x")]
    public void A_percent_that_is_no_slot_is_itself(string line, string arguments, string text) =>
        Assert.Equal(text, Template(line).LegacyCommandLine(arguments.Length == 0 ? [] : arguments.Split(',')));

    [Fact]
    public void Every_character_that_the_original_escaped_is_escaped_and_no_other()
    {
        for (char c = ' '; c <= '~'; c++)
        {
            string expected = ";<>*|`&$!#()[]{}'\"".Contains(c, StringComparison.Ordinal) ? "echo \\" + c : "echo " + c;
            Assert.Equal(expected, Template("echo %s").LegacyCommandLine([c.ToString()]));
        }
    }

    private static CommandForm Template(string line)
    {
        var entry = CommandEntry.Parse("x", line);
        Assert.Null(entry.DisabledReason);
        return entry.Form!;
    }

    private static IReadOnlyList<string> Argv(string line, IReadOnlyList<string> arguments) =>
        Assert.IsType<CommandWords.Ready>(Template(line).With(arguments, dropsEmpty: true)).Argv;
}
