using System.Text;
using Deploy.Processes;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Rsync.Targets;

/// <summary>A target through its open directory, with the installed rsync.</summary>
public class TargetUseTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task A_missing_target_is_told_the_same_by_dry_run_and_run_and_made_by_the_run_alone()
    {
        await using var live = new LiveRsync();
        Fill(live);
        string url = live.Daemon().Url("site");
        foreach (string target in new[] { live.Target, live.Target + "/" })
        {
            var call = live.Call(url) with { Target = target, Changes = ChangeReport.Lines };
            var dry = await live.RunAsync(call with { DryRun = true });
            Assert.False(Directory.Exists(live.Target));
            var run = await live.RunAsync(call);
            Assert.Equal((SyncOutcome.Ok, SyncOutcome.Ok), (dry.Outcome, run.Outcome));
            Assert.Equal([$"created directory {live.Target}", "a", "d/b"], Names(run));
            Assert.Equal(Names(dry), Names(run));
            Assert.Equal(Encoding.UTF8.GetString(dry.Changes!.Content!.Value.Span), Encoding.UTF8.GetString(run.Changes!.Content!.Value.Span));
            Assert.Equal((dry.Changes.New, dry.Counts.FilesTransferred, dry.Counts.BytesTransferred), (run.Changes.New, run.Counts.FilesTransferred, run.Counts.BytesTransferred));
            Assert.True((await live.RunAsync(call with { DryRun = true })).Changes!.IsEmpty);
            Directory.Delete(live.Target, true);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_run_that_comes_to_nothing_leaves_no_target_behind()
    {
        await using var live = new LiveRsync();
        var daemon = live.Daemon();
        Assert.Equal(SyncOutcome.Failed, (await live.RunAsync(live.Call(daemon.Url("nope")))).Outcome);
        Assert.False(Path.Exists(live.Target));
        var parentless = await live.RunAsync(live.Call(daemon.Url("site")) with { Target = live.Root + "/no/parent" });
        Assert.Contains("the parent of target", parentless.Diagnosis!.What, StringComparison.Ordinal);
        Assert.False(Path.Exists(live.Root + "/no"));
        var made = await live.RunAsync(live.Call(daemon.Url("site")) with { Target = live.Root + "/no/parent", Options = ["-a", "--mkpath"] });
        Assert.Equal(SyncOutcome.Ok, made.Outcome);
        Assert.True(Directory.Exists(live.Root + "/no/parent"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_single_file_becomes_a_file_and_replaces_one_as_ever()
    {
        await using var live = new LiveRsync();
        Fill(live);
        string url = live.Daemon().Url("site", "a");
        string copy = Path.Combine(live.Root, "copy");
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(SyncOutcome.Ok, (await live.RunAsync(live.Call(url) with { Target = copy, DryRun = true })).Outcome);
            Assert.Equal(SyncOutcome.Ok, (await live.RunAsync(live.Call(url) with { Target = copy })).Outcome);
            Assert.Equal("a", File.ReadAllText(copy));
            File.WriteAllText(copy, "something else");
        }

        Assert.Equal(SyncOutcome.Ok, (await live.RunAsync(live.Call(url) with { Target = copy + ".d/" })).Outcome);
        Assert.Equal("a", File.ReadAllText(copy + ".d/a"));
        var directory = await live.RunAsync(live.Call(live.Daemon().Url("site", "d")) with { Target = copy + ".e" });
        Assert.Contains($"created directory {copy}.e", Names(directory));
        Assert.Equal("b", File.ReadAllText(copy + ".e/d/b"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Relative_paths_mean_what_they_mean_in_the_root_directory_and_not_what_the_origin_put_into_the_target()
    {
        await using var live = new LiveRsync();
        Fill(live);
        Directory.CreateDirectory(live.Target + live.Root);
        File.WriteAllText(live.Target + live.Root + "/rules", "nothing\n");
        File.WriteAllText(live.Target + "/stays", "x");
        File.WriteAllText(Path.Combine(live.Root, "rules"), "a\ntmp\nstays\n");
        string rules = live.Root[1..] + "/rules";
        var call = live.Call(live.Origin[1..] + "/"); // a relative origin, from / on
        foreach (string[] options in new[] { new[] { "-a", "--delete", "--exclude-from=" + rules }, ["-a", "--delete", "--exclude-from", rules], ["-a", "--delete", "-f", ". " + rules + "2"] })
        {
            File.WriteAllText(Path.Combine(live.Root, "rules2"), "- a\n- tmp\n- stays\n");
            var result = await live.RunAsync(call with { Options = options });
            Assert.Equal(SyncOutcome.Ok, result.Outcome);
            Assert.True(File.Exists(live.Target + "/d/b") && File.Exists(live.Target + "/stays") && !File.Exists(live.Target + "/a"));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_swap_after_the_start_changes_nothing()
    {
        await using var live = new LiveRsync();
        string victim = Path.Combine(live.Root, "victim");
        string moved = Path.Combine(live.Root, "moved");
        Directory.CreateDirectory(victim);
        File.WriteAllText(Path.Combine(victim, "kept"), "kept");
        Directory.CreateDirectory(live.Target);
        File.WriteAllText(Path.Combine(live.Target, "old"), "x");
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[600_000]);
        var run = await live.Runner.StartAsync(live.Call(live.Daemon().Url("site")) with { Target = live.Target, Options = ["-a", "--delete-after", "--bwlimit=300"] });
        Directory.Move(live.Target, moved);
        File.CreateSymbolicLink(live.Target, victim);
        Assert.Equal(SyncOutcome.Ok, (await run.Completion.WaitAsync(TimeSpan.FromSeconds(60))).Outcome);
        Assert.Equal([Path.Combine(victim, "kept")], Directory.GetFileSystemEntries(victim));
        Assert.Equal([Path.Combine(moved, "big")], Directory.GetFileSystemEntries(moved));
    }

    [Fact(Timeout = Timeout)]
    public async Task Confined_it_syncs_as_ever_with_delayed_updates_backups_and_links()
    {
        await using var live = new LiveRsync();
        Fill(live);
        string url = live.Daemon().Url("site");
        await using var children = new Children(null, new ListLog(), JitTrampoline.Make());
        var runner = new RsyncRunner(children, new ListLog());
        Directory.CreateDirectory(live.Target);
        File.WriteAllText(live.Target + "/a", "before");
        File.WriteAllText(live.Target + "/gone", "gone");
        Directory.CreateDirectory(Path.Combine(live.Root, "other/d"));
        File.Copy(live.Origin + "/d/b", Path.Combine(live.Root, "other/d/b"));
        File.SetLastWriteTimeUtc(Path.Combine(live.Root, "other/d/b"), File.GetLastWriteTimeUtc(live.Origin + "/d/b"));
        string[] options = ["-aH", "--delete", "--backup", $"--backup-dir={live.Root}/backup", $"--temp-dir={live.Root}/tmp", $"--link-dest={live.Root}/other", "--partial-dir=.part"];
        Directory.CreateDirectory(live.Root + "/tmp");
        var run = await runner.StartAsync(live.Call(url) with { Target = live.Target, Options = options, DelayUpdates = true });
        var result = await run.Completion.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(result.Outcome == SyncOutcome.Ok, result.Said);
        Assert.Equal("a", File.ReadAllText(live.Target + "/a"));
        Assert.Equal("before", File.ReadAllText(live.Root + "/backup/a"));
        Assert.Equal("gone", File.ReadAllText(live.Root + "/backup/gone"));
        Assert.False(File.Exists(live.Target + "/gone"));
        Assert.Equal("b", File.ReadAllText(live.Target + "/d/b"));
        var missing = await (await runner.StartAsync(live.Call(url) with { Target = live.Root + "/new", DryRun = true, Changes = ChangeReport.Lines })).Completion.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(missing.Outcome == SyncOutcome.Ok && !Path.Exists(live.Root + "/new"), missing.Said);
    }

    private static void Fill(LiveRsync live)
    {
        Directory.CreateDirectory(live.Origin + "/d");
        File.WriteAllText(live.Origin + "/a", "a");
        File.WriteAllText(live.Origin + "/d/b", "b");
    }

    private static string[] Names(SyncResult result) => [.. result.NewNames.Select(name => Encoding.UTF8.GetString(name.Unescape()))];
}
