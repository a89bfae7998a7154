using Deploy.Jobs.Commands;
using Deploy.Jobs.Rollouts;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Processes.Leftovers;
using Deploy.Processes.Table;
using Xunit;
using Xunit.Abstractions;

namespace Deploy.Tests.Fuzz;

/// <summary>Texts of every kind: hosts, command lines and their arguments, rollouts, what /proc says, and what is printed.</summary>
public class TextFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public Task Hosts_that_are_read_fold_into_the_same_hosts() => Fuzzer.RunAsync(
        new FuzzTarget("HostExpression", Hosts) { Words = ["web-[01-20]", "[1-9,12]", ",!", ",&", "@web", "@job:01KAMQ3V000000000000000001.failed", ".bad", ":3440", "[::1]:3440", "fe80::1%eth0", "[999999999]", "rack[1-2]-node[01-04]"], Inputs = 5_000, MostAllocated = 256 * 1024 * 1024 }, output);

    [Fact]
    public Task Words_of_a_line_are_the_same_words_in_quotes() => Fuzzer.RunAsync(
        new FuzzTarget("ShellWords", Shell) { Words = ["'", "\"", "\\", "$(", "`", "&&", "|", ">", "~", "#", "[ab]", "X=1 ", "\\\n"], Inputs = 20_000 }, output);

    [Fact]
    public Task A_command_takes_arguments_as_words_and_as_nothing_else() => Fuzzer.RunAsync(
        new FuzzTarget("CommandEntry", Command) { Words = ["%s", "%%", "'%s'", "[%s]", "sh -c ", "\n", "/usr/bin/env ", "perl -e ", "--", "-o", "\""], Inputs = 20_000 }, output);

    [Fact]
    public Task Typed_parameters_take_what_they_say() => Fuzzer.RunAsync(
        new FuzzTarget("TypedCommand", Typed) { Words = ["\n", "-", "..", "/", "reload", "restart", "nginx", "v1.2", "100", "~"], Inputs = 40_000 }, output);

    [Fact]
    public Task A_rollout_forgets_no_host() => Fuzzer.RunAsync(
        new FuzzTarget("Rollout", Rollout) { Words = ["1,10%,100%", "%", ",", "100000", "0", " "], Inputs = 40_000 }, output);

    [Fact]
    public Task Whatever_is_printed_moves_no_terminal() => Fuzzer.RunAsync(
        new FuzzTarget("SafeText", Safe) { Words = ["\x1b]0;x\a", "\u200b", "\u2066", "\U000E0041", "\r"], Inputs = 30_000 }, output);

    [Fact]
    public Task What_the_kernel_says_of_a_process_is_read_or_refused() => Fuzzer.RunAsync(
        new FuzzTarget("ProcStat", Stat) { Words = [") ", " (", " S ", " 1 ", "18446744073709551615"], Inputs = 40_000 }, output);

    [Fact]
    public Task A_record_of_a_child_is_whole_or_none() => Fuzzer.RunAsync(
        new FuzzTarget("ChildRecord", Child) { Words = ["deploy-child 1\n", "pid ", "start ", "boot ", "leaves yes\n", "program ", "end\n"], Inputs = 40_000 }, output);

    private static void Hosts(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        foreach (bool ports in (bool[])[true, false])
        {
            if (!HostExpression.TryParse(text, ports, out var expression, out var mistake))
            {
                Holds.Safe(mistake.ToString());
                Assert.InRange(mistake.Offset, 0, text.Length);
                continue;
            }

            if (!expression.TryResolve(reference => reference is GroupReference ? HostSet.Of(["web-01", "db-1"]) : null, out var hosts, out mistake))
            {
                Holds.Safe(mistake.ToString());
                Assert.InRange(mistake.Offset, 0, text.Length);
                continue;
            }

            Assert.InRange(hosts.Count, 0, Deploy.Model.Limits.Hosts);
            foreach (string host in hosts.Take(50))
            {
                Assert.True(host.All(letter => HostName.IsLetter(letter) || letter is ':' or '[' or ']' or '%'), host);
                Assert.DoesNotContain(host[0], "-");
                Assert.True(HostName.Split(host).Port is >= 0 and <= 65535 && (ports || HostName.Split(host).Port == 0 || host.Contains("::", StringComparison.Ordinal)));
            }

            if (hosts.Count is > 0 and < 2000)
            {
                Assert.True(HostExpression.TryParse(hosts.ToString(), ports, out var folded, out mistake), mistake?.What);
                Assert.True(folded.TryResolve(_ => null, out var again, out mistake), mistake?.What);
                Assert.Equal(hosts.Order(StringComparer.Ordinal), again.Order(StringComparer.Ordinal));
            }
        }
    }

    private static void Shell(byte[] input)
    {
        string line = ByteText.FromBytes(input);
        if (ShellWords.Split(line) is not ShellLine.Split split)
        {
            Assert.True(line.IndexOfAny(['\'', '"']) >= 0);
            return;
        }

        Assert.True(split.Words.Sum(word => word.Text.Length) <= line.Length);
        Assert.All(split.Needs, need => Assert.InRange(need.Column, 1, line.Length));
        string quoted = string.Join(' ', split.Words.Select(word => $"'{word.Text.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var again = Assert.IsType<ShellLine.Split>(ShellWords.Split(quoted));
        Assert.Equal(split.Words.Select(word => word.Text), again.Words.Select(word => word.Text));
        Assert.All(again.Needs, need => Assert.True(need.Kind is ShellNeedKind.Builtin)); // '' protects all but what the first word is
    }

    /// <summary>The first line is the command, each other an argument.</summary>
    private static void Command(byte[] input)
    {
        string[] lines = ByteText.FromBytes(input).Split('\n');
        var entry = CommandEntry.Parse("name", lines[0]);
        Assert.Equal(entry.Form is null, entry.DisabledReason is not null);
        Holds.Safe(entry.DisabledReason);
        if (entry.Form is not { } form)
        {
            Assert.InRange(entry.DisabledColumn, 1, Math.Max(1, lines[0].Length));
            return;
        }

        string[] arguments = lines[1..];
        if (form.With(arguments) is not CommandWords.Ready ready)
        {
            Assert.Contains(arguments, argument => argument.Contains('\0'));
            return;
        }

        var bare = Assert.IsType<CommandWords.Ready>(form.With([]));
        Assert.Equal(bare.Argv[0], ready.Argv[0]); // no argument chooses the program
        Assert.DoesNotContain(ready.Argv, word => word.Contains('\0'));
        Assert.True(ready.Argv.Count <= bare.Argv.Count + arguments.Length);
        _ = form.LegacyCommandLine(arguments);
        var other = Assert.IsType<CommandWords.Ready>(form.With([.. arguments.Select(argument => argument.Length == 0 ? argument : "x")]));
        Assert.Equal(other.Argv.Count, ready.Argv.Count); // nothing in an argument makes two words of it
    }

    private static readonly CommandParameter[] Parameters =
    [
        new CommandParameter.Choice("verb", ["reload", "restart"]), new CommandParameter.Word("unit"), new CommandParameter.Whole("many", -5, 100), new CommandParameter.RelativePath("path"), new CommandParameter.Matching("tag", "v[0-9.]+|-?x"),
    ];

    private static readonly TypedCommand FiveOfThem = TypedCommand.Of(["/bin/do", "{verb}", "--unit={unit}.service", "{many}", "/srv/{path}", "{tag}{{x}"], Parameters.ToDictionary(one => one.Name));

    private static void Typed(byte[] input)
    {
        string[] arguments = ByteText.FromBytes(input).Split('\n');
        if (FiveOfThem.With(arguments) is CommandWords.Ready { Argv: var argv })
        {
            Assert.Equal(["/bin/do", arguments[0], $"--unit={arguments[1]}.service", arguments[2], $"/srv/{arguments[3]}", arguments[4] + "{x}"], argv);
            Assert.Contains(arguments[0], (string[])["reload", "restart"]);
            Assert.Matches("\\A[A-Za-z0-9][A-Za-z0-9._@-]*\\z", arguments[1]);
            Assert.InRange(int.Parse(arguments[2], System.Globalization.CultureInfo.InvariantCulture), -5, 100);
            Assert.DoesNotContain("..", arguments[3].Split('/'));
            Assert.DoesNotContain(arguments[3][0], "/-~");
            Assert.Matches("\\A(v[0-9.]+|-?x)\\z", arguments[4]);
        }

        string word = ByteText.FromBytes(input);
        Assert.Equal(word, Assert.Single(Assert.IsType<CommandWords.Ready>(TypedCommand.Of([TypedCommand.Escape(word) + "."], new Dictionary<string, CommandParameter>()).With([])).Argv)[..^1]);
    }

    private static void Rollout(byte[] input)
    {
        string[] parts = ByteText.FromBytes(input).Split('\n');
        int hosts = 1 + (input.Length * 37 % 1000);
        var spec = new RolloutSpec { Batches = parts[0], Canary = parts.ElementAtOrDefault(1), MaxFailures = parts.ElementAtOrDefault(2) };
        if (!RolloutPlan.TryParse(spec, hosts, 50, out var plan, out var mistake))
        {
            Holds.Safe(mistake.ToString());
            return;
        }

        Assert.Equal(hosts, plan.Ends[^1]);
        Assert.Equal(plan.Ends.Order(), plan.Ends);
        Assert.InRange(plan.Canary, 0, hosts);
        Assert.InRange(plan.BatchOf(hosts - 1), 0, plan.Ends.Count);
        if (Portion.TryParse(parts[0], out var portion))
        {
            Assert.True(Portion.TryParse(portion.ToString(), out var again) && again == portion);
            Assert.InRange(portion.Of(hosts), 0, Math.Max(hosts, portion.Value));
        }
    }

    private static void Safe(byte[] input)
    {
        string text = ByteText.FromBytes(input);
        Assert.Equal(input, ByteText.ToBytes(text));
        string safe = SafeText.Of(text);
        Assert.Equal(safe, SafeText.Of(safe));
        Assert.DoesNotContain(safe, char.IsControl);
        Assert.True(ByteText.IsWhole(safe));
        int most = 1 + (input.Length % 50);
        string cut = SafeText.Of(text, most);
        Assert.InRange(cut.Length, 0, most);
        Assert.True(ByteText.IsWhole(cut) && (cut == safe || (cut[^1] == '…' && safe.StartsWith(cut[..^1], StringComparison.Ordinal))));
        Assert.Equal(text.Count(letter => letter == '\n'), SafeText.Of(text, SafeTextKeep.Newline).Count(letter => letter == '\n'));
    }

    private static void Stat(byte[] input)
    {
        if (!ProcStat.TryParse(input, out var stat))
        {
            return;
        }

        Assert.True(stat is { Pid: >= 0, Parent: >= 0, Group: >= 0, Session: >= 0 });
        string text = ByteText.FromBytes(input);
        Assert.Contains($" ({stat.Comm}) {stat.State} ", text, StringComparison.Ordinal);
        Assert.True(input.Length <= ProcStat.LimitBytes);
    }

    private static void Child(byte[] input)
    {
        if (ChildRecord.TryParse(input) is not { } record)
        {
            return;
        }

        Assert.True(record.Pid > 1);
        var again = ChildRecord.TryParse(record.ToBytes());
        Assert.NotNull(again);
        Assert.Equal((record.Pid, record.StartTicks, record.MayLeaveProcesses), (again.Pid, again.StartTicks, again.MayLeaveProcesses));
        Assert.Equal(record.ToBytes(), again.ToBytes());
    }
}
