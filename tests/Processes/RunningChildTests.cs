using Deploy.Processes;
using Deploy.Processes.Leftovers;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;
using Xunit;

namespace Deploy.Tests.Processes;

/// <summary>What needs a bad moment or a stuck kernel: real processes, but the time and the looks are the test's.</summary>
public class RunningChildTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task What_stands_in_the_pipe_when_the_time_is_over_is_still_taken()
    {
        using var scratch = new Scratch();
        var kept = new Kept();
        var start = ChildHarness.Shell(kept, $"( while [ ! -e {scratch["go"]} ]; do sleep 0.02; done; echo late; touch {scratch["written"]}; sleep 300 ) & echo $!")
            with
        { MayLeaveProcesses = true, OnePipe = true };
        var (running, child, _) = Spawn(start, null);
        await Until.TrueAsync(() => Reaper.Look(child.Pid, out _, out _) == ChildState.Ended);
        running.Advance(1000, look: true, new byte[100]);
        Assert.Equal(2000, running.NextMove(1000));
        Assert.Empty(child.LivePids());
        await File.WriteAllTextAsync(scratch["go"], "");
        await Until.TrueAsync(() => File.Exists(scratch["written"]));
        running.Advance(1999, look: true, new byte[100]);
        Assert.False(running.IsDone);
        running.Advance(5000, look: true, new byte[100]);
        Assert.True(running.IsDone);
        Assert.Equal(0, (await child.Exited.WaitAsync(ChildHarness.Long)).Code);
        string[] lines = await kept.LinesAsync(2);
        Assert.Equal("late", lines[1]);
        Assert.All(running.Pipes, pipe => Assert.False(pipe.IsOpen));
        Assert.Equal(0, Libc.kill(-child.Pid, Libc.SIGKILL)); // The member's group; the test knows that it lives.
        await Until.GoneAsync(int.Parse(lines[0]));
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_outlives_KILL_is_told_to_who_stops_it_and_reaped_when_it_ends_at_last()
    {
        using var scratch = new Scratch();
        var records = ChildRecords.TryOpen(scratch["records"], new KeptLog());
        var (running, child, log) = Spawn(ChildHarness.Of(new Kept(), "sleep", "300"), records);
        records!.Write(child.Pid, ChildHarness.Of(new Kept(), "sleep"));
        running.Stop(TimeSpan.Zero, 1000);
        running.Advance(1000, look: false, new byte[100]); // Never looking, it seems to live on.
        Assert.False(running.IsStuck);
        running.Advance(6000, look: false, new byte[100]);
        Assert.True(running.IsStuck);
        Assert.Contains("Error: session", log.All, StringComparison.Ordinal);
        Assert.Null(running.NextMove(6000));
        Assert.False(child.Exited.IsCompleted);
        await Until.TrueAsync(() => Reaper.Look(child.Pid, out _, out _) == ChildState.Ended);
        running.Advance(7000, look: true, new byte[100]);
        running.Advance(8000, look: true, new byte[100]);
        Assert.True(running.IsDone);
        Assert.True((await child.Exited.WaitAsync(ChildHarness.Long)).Stopped);
        Assert.True(File.Exists(scratch[$"records/{child.Pid}.child"])); // For the next daemon, which finds out what is left.
        records.Dispose();
    }

    private static (RunningChild Running, Child Child, KeptLog Log) Spawn(ChildStart start, ChildRecords? records)
    {
        Assert.True(Spawner.TrySpawn(start, out var spawned, out _));
        var log = new KeptLog();
        var child = new Child(spawned.Pid, null!);
        int[] fds = start.OnePipe ? [spawned.OutputFd] : [spawned.OutputFd, spawned.ErrorFd];
        return (new RunningChild(child, start, [.. fds.Select(fd => new ChildPipe(fd, start.Output, isError: false, log))], records, log), child, log);
    }
}
