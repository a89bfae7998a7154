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
    [InlineData("cd /srv && ls -l\t%s 2>/dev/null >&2 | sort", "cd /srv && ls -l\t\"$@\" 2>/dev/null >&2 | sort")]
    [InlineData("sh -c 'echo $HOME' | tee /tmp/x", "sh -c 'echo $HOME' | tee /tmp/x")]
    [InlineData("sudo -u www ls %s | head", "sudo -u www ls \"$@\" | head")]
    public void The_arguments_stand_where_they_stood_as_words(string line, string script) => Assert.Equal($"#!/bin/sh\n{script}\n", WrapperScript.Of(line));

    [Theory]
    [InlineData("echo %s")]
    [InlineData("echo 'unterminated | %s")]
    [InlineData("")]
    public void A_line_that_needs_no_shell_has_none(string line) => Assert.Null(WrapperScript.Of(line));

    /// <summary>Where a program, or this shell itself, could take the arguments for code, no script is printed.</summary>
    [Theory]
    [InlineData("sh -c 'echo %s' | tee /tmp/x")]
    [InlineData("awk '{print \"%s\"}' f > x")]
    [InlineData("eval %s; :")]
    [InlineData(":; eval %s")]
    [InlineData("ssh h %s | cat")]
    [InlineData("sudo sh -c \"echo %s\" > f")]
    [InlineData(":;sh -c %s")]
    [InlineData(":|2>/dev/null sh -c %s")]
    [InlineData(">f sh -c %s")]
    [InlineData("if :; then sh -c %s; fi")]
    [InlineData("true && ! sh -c %s")]
    [InlineData("A=1 sh -c %s; :")]
    [InlineData("{ sh -c %s; }")]
    [InlineData(":; {sh,-c,%s}")]
    [InlineData("(sh -c %s)")]
    [InlineData("f() { :; }; f %s")]
    [InlineData("echo %s | sh")]
    [InlineData("echo %s | s%sh")]
    [InlineData("echo %s | xargs rm")]
    [InlineData("echo %s | sudo crontab -")]
    [InlineData("echo %s | at now")]
    [InlineData("%s | cat")]
    [InlineData("cd %s && ls")]
    [InlineData("echo x > %s")]
    [InlineData("echo x >&%s")]
    [InlineData("echo x > /srv/%s.txt")]
    [InlineData("cat < %s")]
    [InlineData("echo `echo %s`")]
    [InlineData("echo $(ls %s)")]
    [InlineData("echo \"$(ls %s)\"")]
    [InlineData("$SHELL -c %s")]
    [InlineData("/bin/s? -c %s")]
    [InlineData("~/sh -c %s")]
    [InlineData(":;# ' ; sh -c %s '")]
    [InlineData("echo \\%s | cat")]
    [InlineData("echo \"\\%s\" | cat")]
    [InlineData("[ %s ] && :")]
    [InlineData("printf %s; :")]
    [InlineData("printf -v %s x; :")]
    [InlineData("find . -name %s | cat")]
    [InlineData("echo %s |\ncat")]
    [InlineData("echo \u202e %s | cat")]
    public void A_line_that_could_make_code_of_its_arguments_has_none(string line)
    {
        Assert.Null(WrapperScript.Of(line));
        Assert.NotNull(WrapperScript.Refusal(line));
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_in_no_script() => Assert.Null(WrapperScript.Of($"echo {(char)0xdcff} | cat"));

    /// <summary>What the arguments would have run as code is printed as it was given.</summary>
    [Fact]
    public void Hostile_arguments_of_lines_that_have_a_script_stay_text()
    {
        using var shell = new RealShell();
        string[] hostile = ["$(echo ran >&2; echo RAN)", "`echo RAN`", "'; echo RAN; '", "\"; echo RAN; \"", "-e", "| echo RAN", "&& echo RAN", "\necho RAN", "*"];
        foreach (string line in new[] { "echo %s | cat", "echo '[%s]' | cat", "echo \"<%s>\" | cat", "cd / && echo a%sb 2>/dev/null", "printf '%%s ' x %s; :" })
        {
            string script = WrapperScript.Of(line)!;
            string output = shell.Run("/bin/sh", ["-c", script, "sh", .. hostile]).Output;
            Assert.Contains("$(echo ran >&2; echo RAN)", output, StringComparison.Ordinal);
            Assert.Contains("'; echo RAN; '", output, StringComparison.Ordinal);
            Assert.DoesNotContain("\nRAN", output, StringComparison.Ordinal);
            Assert.DoesNotContain(" RAN\n", output.Replace("\necho RAN", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

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
