using System.Diagnostics;
using Deploy.Rsync;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Rsync;

public class LiveStopTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task A_stop_cancels_and_leaves_nothing()
    {
        await using var live = new LiveRsync();
        var run = await Slow(live);
        var pids = run.LivePids();
        Assert.True(pids.Count >= 2, "generator and receiver");
        var result = await run.StopAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((SyncOutcome.Cancelled, null, null), (result.Outcome, result.Diagnosis, result.Warning));
        Gone(run, pids);
        Assert.Empty(HostileTree.Entries(live.Target)); // neither the file nor rsync's temporary one
        Assert.Same(result, await run.Completion);
        Assert.Same(result, await run.StopAsync(TimeSpan.Zero)); // again, after the end
    }

    [Fact(Timeout = Timeout)]
    public async Task Two_stops_at_once_give_the_same_result()
    {
        await using var live = new LiveRsync();
        var run = await Slow(live);
        var pids = run.LivePids();
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => run.StopAsync(TimeSpan.FromSeconds(10))));
        Assert.All(results, result => Assert.Equal(SyncOutcome.Cancelled, result.Outcome));
        Gone(run, pids);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("-TERM", 20, null)]
    [InlineData("-INT", 20, null)]
    public async Task A_signal_of_somebody_else_is_a_failure(string signal, int? code, int? number)
    {
        await using var live = new LiveRsync();
        var run = await Slow(live);
        var pids = run.LivePids();
        Send(signal, pids[0]);
        var result = await run.Completion;
        Assert.Equal((SyncOutcome.Failed, Fault.Crash, code, number), (result.Outcome, result.Diagnosis!.Fault, result.ExitCode, result.Signal));
        Assert.Contains("signal", result.Diagnosis.What, StringComparison.Ordinal);
        Gone(run, pids);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_kill_of_somebody_else_is_a_failure_and_takes_the_whole_group()
    {
        await using var live = new LiveRsync { MayLeaveTemporaryFiles = true }; // rsync cannot clean up after KILL
        var run = await Slow(live);
        var pids = run.LivePids();
        Send("-KILL", pids[0]);
        var result = await run.Completion;
        Assert.Equal((SyncOutcome.Failed, Fault.Crash, null, 9), (result.Outcome, result.Diagnosis!.Fault, result.ExitCode, result.Signal));
        Gone(run, pids);
    }

    [Fact(Timeout = Timeout)]
    public async Task Progress_moves_and_ends_at_all_bytes()
    {
        await using var live = new LiveRsync();
        File.WriteAllBytes(Path.Combine(live.Origin, "a"), new byte[300_000]);
        File.WriteAllBytes(Path.Combine(live.Origin, "b"), new byte[100]);
        var run = await live.Runner.StartAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-a", "--bwlimit=400"] });
        await run.Completion;
        Assert.Equal((300_100, 2, 0), (run.Progress!.BytesDone, run.Progress.FilesDone, run.Progress.EntriesLeft));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_binary_is_asked_once_for_its_version_and_again_when_it_changed()
    {
        await using var live = new LiveRsync();
        string asked = Path.Combine(live.Root, "asked");
        string program = live.Script("rsync", $"echo x >>'{asked}'; echo 'rsync  version 3.2.7  protocol version 31'");
        var found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => live.Runner.FindVersionAsync(program))));
        Assert.All(found, one => Assert.Equal(new RsyncVersion(3, 2, 7), one.Version));
        Assert.Single(File.ReadAllLines(asked));

        live.Script("rsync", $"echo x >>'{asked}'; echo 'rsync  version 3.1.30  protocol version 31'");
        Assert.Equal(new RsyncVersion(3, 1, 30), (await live.Runner.FindVersionAsync(program)).Version);
        File.Delete(program);
        Assert.NotNull((await live.Runner.FindVersionAsync(program)).Problem);
        live.Script("rsync", $"echo x >>'{asked}'; echo 'rsync  version 3.4.10  protocol version 31'");
        Assert.Equal(new RsyncVersion(3, 4, 10), (await live.Runner.FindVersionAsync(program)).Version);
        Assert.Equal(3, File.ReadAllLines(asked).Length);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_binary_that_does_not_answer_is_given_up_and_stopped()
    {
        await using var live = new LiveRsync();
        string pidFile = Path.Combine(live.Root, "pid");
        var versions = live.Versions(TimeSpan.FromMilliseconds(800));
        var found = await versions.FindAsync(live.Script("hangs", $"echo $$ >'{pidFile}'; exec sleep 1000"));
        Assert.Contains("did not end within", found.Problem!.What, StringComparison.Ordinal);
        Assert.False(File.Exists($"/proc/{File.ReadAllText(pidFile).Trim()}/stat"));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_the_daemon_process_has_in_its_environment_does_not_reach_rsync()
    {
        await using var live = new LiveRsync();
        string seen = Path.Combine(live.Root, "seen");
        string program = live.Script("rsync", $"/usr/bin/env >'{seen}'; exec /usr/bin/rsync \"$@\"");
        await live.RunAsync(live.Call(live.Origin + "/") with { Program = program });
        string[] names = [.. File.ReadAllLines(seen).Select(line => line.Split('=')[0]).Where(name => name is not ("PWD" or "_" or "SHLVL" or "OLDPWD")).Order(StringComparer.Ordinal)]; // what sh adds by itself
        Assert.Equal(["LC_ALL", "PATH", "TZ"], names);
    }

    private static async Task<RsyncRun> Slow(LiveRsync live)
    {
        File.WriteAllBytes(Path.Combine(live.Origin, "big"), new byte[8 << 20]);
        Directory.CreateDirectory(live.Target);
        var run = await live.Runner.StartAsync(live.Call(live.Daemon().Url("site")) with { Options = ["-a", "--bwlimit=200"] });
        var watch = Stopwatch.StartNew();
        while (run.Progress is not { BytesDone: > 0 } && !run.Completion.IsCompleted)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "no progress within 30 s");
            await Task.Delay(10);
        }

        return run;
    }

    private static void Send(string signal, int pid)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static void Gone(RsyncRun run, IReadOnlyList<int> pids)
    {
        Assert.Empty(run.LivePids());
        Assert.True(SpinWait.SpinUntil(() => !pids.Any(IsAliveRsync), TimeSpan.FromSeconds(20)), "a process of the group lives on"); // killed with the rest of its group, and takes a moment to die
    }

    /// <summary>A zombie is dead: an orphan waits for init to take it away.</summary>
    private static bool IsAliveRsync(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat.Contains("(rsync)", StringComparison.Ordinal) && !stat.Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException)
        {
            return false;
        }
    }
}
