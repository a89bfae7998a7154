using Deploy.Processes;
using Deploy.Processes.Native;
using Xunit;

namespace Deploy.Tests.Processes;

public class ChildStopTests
{
    private const int Timeout = 60_000;
    private static readonly ChildExit Termed = new(null, Libc.SIGTERM, Stopped: true);
    private static readonly ChildExit Killed = new(null, Libc.SIGKILL, Stopped: true);

    [Fact(Timeout = Timeout)]
    public async Task A_stop_leaves_no_process()
    {
        await using var harness = new ChildHarness();
        var child = await harness.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        Assert.Equal([child.Pid], child.LivePids());
        Assert.Equal(Termed, await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long));
        Assert.False(Until.IsLive(child.Pid));
        Assert.Empty(child.LivePids());
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_ignores_TERM_is_killed_after_the_grace()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var child = await harness.StartAsync(ChildHarness.Shell(kept, "trap '' TERM; echo ready; sleep 300; sleep 300"));
        await kept.LinesAsync(1);
        var pids = child.LivePids();
        Assert.Equal(Killed, await child.StopAsync(TimeSpan.FromMilliseconds(200)).WaitAsync(ChildHarness.Long));
        Assert.All(pids, pid => Assert.False(Until.IsLive(pid)));
        Assert.Contains("KILL", harness.Log.All, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_second_stop_may_shorten_the_grace_and_both_end_alike()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var child = await harness.StartAsync(ChildHarness.Shell(kept, "trap '' TERM; echo ready; sleep 300"));
        await kept.LinesAsync(1);
        var first = child.StopAsync(TimeSpan.FromHours(1));
        Assert.Equal(Killed, await child.StopAsync(TimeSpan.Zero).WaitAsync(ChildHarness.Long));
        Assert.Equal(Killed, await first.WaitAsync(ChildHarness.Long));
        Assert.Equal(Killed, await child.StopAsync(TimeSpan.Zero).WaitAsync(ChildHarness.Long));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_stop_after_the_end_changes_nothing()
    {
        await using var harness = new ChildHarness();
        var child = await harness.StartAsync(ChildHarness.Shell(new Kept(), "exit 3"));
        await child.Exited.WaitAsync(ChildHarness.Long);
        Assert.Equal(new ChildExit(3, null, Stopped: false), await child.StopAsync(TimeSpan.Zero).WaitAsync(ChildHarness.Long));
    }

    [Fact(Timeout = Timeout)]
    public async Task Grandchildren_die_with_a_stop_also_in_a_group_of_their_own()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var child = await harness.StartAsync(ChildHarness.Of(kept, "bash", "-c", "sleep 300 & echo $!; set -m; sleep 300 & echo $!; wait"));
        var pids = (await kept.LinesAsync(2)).Select(int.Parse).ToList();
        Assert.Equal([.. pids.Append(child.Pid).Order()], child.LivePids());
        await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long);
        Assert.All(pids, pid => Assert.False(Until.IsLive(pid)));
    }

    [Fact(Timeout = Timeout)]
    public async Task Members_get_the_whole_grace_although_the_first_process_ended_at_once()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness();
        var kept = new Kept();
        string member = $"trap 'sleep 0.4; echo tidy > {scratch["tidied"]}; exit 0' TERM; echo ready; while :; do sleep 0.02; done";
        var child = await harness.StartAsync(ChildHarness.Of(kept, "bash", "-c", $"( {member} ) & wait"));
        await kept.LinesAsync(1);
        Assert.Equal(Termed, await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long));
        Assert.Equal("tidy\n", await File.ReadAllTextAsync(scratch["tidied"]));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_is_left_of_the_group_dies_with_the_first_process()
    {
        await using var harness = new ChildHarness();
        for (int round = 0; round < 50; round++)
        {
            var kept = new Kept();
            var exit = await harness.RunAsync(ChildHarness.Shell(kept, "sleep 300 & sleep 300 & sleep 300 & echo $!; exit 4"));
            Assert.Equal(new ChildExit(4, null, Stopped: false), exit);
            Assert.False(Until.IsLive(int.Parse(kept.Text)));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_command_may_leave_a_process_that_holds_its_pipes_and_ends_all_the_same()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var start = ChildHarness.Shell(kept, "sleep 300 & echo $!") with { MayLeaveProcesses = true };
        Assert.Equal(0, (await harness.RunAsync(start)).Code);
        int left = int.Parse(kept.Text);
        Assert.True(Until.IsLive(left));
        Assert.Equal(0, Libc.kill(left, Libc.SIGKILL));
        await Until.GoneAsync(left);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_stop_means_the_whole_group_of_a_command_too()
    {
        await using var harness = new ChildHarness();
        var kept = new Kept();
        var child = await harness.StartAsync(ChildHarness.Shell(kept, "sleep 300 & echo $!; wait") with { MayLeaveProcesses = true });
        int member = int.Parse((await kept.LinesAsync(1))[0]);
        await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long);
        Assert.False(Until.IsLive(member));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_stop_that_crosses_the_end_takes_the_rest_and_says_that_it_ended_by_itself()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness();
        var kept = new Kept();
        using var gate = new ManualResetEventSlim();
        var slow = new ChildOutputTests.Hooked(bytes =>
        {
            kept.OnOutput(bytes);
            gate.Wait(ChildHarness.Long);
        });
        var child = await harness.StartAsync(ChildHarness.Shell(slow, $"sleep 300 & echo $!; {WaitFor(scratch)}") with { MayLeaveProcesses = true });
        int member = int.Parse((await kept.LinesAsync(1))[0]);
        await File.WriteAllTextAsync(scratch["go"], ""); // Only now, with the thread held, does it end.
        await Until.TrueAsync(() => Reaper.Look(child.Pid, out _, out _) == ChildState.Ended);
        var stop = child.StopAsync(ChildHarness.Long); // The thread is busy: it learns of the end and of the stop at once.
        gate.Set();
        Assert.Equal(new ChildExit(0, null, Stopped: false), await stop.WaitAsync(ChildHarness.Long));
        Assert.False(Until.IsLive(member));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_child_that_something_else_reaped_is_not_waited_for_and_not_a_success()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness();
        var kept = new Kept();
        using var gate = new ManualResetEventSlim();
        var slow = new ChildOutputTests.Hooked(bytes =>
        {
            kept.OnOutput(bytes);
            gate.Wait(ChildHarness.Long);
        });
        var child = await harness.StartAsync(ChildHarness.Shell(slow, $"echo x; {WaitFor(scratch)}"));
        await kept.LinesAsync(1);
        await File.WriteAllTextAsync(scratch["go"], "");
        await Until.TrueAsync(() => Reaper.Look(child.Pid, out _, out _) == ChildState.Ended);
        Reaper.Reap(child.Pid);
        gate.Set();
        Assert.Equal(new ChildExit(null, Libc.SIGKILL, Stopped: false), await child.Exited.WaitAsync(ChildHarness.Long));
        Assert.Contains("Error: pid", harness.Log.All, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_end_of_all_stops_every_child_and_starts_no_other()
    {
        var harness = new ChildHarness();
        var children = new List<Child>();
        foreach (string script in (string[])["sleep 300", "trap '' TERM; echo ready; sleep 300 & sleep 300", "sleep 300 & sleep 300 & wait"])
        {
            children.Add(await harness.StartAsync(ChildHarness.Shell(new Kept(), script)));
        }

        await Until.TrueAsync(() => children.Sum(child => child.LivePids().Count) >= 7);
        var pids = children.SelectMany(child => child.LivePids()).ToList();
        await harness.DisposeAsync();
        Assert.All(pids, pid => Assert.False(Until.IsLive(pid)));
        Assert.All(children, child => Assert.True(child.Exited.Result.Stopped));
        Assert.Equal(125, (await harness.RefusedAsync(ChildHarness.Of(new Kept(), "/bin/true"))).Errno);
        Assert.True((await children[0].StopAsync(TimeSpan.Zero).WaitAsync(ChildHarness.Long)).Stopped);
        await harness.DisposeAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task Many_owners_of_children_live_side_by_side()
    {
        await using var one = new ChildHarness();
        await using var other = new ChildHarness();
        var mine = await one.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        var theirs = await other.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        await mine.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long);
        Assert.Equal([theirs.Pid], theirs.LivePids());
        Assert.Equal(Termed, await theirs.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long));
    }

    private static string WaitFor(Scratch scratch) => $"while [ ! -e {scratch["go"]} ]; do sleep 0.02; done";
}
