using Deploy.Processes;
using Deploy.Processes.Native;
using Deploy.Processes.Spawn;
using Xunit;

namespace Deploy.Tests.Processes;

/// <summary>They count this process's descriptors, use them up, or change a signal: nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Processes, alone";
}

[Collection(Alone.Name)]
public class DescriptorTests
{
    private const int Timeout = 90_000;

    [Fact(Timeout = Timeout)]
    public async Task The_child_has_its_three_and_no_other()
    {
        using var leak = new OpenDirectory("/proc", inheritable: true);
        await using var harness = new ChildHarness();
        var kept = new Kept();
        await harness.RunAsync(ChildHarness.Of(kept, "ls", "/proc/self/fd")); // 3 is what ls opened to read the directory
        Assert.Equal("0\n1\n2\n3\n", kept.Text);
    }

    [Fact]
    public void Without_closefrom_each_is_closed_by_its_name()
    {
        using var leak = new OpenDirectory("/proc", inheritable: true);
        Assert.Contains(leak.Fd, FileActions.Inheritable());
        var start = ChildHarness.Of(new Kept(), "ls", "/proc/self/fd");
        Assert.True(Spawner.TrySpawn(start, out var spawned, out _, closeFrom: false));
        Assert.True(SpinWait.SpinUntil(() => Reaper.Look(spawned.Pid, out _, out _) == ChildState.Ended, ChildHarness.Long));
        Reaper.Reap(spawned.Pid);
        var kept = new Kept();
        new ChildPipe(spawned.OutputFd, kept, isError: false, new KeptLog()).ReadRestAndClose(new byte[1000]);
        _ = Libc.close(spawned.ErrorFd);
        Assert.Equal("0\n1\n2\n3\n", kept.Text);
    }

    [Fact(Timeout = Timeout)]
    public async Task After_children_of_every_kind_the_descriptors_are_those_from_before()
    {
        using var scratch = new Scratch();
        await EveryKindAsync(scratch);
        await Task.Delay(200);
        var before = Targets();
        const int Rounds = 5;
        for (int round = 0; round < Rounds; round++)
        {
            await EveryKindAsync(scratch);
        }

        var after = Targets();
        for (int i = 0; i < 20 && after.Count > before.Count; i++) // What the runtime closes when it likes.
        {
            await Task.Delay(50);
            after = Targets();
        }

        // A leak of ours grows with every round; the runtime may open one of its own meanwhile and keep it.
        Assert.True(after.Count < before.Count + Rounds - 1, $"before:\n{string.Join('\n', before)}\nafter:\n{string.Join('\n', after)}");
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_descriptors_nothing_starts_nothing_leaks_and_what_runs_can_be_stopped()
    {
        using var scratch = new Scratch();
        await EveryKindAsync(scratch); // So that the runtime has opened and compiled what it needs.
        await using var harness = new ChildHarness(scratch["records"]);
        var kept = new Kept();
        var running = await harness.StartAsync(ChildHarness.Of(kept, "sleep", "300") with { OnePipe = true });
        await harness.RefusedAsync(ChildHarness.Of(kept, "/no/such"));
        _ = running.LivePids();
        await harness.RunAsync(ChildHarness.Of(kept, "true"));
        GC.Collect(); // Or a finalizer gives descriptors back in the midst of it.
        GC.WaitForPendingFinalizers();
        int before = Count();

        var taken = new List<int>();
        using var limit = new OpenFilesLimit(1024);
        Task<ChildExit> stop;
        try
        {
            // 0 free: no pipe; 1: half a pipe; 2: the first pipe; 3: that and half the second.
            for (int free = 0; free < 4; free++)
            {
                TakeAll(taken);
                taken.TakeLast(free).ToList().ForEach(fd => _ = Libc.close(fd));
                taken.RemoveRange(taken.Count - free, free);
                var refused = await harness.RefusedAsync(ChildHarness.Of(kept, "true"));
                Assert.Equal(new ChildStartResult.NotStarted(Libc.EMFILE, "Too many open files (a pipe for its output)"), refused);
            }

            TakeAll(taken);
            Assert.Equal([running.Pid], running.LivePids());
            stop = running.StopAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(300);
            Assert.False(stop.IsCompleted); // Its one pipe's descriptor is not enough to see that none is left, and so it does not say it.
        }
        finally
        {
            taken.ForEach(fd => _ = Libc.close(fd));
        }

        Assert.True((await stop.WaitAsync(ChildHarness.Long)).Stopped);
        Assert.False(Until.IsLive(running.Pid));
        Assert.InRange(Count(), 1, before + 2); // Four refusals would have leaked more; the runtime may have opened one.
    }

    [Fact(Timeout = Timeout)]
    public async Task Ends_are_seen_although_SIGCHLD_was_ignored_and_never_comes()
    {
        using var ignored = new IgnoredChildSignal();
        await using var harness = new ChildHarness();
        Assert.Equal(3, (await harness.RunAsync(ChildHarness.Shell(new Kept(), "exit 3"))).Code);
        Assert.Equal(4, (await harness.RunAsync(ChildHarness.Shell(new Kept(), "exec >&- 2>&-; sleep 0.2; exit 4"))).Code);
        var child = await harness.StartAsync(ChildHarness.Of(new Kept(), "sleep", "300"));
        Assert.Equal(Libc.SIGTERM, (await child.StopAsync(ChildHarness.Long).WaitAsync(ChildHarness.Long)).Signal);
    }

    private static async Task EveryKindAsync(Scratch scratch)
    {
        await using var harness = new ChildHarness(scratch["records"]);
        await harness.Children.StopLeftoversAsync(TimeSpan.Zero, CancellationToken.None);
        var kept = new Kept();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.RunAsync(ChildHarness.Shell(kept, "echo x; echo y >&2"))));
        await harness.RunAsync(ChildHarness.Shell(kept, "echo x") with { OnePipe = true });
        await harness.RefusedAsync(ChildHarness.Of(kept, "/no/such"));
        await harness.RefusedAsync(ChildHarness.Of(kept, "true") with { WorkingDirectory = "/no/such" });
        var left = await harness.StartAsync(ChildHarness.Shell(kept, "sleep 300 & echo pid $! >&2; wait"));
        _ = left.LivePids();
        await left.StopAsync(TimeSpan.FromSeconds(5)).WaitAsync(ChildHarness.Long);
        await harness.StartAsync(ChildHarness.Of(kept, "sleep", "300")); // Stopped by the end of all.
    }

    private static void TakeAll(List<int> taken)
    {
        for (int fd = OpenDirectory.dup(0); fd >= 0; fd = OpenDirectory.dup(0))
        {
            taken.Add(fd);
        }
    }

    /// <summary>Each descriptor and what it leads to.</summary>
    private static List<string> Targets() =>
        [.. new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Select(entry => $"{entry.Name} {entry.LinkTarget}").Order(StringComparer.Ordinal)];

    private static int Count() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
