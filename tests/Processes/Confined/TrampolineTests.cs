using Deploy.Model.Targets;
using Deploy.Processes;
using Deploy.Processes.Confined;
using Deploy.Rsync.Targets;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Processes.Confined;

/// <summary>A small script stands for rsync.</summary>
public class TrampolineTests
{
    private const int Timeout = 120_000;

    private static bool CanLimitWrites => Landlock.Version() >= Landlock.OldestUsable;

    [Fact(Timeout = Timeout)]
    public async Task A_confined_child_has_its_session_its_three_descriptors_and_its_own_environment()
    {
        var (exit, kept) = await RunAsync("/", null, "echo $(cut -d' ' -f6 /proc/$$/stat) $$; ls -m /proc/self/fd; env | sort; grep -c 'Sig[BI].*[1-9a-f]' /proc/self/status; echo \"$0 $1\"; pwd; printf '\\377' | od -An -tx1", ["a b", "\uDCFF"]);
        Assert.Equal(new ChildExit(0, null, false), exit);
        string[] lines = kept.Text.Split('\n');
        string[] session = lines[0].Split(' ');
        Assert.Equal(session[1], session[0]);
        Assert.Equal("0, 1, 2, 3", lines[1]); // 3 is the directory that ls reads
        Assert.Equal(["LC_ALL=C", "PATH=/usr/bin:/bin", "PWD=/"], lines[2..5].Where(line => !line.StartsWith("_=", StringComparison.Ordinal)));
        Assert.Contains("0", lines); // no signal is ignored or blocked
        Assert.Contains("a b \uDCFF", lines);
        Assert.Contains("/", lines);
        Assert.Equal(string.Empty, kept.ErrorText);
    }

    [Fact(Timeout = Timeout)]
    public async Task It_writes_its_directory_and_what_is_named_further_and_nothing_else()
    {
        if (!CanLimitWrites)
        {
            return;
        }

        using var folder = new TempFolder();
        foreach (string name in new[] { "target/a", "target/b", "tmp", "outside" })
        {
            Directory.CreateDirectory(folder[name]);
        }

        File.WriteAllText(folder["outside/kept"], "kept");
        File.CreateSymbolicLink(folder["target/way"], folder["outside"]);
        const string Script = "exec 2>/dev/null; t() { \"$@\" && echo yes || echo no; }; "
            + "t sh -c 'echo x > in'; t mv in a/in; t mv a/in b/in; t ln b/in a/hard; t rm -r b; t sh -c 'echo x > $1/f' 0 \"$0\"; t mv \"$0/f\" .; "
            + "echo; t sh -c 'echo x > $0/new' \"$1\"; t sh -c 'echo x > way/new'; t sh -c 'echo x >> $0/kept' \"$1\"; t sh -c ': > $0/kept' \"$1\"; t rm \"$1/kept\"; t mkdir \"$1/d\"; t mv \"$1/kept\" .; t ln \"$1/kept\" .; t mv f \"$1/\"; "
            + "t sh -c 'echo x > ../new'; t kill -0 $PPID; echo; t cat \"$1/kept\"; t sh -c 'echo x > /dev/null'";
        var (_, kept) = await RunAsync(folder["target"], new WriteAccess(true, [folder["tmp"], folder["not/there"]]), Script, [folder["tmp"], folder["outside"]]);
        string[] parts = kept.Text.Split("\n\n");
        Assert.Equal(3, parts.Length);
        Assert.DoesNotContain("no", parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("yes", Landlock.Version() >= Landlock.WithScopes ? parts[1] : parts[1][..parts[1].LastIndexOf('\n')], StringComparison.Ordinal);
        Assert.Equal("keptyes\nyes\n", parts[2]);
        Assert.Equal([folder["outside/kept"]], Directory.GetFileSystemEntries(folder["outside"]));
        Assert.Equal("kept", File.ReadAllText(folder["outside/kept"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task For_a_dry_run_it_writes_nothing_at_all()
    {
        if (CanLimitWrites)
        {
            using var folder = new TempFolder();
            var (_, kept) = await RunAsync(folder.Path, new WriteAccess(false, []), "echo x > in; echo \"ended $?\"", []);
            Assert.Contains("ended", kept.Text, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task In_another_directory_than_was_meant_nothing_starts()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["meant"]);
        await using var harness = new ChildHarness();
        var kept = new Kept();
        using var meant = ((TargetHold.Held)HeldPath.Follow(folder["meant"])).Directory;
        var start = JitTrampoline.Make().Through(Shell(kept, "echo started; rm -rf ./*", []) with { Directory = meant, Confinement = new Confinement() })!;
        var exit = await harness.RunAsync(start with { Directory = null, WorkingDirectory = folder.Path });
        Assert.Equal(Trampoline.NotStartedCode, exit.Code);
        Assert.Equal("deploy: not started: it would start in another directory than was meant\n", kept.ErrorText);
        Assert.Equal(string.Empty, kept.Text);
        Assert.True(Directory.Exists(folder["meant"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_directory_that_cannot_be_entered_starts_nothing_with_or_without_it()
    {
        using var folder = new TempFolder();
        var gone = ((TargetHold.Held)HeldPath.Follow(folder.Path)).Directory;
        gone.Dispose();
        await using var harness = new ChildHarness();
        await harness.RefusedAsync(Shell(new Kept(), "echo started", []) with { Directory = gone });
        using var file = File.OpenHandle("/etc/passwd");
        await harness.RefusedAsync(Shell(new Kept(), "echo started", []) with { Directory = file });
    }

    [Fact(Timeout = Timeout)]
    public async Task A_daemon_that_is_gone_and_a_program_that_is_gone_are_said()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var start = JitTrampoline.Make().Through(Shell(kept, "echo started", []) with { Program = "/no/such", Confinement = new Confinement() })!;
        Assert.Equal(Trampoline.NotStartedCode, (await harness.RunAsync(start)).Code);
        Assert.Equal("deploy: not started: /no/such: No such file or directory\n", kept.ErrorText);
        var other = new Kept();
        string[] words = [.. start.Arguments];
        words[Array.IndexOf(words, Trampoline.Word) + 1] = "1";
        Assert.Equal(Trampoline.NotStartedCode, (await harness.RunAsync(start with { Arguments = words, Output = other })).Code);
        Assert.Equal("deploy: not started: the daemon that wanted it has ended\n", other.ErrorText);
        var none = new Kept();
        Assert.Equal(Trampoline.NotStartedCode, (await harness.RunAsync(start with { Arguments = [.. words[..(Array.IndexOf(words, Trampoline.Word) + 1)]], Output = none })).Code);
        Assert.Equal("deploy: not started: __exec is for deploy's own use\n", none.ErrorText);
    }

    private static ChildStart Shell(Kept kept, string script, string[] arguments) => ChildHarness.Of(kept, "/bin/sh", ["-c", script, .. arguments]);

    private static async Task<(ChildExit Exit, Kept Kept)> RunAsync(string directory, WriteAccess? writes, string script, string[] arguments)
    {
        var log = new KeptLog();
        await using var children = new Children(null, log, JitTrampoline.Make());
        var kept = new Kept();
        using var held = ((TargetHold.Held)HeldPath.Follow(directory)).Directory;
        var started = await children.StartAsync(Shell(kept, script, arguments) with { Directory = held, Confinement = new Confinement { Writes = writes } });
        return (await Assert.IsType<ChildStartResult.Started>(started).Child.Exited.WaitAsync(ChildHarness.Long), kept);
    }
}
