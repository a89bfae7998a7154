using Deploy.Modes.Files.Printing;
using Deploy.Tests.Model.Text;
using Xunit;

namespace Deploy.Tests.Modes.Files;

public class WrapperScriptTests
{
    [Theory]
    [InlineData("echo %s | tr a-z A-Z", "echo \"$@\" | tr a-z A-Z")]
    [InlineData("echo \"<%s>\" > /dev/null; echo '[%s]'", "echo \"<$*>\" > /dev/null; echo '[]'")]
    [InlineData("echo '[%s]' | cat", "echo '['\"$*\"']' | cat")]
    [InlineData("date +%%Y; ls %s %s", "date +%Y; ls \"$@\" ")]
    public void The_arguments_stand_where_they_stood_as_words(string line, string script) => Assert.Equal($"#!/bin/sh\n{script}\n", WrapperScript.Of(line));

    [Theory]
    [InlineData("echo %s")]
    [InlineData("echo 'unterminated | %s")]
    [InlineData("")]
    public void A_line_that_needs_no_shell_has_none(string line) => Assert.Null(WrapperScript.Of(line));

    /// <summary>Whatever the arguments are, a real shell runs the line's own commands alone.</summary>
    [Theory]
    [InlineData("printf '%%s|' %s; :", "a b|$(id)|`id`|;id|'|\"|*|")]
    [InlineData("printf '%%s|' \"%s\"; :", "a b $(id) `id` ;id ' \" *|")]
    [InlineData("printf '%%s|' 'x%sx'; :", "xa b $(id) `id` ;id ' \" *x|")]
    public void A_real_shell_reads_no_argument_as_code(string line, string output)
    {
        using var shell = new RealShell();
        string script = WrapperScript.Of(line)!.Replace("#!/bin/sh\n", string.Empty, StringComparison.Ordinal);
        Assert.Equal(output, shell.Run("/bin/sh", ["-c", script, "sh", "a b", "$(id)", "`id`", ";id", "'", "\"", "*"]).Output);
    }
}
