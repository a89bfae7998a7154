using Deploy.Processes;
using Deploy.Processes.Leftovers;
using Deploy.Processes.Native;
using Deploy.Processes.Table;
using Xunit;

namespace Deploy.Tests.Processes.Leftovers;

/// <summary>The killed daemon is played by a harness without records: its children run on, and the records are forged with their real data.</summary>
public class LeftoverTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_running_child_has_a_record_until_it_is_reaped()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness(scratch["records"]);
        var child = await harness.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        Assert.Equal([$"{child.Pid}.child"], Names(scratch));
        Assert.Equal(RecordOf(child.Pid, "sleep"), ChildRecord.TryParse(await File.ReadAllBytesAsync(scratch[$"records/{child.Pid}.child"])));
        Assert.Empty(await harness.Children.StopLeftoversAsync(TimeSpan.Zero, CancellationToken.None)); // Its own are none.
        Assert.True(Until.IsLive(child.Pid));
        await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long);
        Assert.Empty(Names(scratch));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_child_that_still_runs_is_stopped_with_its_whole_session()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var kept = new Kept();
        var child = await killed.StartAsync(ChildHarness.Of(kept, "bash", "-c", "sleep 300 & set -m; sleep 300 & echo $!; wait"));
        await kept.LinesAsync(1);
        var pids = child.LivePids();
        Assert.Equal(3, pids.Count);
        Put(scratch, RecordOf(child.Pid, "bash"));
        Assert.Equal(pids, await StopAsync(scratch, ChildHarness.Long));
        Assert.All(pids, pid => Assert.False(Until.IsLive(pid)));
        Assert.Equal(Libc.SIGTERM, (await child.Exited.WaitAsync(ChildHarness.Long)).Signal);
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_ignores_TERM_is_killed_after_the_grace()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var kept = new Kept();
        var child = await killed.StartAsync(ChildHarness.Shell(kept, "trap '' TERM; echo ready; sleep 300; sleep 300"));
        await kept.LinesAsync(1);
        Put(scratch, RecordOf(child.Pid, "sh"));
        Assert.Contains(child.Pid, await StopAsync(scratch, TimeSpan.FromMilliseconds(200)));
        Assert.Equal(Libc.SIGKILL, (await child.Exited.WaitAsync(ChildHarness.Long)).Signal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Members_without_their_first_process_are_stopped()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var (record, member) = await LeaveMemberAsync(killed);
        Put(scratch, record);
        Assert.Equal([member], await StopAsync(scratch, ChildHarness.Long));
        Assert.False(Until.IsLive(member));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_a_command_rightly_left_is_left()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var (record, member) = await LeaveMemberAsync(killed);
        Put(scratch, record with { MayLeaveProcesses = true });
        Assert.Empty(await StopAsync(scratch, ChildHarness.Long));
        Assert.True(Until.IsLive(member));
        Assert.Equal(0, Libc.kill(member, Libc.SIGKILL));
        await Until.GoneAsync(member);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_command_whose_first_process_still_runs_is_stopped()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var child = await killed.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        Put(scratch, RecordOf(child.Pid, "sleep") with { MayLeaveProcesses = true });
        Assert.Equal([child.Pid], await StopAsync(scratch, ChildHarness.Long));
    }

    [Fact(Timeout = Timeout)]
    public async Task Another_process_with_the_pid_is_left_alone()
    {
        using var scratch = new Scratch();
        await using var other = new ChildHarness();
        var child = await other.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        var record = RecordOf(child.Pid, "sleep");
        Put(scratch, record with { StartTicks = record.StartTicks - 1 });
        Assert.Empty(await StopAsync(scratch, ChildHarness.Long));
        Assert.True(Until.IsLive(child.Pid));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_record_of_another_boot_means_nobody()
    {
        using var scratch = new Scratch();
        await using var other = new ChildHarness();
        var child = await other.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        Put(scratch, RecordOf(child.Pid, "sleep") with { Boot = "00000000-0000-0000-0000-000000000000/3" });
        Assert.Empty(await StopAsync(scratch, ChildHarness.Long));
        Assert.True(Until.IsLive(child.Pid));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_record_of_one_that_has_ended_goes()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var child = await killed.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        var record = RecordOf(child.Pid, "sleep");
        await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long);
        Put(scratch, record);
        Assert.Empty(await StopAsync(scratch, ChildHarness.Long));
    }

    [Fact(Timeout = Timeout)]
    public async Task Torn_and_foreign_files_stop_nothing_and_nobody()
    {
        using var scratch = new Scratch();
        await using var other = new ChildHarness();
        var child = await other.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        byte[] record = RecordOf(child.Pid, "sleep").ToBytes();
        Directory.CreateDirectory(scratch["records/8.child"]);
        Chmod(scratch["records"]);
        File.WriteAllBytes(scratch["records/9.child"], record[..^2]);
        File.WriteAllBytes(scratch["records/10.child"], record); // Another's name.
        File.WriteAllBytes(scratch["records/11.child.tmp"], record);
        File.WriteAllBytes(scratch["records/12.child"], new byte[100_000]);
        File.WriteAllText(scratch["records/notes"], "of an operator");
        File.WriteAllBytes(scratch["victim"], record);
        File.CreateSymbolicLink(scratch[$"records/{child.Pid}.child"], scratch["victim"]);
        Assert.Equal(0, OpenDirectory.mkfifo(scratch["records/13.child"], 0x180));

        await using var harness = new ChildHarness(scratch["records"]);
        Assert.Empty(await harness.Children.StopLeftoversAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(ChildHarness.Long));
        Assert.True(Until.IsLive(child.Pid));
        Assert.Equal(["8.child", "notes"], Names(scratch));
        Assert.True(File.Exists(scratch["victim"]));
        Assert.Contains("left alone: notes", harness.Log.All, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_a_directory_that_can_be_written_it_works_with_one_warning()
    {
        await using var harness = new ChildHarness("/proc/no/records");
        Assert.Equal(0, (await harness.RunAsync(ChildHarness.Of(new Kept(), "true"))).Code);
        Assert.Equal(0, (await harness.RunAsync(ChildHarness.Of(new Kept(), "true"))).Code);
        Assert.Empty(await harness.Children.StopLeftoversAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.Single(harness.Log.All.Split('\n'), line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_directory_that_vanished_costs_one_warning()
    {
        using var scratch = new Scratch();
        await using var harness = new ChildHarness(scratch["records"]);
        await harness.Children.StopLeftoversAsync(TimeSpan.Zero, CancellationToken.None); // opens it
        Directory.Delete(scratch["records"]);
        Assert.Equal(0, (await harness.RunAsync(ChildHarness.Of(new Kept(), "true"))).Code);
        Assert.Equal(0, (await harness.RunAsync(ChildHarness.Of(new Kept(), "true"))).Code);
        Assert.Single(harness.Log.All.Split('\n'), line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Waiting_for_leftovers_can_be_given_up_and_their_records_stay()
    {
        using var scratch = new Scratch();
        await using var killed = new ChildHarness();
        var kept = new Kept();
        var child = await killed.StartAsync(ChildHarness.Shell(kept, "trap '' TERM; echo ready; sleep 300"));
        await kept.LinesAsync(1);
        Put(scratch, RecordOf(child.Pid, "sh"));
        await using var harness = new ChildHarness(scratch["records"]);
        using var cancel = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Children.StopLeftoversAsync(TimeSpan.FromHours(1), cancel.Token));
        Assert.Equal([$"{child.Pid}.child"], Names(scratch));
    }

    private static async Task<IReadOnlyList<int>> StopAsync(Scratch scratch, TimeSpan grace)
    {
        await using var harness = new ChildHarness(scratch["records"]);
        var stopped = await harness.Children.StopLeftoversAsync(grace, CancellationToken.None).WaitAsync(ChildHarness.Long);
        Assert.Empty(Names(scratch));
        return stopped;
    }

    /// <summary>A session whose first process has ended, and is reaped, while a member lives.</summary>
    private static async Task<(ChildRecord Record, int Member)> LeaveMemberAsync(ChildHarness killed)
    {
        var kept = new Kept();
        var child = await killed.StartAsync(ChildHarness.Shell(kept, "sleep 300 & echo $!") with { MayLeaveProcesses = true });
        await child.Exited.WaitAsync(ChildHarness.Long);
        int member = int.Parse(kept.Text);
        Assert.False(ProcessTable.TryRead(child.Pid, out _));
        return (RecordOf(member, "sh") with { Pid = child.Pid }, member);
    }

    private static ChildRecord RecordOf(int pid, string program)
    {
        Assert.True(ProcessTable.TryRead(pid, out var stat));
        return new ChildRecord { Pid = pid, StartTicks = stat.StartTicks, Boot = BootMark.Read()!, MayLeaveProcesses = false, Program = program };
    }

    private static void Put(Scratch scratch, ChildRecord record)
    {
        Directory.CreateDirectory(scratch["records"]);
        Chmod(scratch["records"]);
        File.WriteAllBytes(scratch["records/" + record.FileName], record.ToBytes());
    }

#pragma warning disable CA1416 // Linux alone.
    private static void Chmod(string path) =>
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416

    private static List<string> Names(Scratch scratch) =>
        [.. Directory.GetFileSystemEntries(scratch["records"]).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
}
