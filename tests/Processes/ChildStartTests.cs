using Deploy.Model.Text;
using Deploy.Processes;
using Deploy.Processes.Table;
using Xunit;

namespace Deploy.Tests.Processes;

public class ChildStartTests
{
    private const int Timeout = 60_000;
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact(Timeout = Timeout)]
    public async Task The_exit_code_and_both_streams_arrive()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var exit = await harness.RunAsync(ChildHarness.Shell(kept, "echo out; echo err >&2; exit 23"));
        Assert.Equal(new ChildExit(23, null, Stopped: false), exit);
        Assert.Equal("out\n", kept.Text);
        Assert.Equal("err\n", kept.ErrorText);
    }

    [Fact(Timeout = Timeout)]
    public async Task Death_by_a_signal_is_not_an_exit_code()
    {
        await using var harness = new ChildHarness();
        Assert.Equal(new ChildExit(null, 11, Stopped: false), await harness.RunAsync(ChildHarness.Shell(new Kept(), "kill -SEGV $$")));
    }

    [Fact(Timeout = Timeout)]
    public async Task Hostile_words_arrive_byte_for_byte()
    {
        string[] words =
        [
            "", " ", "a b", "$(id)", "`id`", "; id", "*", "'", "\"", "\\", "\n", "-e", "--", "%s", "é 한글", "\uDCFF\uDC80x", "=", "|", new string('x', 100_000),
        ];
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var exit = await harness.RunAsync(ChildHarness.Of(kept, "printf", ["%s\\0", .. words]));
        Assert.Equal(0, exit.Code);
        Assert.Equal(words.SelectMany(word => (byte[])[.. ByteText.ToBytes(word), 0]).ToArray(), kept.Output);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_environment_holds_what_was_given_and_nothing_else()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var start = ChildHarness.Of(kept, "/bin/cat", "/proc/self/environ") with
        {
            Environment = new Dictionary<string, string> { ["A"] = "1 2=3", ["EMPTY"] = "", ["B\uDCFE"] = "\uDCFF\n" },
        };
        await harness.RunAsync(start);
        Assert.Equal([.. "A=1 2=3\0EMPTY=\0B"u8, 0xFE, .. "="u8, 0xFF, .. "\n\0"u8], kept.Output);
    }

    [Fact(Timeout = Timeout)]
    public async Task No_signal_is_ignored_or_blocked_in_the_child()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        await harness.RunAsync(ChildHarness.Of(kept, "/bin/cat", "/proc/self/status"));
        foreach (string mask in (string[])["SigIgn", "SigBlk", "SigCgt"])
        {
            Assert.Contains($"{mask}:\t0000000000000000\n", kept.Text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task It_leads_its_own_session_and_group()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var child = await harness.StartAsync(ChildHarness.Of(kept, "/bin/cat", "/proc/self/stat"));
        await child.Exited.WaitAsync(ChildHarness.Long);
        Assert.True(ProcStat.TryParse(kept.Output, out var stat));
        Assert.Equal((child.Pid, child.Pid, child.Pid, Environment.ProcessId), (stat.Pid, stat.Group, stat.Session, stat.Parent));
        Assert.Equal("cat", stat.Comm);
    }

    [Fact(Timeout = Timeout)]
    public async Task Stdin_is_empty_and_the_directory_is_the_root_unless_given()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness();
        var kept = new Kept();
        await harness.RunAsync(ChildHarness.Shell(kept, "readlink /proc/self/fd/0; pwd; cat"));
        await harness.RunAsync(ChildHarness.Of(kept, "pwd") with { WorkingDirectory = scratch.Path });
        Assert.Equal($"/dev/null\n/\n{scratch.Path}\n", kept.Text);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_directory_may_be_given_as_a_handle_of_ours()
    {
        using var scratch = new Scratch();
        using var handle = new OpenDirectory(scratch.Path);
        await using var harness = new ChildHarness();
        var kept = new Kept();
        await harness.RunAsync(ChildHarness.Of(kept, "pwd") with { WorkingDirectory = $"/proc/self/fd/{handle.Fd}" });
        Assert.Equal(scratch.Path + "\n", kept.Text);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_cannot_start_says_why()
    {
        using var scratch = new Scratch();
        string noShebang = scratch.File("text", "echo must not run in a shell\n", Plain | UnixFileMode.UserExecute);
        string badInterpreter = scratch.File("script", "#!/no/such/interpreter\n", Plain | UnixFileMode.UserExecute);
        string notExecutable = scratch.File("data", "#!/bin/sh\n", Plain);
        await using var harness = new ChildHarness();
        var start = ChildHarness.Of(new Kept(), "/bin/true");

        async Task Says(int errno, string text, ChildStart what) =>
            Assert.Equal(new ChildStartResult.NotStarted(errno, text), await harness.RefusedAsync(what));

        await Says(2, "No such file or directory", start with { Program = "/no/such/program" });
        await Says(2, "No such file or directory", start with { Program = "no-such-program-in-path" });
        await Says(2, "No such file or directory", start with { Program = "true", Environment = new Dictionary<string, string>() });
        await Says(2, $"No such file or directory (the interpreter that {badInterpreter} names)", start with { Program = badInterpreter });
        await Says(2, "No such file or directory (working directory /no/such)", start with { WorkingDirectory = "/no/such" });
        await Says(20, $"Not a directory (working directory {noShebang})", start with { WorkingDirectory = noShebang });
        await Says(13, "Permission denied", start with { Program = notExecutable });
        await Says(13, "Permission denied", start with { Program = scratch.Path });
        await Says(13, "Permission denied", start with { Program = "data", Environment = new Dictionary<string, string> { ["PATH"] = scratch.Path } });
        await Says(8, "Exec format error", start with { Program = noShebang });
        await Says(22, "Invalid argument", start with { Program = "bin/true", WorkingDirectory = "/" });
        await Says(22, "Invalid argument (a NUL in the program or an argument)", start with { Arguments = ["a\0b"] });
        await Says(22, "Invalid argument (a NUL in the program or an argument)", start with { Program = "/bin/true\0" });
    }

    [Theory(Timeout = Timeout)]
    [InlineData("A\0", "x")]
    [InlineData("A", "x\0")]
    [InlineData("A=B", "x")]
    [InlineData("", "x")]
    public async Task A_variable_that_would_become_another_is_refused(string name, string value)
    {
        await using var harness = new ChildHarness();
        var start = ChildHarness.Of(new Kept(), "/bin/true") with { Environment = new Dictionary<string, string> { [name] = value } };
        Assert.Equal(22, (await harness.RefusedAsync(start)).Errno);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_bare_name_is_found_in_the_given_path_past_what_is_not_executable()
    {
        using var scratch = new Scratch();
        using var second = new Scratch();
        scratch.File("tool", "#!/bin/sh\necho wrong\n", Plain);
        Directory.CreateDirectory(scratch["dir"] + "/tool");
        second.File("tool", "#!/bin/sh\necho right\n", Plain | UnixFileMode.UserExecute);
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var path = new Dictionary<string, string> { ["PATH"] = $":.:{scratch.Path}:{scratch["dir"]}/:{second.Path}" };
        await harness.RunAsync(ChildHarness.Of(kept, "tool") with { Environment = path });
        Assert.Equal("right\n", kept.Text);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_list_of_arguments_too_long_for_the_kernel_says_so()
    {
        await using var harness = new ChildHarness();
        string[] words = [.. Enumerable.Repeat(new string('x', 100_000), 100)];
        Assert.Equal(7, (await harness.RefusedAsync(ChildHarness.Of(new Kept(), "/bin/true", words))).Errno); // E2BIG
    }
}
