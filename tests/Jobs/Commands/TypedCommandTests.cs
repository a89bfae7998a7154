using Deploy.Jobs.Commands;
using Xunit;

namespace Deploy.Tests.Jobs.Commands;

public class TypedCommandTests
{
    private static readonly CommandParameter Verb = new CommandParameter.Choice("verb", ["reload", "restart"]);
    private static readonly CommandParameter Count = new CommandParameter.Whole("count", 1, 100);
    private static readonly CommandParameter Rest = new CommandParameter.Words("rest");

    [Fact]
    public void Arguments_fill_the_parameters_in_the_order_of_argv()
    {
        var command = Command(["/bin/x", "--n={count}", "{verb}", "{verb}.service"], Verb, Count);
        Assert.Equal(["count", "verb"], command.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["/bin/x", "--n=7", "reload", "reload.service"], Argv(command, "7", "reload"));
        Assert.Equal("/bin/x --n=7 reload reload.service", command.LegacyCommandLine(["7", "reload"]));
    }

    [Fact]
    public void Words_take_what_is_left_none_at_all_too()
    {
        var command = Command(["/bin/x", "{verb}", "{rest}", "end"], Verb, Rest);
        Assert.Equal(["/bin/x", "reload", "end"], Argv(command, "reload"));
        Assert.Equal(["/bin/x", "reload", "a b", "-c", "end"], Argv(command, "reload", "a b", "-c"));
        Assert.IsType<CommandWords.Refused>(command.With([]));
    }

    [Theory]
    [InlineData("stop", "not taken")]
    [InlineData("Reload", "not taken")]
    [InlineData("reload,reload", "2 came")]
    [InlineData("", "not taken")]
    [InlineData(null, "0 came")]
    public void What_does_not_fit_is_refused_with_what_was_expected(string? arguments, string expected)
    {
        var refused = Assert.IsType<CommandWords.Refused>(Command(["/bin/x", "{verb}"], Verb).With(arguments?.Split(',') ?? []));
        Assert.Contains(expected, refused.Reason, StringComparison.Ordinal);
        Assert.Contains("one of reload, restart", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int", "1", true)]
    [InlineData("int", "100", true)]
    [InlineData("int", "0", false)]
    [InlineData("int", "101", false)]
    [InlineData("int", "007", false)]
    [InlineData("int", "+7", false)]
    [InlineData("int", "7 ", false)]
    [InlineData("int", "٧", false)]
    [InlineData("name", "nginx.service", true)]
    [InlineData("name", "getty@tty1", true)]
    [InlineData("name", "-rf", false)]
    [InlineData("name", ".hidden", false)]
    [InlineData("name", "a/b", false)]
    [InlineData("name", "a b", false)]
    [InlineData("name", "é", false)]
    [InlineData("relpath", "a/b.html", true)]
    [InlineData("relpath", "/etc/passwd", false)]
    [InlineData("relpath", "../x", false)]
    [InlineData("relpath", "a/../b", false)]
    [InlineData("relpath", "-x", false)]
    [InlineData("relpath", ".", false)]
    [InlineData("relpath", "a//b", false)]
    [InlineData("relpath", "a/", false)]
    [InlineData("relpath", "~/x", false)]
    [InlineData("regex", "v1.2", true)]
    [InlineData("regex", "xv1.2", false)]
    [InlineData("regex", "v1.2\n", false)]
    [InlineData("regex", "v1.2x", false)]
    [InlineData("words", "-c", true)]
    [InlineData("words", "a\u001bb", false)]
    public void A_parameter_takes_what_its_kind_says(string kind, string value, bool takes)
    {
        CommandParameter parameter = kind switch
        {
            "int" => Count,
            "name" => new CommandParameter.Word("x"),
            "relpath" => new CommandParameter.RelativePath("x"),
            "regex" => new CommandParameter.Matching("x", "v[0-9.]+|w"),
            _ => Rest,
        };
        Assert.Equal(takes, parameter.Takes(value));
    }

    [Theory]
    [InlineData("a)|(b", false)]
    [InlineData("(", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData("a|b", true)]
    public void A_pattern_is_judged_alone(string pattern, bool ok) => Assert.Equal(ok, CommandParameter.Matching.Problem(pattern) is null);

    [Fact]
    public void An_empty_argument_keeps_its_place()
    {
        var command = Command(["/bin/x", "{verb}", "{rest}"], Verb, Rest);
        Assert.IsType<CommandWords.Refused>(command.With(["", "reload"]));
        Assert.Equal(["/bin/x", "reload", "", "a"], Argv(command, "reload", "", "a"));
        Assert.IsType<CommandWords.Refused>(Command(["/bin/x"]).With([""]));
    }

    [Fact]
    public void On_the_originals_wire_an_empty_argument_that_is_no_place_is_none()
    {
        var command = Command(["/bin/x", "{verb}", "{rest}"], Verb, Rest);
        Assert.IsType<CommandWords.Refused>(command.With(["", "reload"], dropsEmpty: true));
        Assert.Equal(["/bin/x", "reload", "a"], Assert.IsType<CommandWords.Ready>(command.With(["reload", "", "a"], dropsEmpty: true)).Argv);
        Assert.Equal(["/bin/x"], Assert.IsType<CommandWords.Ready>(Command(["/bin/x"]).With([""], dropsEmpty: true)).Argv);
    }

    [Fact]
    public void A_NUL_is_refused() => Assert.IsType<CommandWords.Refused>(Command(["/bin/x", "{rest}"], Rest).With(["a\0b"]));

    [Fact]
    public void Braces_that_name_nothing_are_text_and_writing_gives_back_what_was_read()
    {
        string[] written = ["/bin/x", "{{verb}", "{}", "{ }", "a{verb}b{{c", "{a b}"];
        var command = Command(written, Verb);
        Assert.Equal(["/bin/x", "{verb}", "{}", "{ }", "areloadb{c", "{a b}"], Argv(command, "reload"));
        Assert.Equal(Argv(command, "reload"), Argv(Command(command.Written, Verb), "reload"));
    }

    /// <summary>Whatever a request sends, words that name no parameter stay as they are, and each other word is checked text between its own.</summary>
    [Fact]
    public void No_argument_changes_the_number_of_words_or_the_program()
    {
        var random = new Random(20261122);
        var command = Command(["/bin/x", "{verb}", "--{count}", "z"], Verb, Count);
        string[] pieces = ["reload", "restart", "1", "99", "{verb}", "-", "x", " ", "\"", "$(id)", "\0", "\n"];
        for (int round = 0; round < 20_000; round++)
        {
            string[] arguments = [.. Enumerable.Range(0, random.Next(4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => pieces[random.Next(pieces.Length)])))];
            if (command.With(arguments) is CommandWords.Ready ready)
            {
                Assert.Equal(4, ready.Argv.Count);
                Assert.Equal("/bin/x", ready.Argv[0]);
                Assert.Contains(ready.Argv[1], new[] { "reload", "restart" });
                Assert.Equal("z", ready.Argv[3]);
            }
        }
    }

    private static TypedCommand Command(IReadOnlyList<string> argv, params CommandParameter[] parameters) =>
        TypedCommand.Of(argv, parameters.ToDictionary(parameter => parameter.Name));

    private static IReadOnlyList<string> Argv(TypedCommand command, params string[] arguments) => Assert.IsType<CommandWords.Ready>(command.With(arguments)).Argv;
}
