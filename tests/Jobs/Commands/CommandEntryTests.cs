using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Xunit;

namespace Deploy.Tests.Jobs.Commands;

public class CommandEntryTests
{
    [Theory]
    [InlineData("id -u; umask", 6, "';' at column 6 needs a shell, and none is ever started: write a small script with this line in it and name that script here")]
    [InlineData("head -c %s /dev/zero | tr a x", 22, "'|' at column 22 needs a shell, and none is ever started: write a small script with this line in it and name that script here")]
    [InlineData("sleep 3 &", 9, "'&' at column 9 needs a shell, and none is ever started: write a small script with this line in it and name that script here")]
    [InlineData("cd /srv", 1, "'cd' at column 1 is a word of the shell's own, no program: it needs a shell, and none is ever started: write a small script with this line in it and name that script here")]
    [InlineData("A=1 b", 1, "the assignment 'A=' at column 1 needs a shell, and none is ever started: write a small script with this line in it and name that script here")]
    [InlineData("echo 'a", 6, "the quote ' at column 6 never closes: close it")]
    [InlineData("", 1, "it names no program")]
    [InlineData("'' x", 1, "it names no program")]
    [InlineData("a \0", 3, "a NUL byte cannot stand in a command")]
    public void What_needs_a_shell_is_loaded_disabled_with_the_next_step(string line, int column, string reason)
    {
        var entry = CommandEntry.Parse("name", line);
        Assert.Equal(("name", line, reason, column), (entry.Name, entry.Line, entry.DisabledReason, entry.DisabledColumn));
        Assert.Null(entry.Form);
    }

    [Theory]
    [InlineData("sh -c \"echo %s\"")]
    [InlineData("sh -c %s")]
    [InlineData("/bin/bash -xec 'echo %s'")]
    [InlineData("bash -c -x %s")]
    [InlineData("bash -o pipefail -c %s")]
    [InlineData("bash -c -- %s")]
    [InlineData("sh %s")]
    [InlineData("sh -x %s")]
    [InlineData("sh -- %s")]
    [InlineData("sh - %s")]
    [InlineData("sh +x %s")]
    [InlineData("sh /opt/scripts/%s")]
    [InlineData("busybox sh -c %s")]
    [InlineData("busybox %s")]
    [InlineData("env A=b PATH=/x sh -c %s")]
    [InlineData("env -u A sh -c %s")]
    [InlineData("env -S %s")]
    [InlineData("env -S 'sh -c' %s")]
    [InlineData("sudo -u www sh -c 'x %s'")]
    [InlineData("sudo %s")]
    [InlineData("sudo -u www %s")]
    [InlineData("sudo --user www %s")]
    [InlineData("nice -n 5 timeout -k 1 10 sh -c %s")]
    [InlineData("timeout 10 %s")]
    [InlineData("flock /run/lock -c %s")]
    [InlineData("chroot /srv %s")]
    [InlineData("%s")]
    [InlineData("/opt/bin/%s x")]
    [InlineData("\"%s\"")]
    [InlineData("ssh host %s")]
    [InlineData("ssh -p 22 host ls 'x %s'")]
    [InlineData("/usr/bin/ssh %s")]
    [InlineData("su - www -c 'ls %s'")]
    [InlineData("su www %s")]
    [InlineData("runuser -u www -- %s")]
    [InlineData("xargs %s")]
    [InlineData("find /srv -name %s")]
    [InlineData("sed -i s/a/%s/ /etc/x")]
    [InlineData("python3 -c %s")]
    [InlineData("python3.11 -uc 'print(%s)'")]
    [InlineData("python3 -W ignore %s")]
    [InlineData("perl -e 'print 1' %s")]
    [InlineData("perl -lane 'print %s'")]
    [InlineData("perl -I /opt/lib %s")]
    [InlineData("ruby -e %s")]
    [InlineData("php -r 'x(%s);'")]
    [InlineData("php -f /opt/x.php %s")]
    [InlineData("node -e %s")]
    [InlineData("node --eval %s")]
    [InlineData("lua5.4 -e %s")]
    [InlineData("awk '/%s/ { print }' /etc/x")]
    [InlineData("awk -F : '{ print %s }' /etc/x")]
    [InlineData("docker exec box sh -c 'ls %s'")]
    [InlineData("docker exec box bash %s")]
    [InlineData("docker exec box node -e %s")]
    public void A_request_never_writes_code(string line)
    {
        var entry = CommandEntry.Parse("name", line);
        Assert.Null(entry.Form);
        Assert.Contains("a request", entry.DisabledReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/init.d/nginx %s")]
    [InlineData("/etc/init.d/ssh %s")]
    [InlineData("service ssh %s")]
    [InlineData("systemctl %s nginx")]
    [InlineData("sudo -n systemctl restart %s")]
    [InlineData("sudo /usr/bin/systemctl restart php %s")]
    [InlineData("sh /opt/x.sh %s")]
    [InlineData("sh -x /opt/x.sh %s")]
    [InlineData("bash -euo pipefail /opt/x.sh %s")]
    [InlineData("sh -c 'echo \"$@\"' name %s")]
    [InlineData("sh -c 'echo out; exit 3'")]
    [InlineData("python3 -u /opt/x.py %s")]
    [InlineData("python3 -c 'print(1)' %s")]
    [InlineData("python3 -m http.server %s")]
    [InlineData("perl -w /opt/x.pl %s")]
    [InlineData("perl -e 'print 1' -- %s")]
    [InlineData("php /opt/x.php %s")]
    [InlineData("awk '{ print $1 }' %s")]
    [InlineData("awk -F: '{ print $1 }' %s")]
    [InlineData("env A=b /opt/x %s")]
    [InlineData("timeout 10 /opt/x %s")]
    [InlineData("nice -n 5 /opt/x %s")]
    [InlineData("flock -n /run/lock /opt/x %s")]
    [InlineData("kubectl drain node %s")]
    [InlineData("/opt/ctl restart php %s")]
    [InlineData("echo %s sh -c x")]
    [InlineData("echo [%s] [%s]")]
    [InlineData("/opt/x time %s")]
    public void What_only_looks_like_it_still_runs(string line) => Assert.Null(CommandEntry.Parse("name", line).DisabledReason);

    [Fact]
    public void What_a_reason_quotes_is_safe_to_print() =>
        Assert.Equal("a request could name the script of '/\\x1b[2J/sh' or give it options: write a small script that checks its arguments and name that script here", CommandEntry.Parse("x", "/\u001b[2J/sh %s").DisabledReason);

    [Fact]
    public void Any_line_is_an_entry_that_runs_or_says_why_not()
    {
        var random = new Random(20261122);
        string[] pieces = ["sh", "-c", "%s", "%", " ", " ", " ", "'", "\"", "\\", "env", "sudo", "--", "-", "-u", "perl", "-e", "A=b", ";", "ssh", "x", "\t", "/"];
        for (int round = 0; round < 50_000; round++)
        {
            string line = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var entry = CommandEntry.Parse("x", line);
            Assert.True(entry.Form is null != entry.DisabledReason is null, line);
            Assert.InRange(entry.DisabledColumn, 1, line.Length + 1);
            if (entry.Form is { } template)
            {
                // Whatever a request sends, the program is the operator's.
                var argv = Assert.IsType<CommandWords.Ready>(template.With(["-c", "evil"])).Argv;
                Assert.Equal(Assert.IsType<CommandWords.Ready>(template.With([])).Argv[0], argv[0]);
            }
        }
    }
}
