using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Deploy.Processes.Confined;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>What rsync is held to by the published agent, and what a command is not.</summary>
[Trait("Category", "EndToEnd")]
[SuppressMessage("Interoperability", "SYSLIB1054:Use LibraryImport", Justification = "One call of one test.")]
public class ConfinedTests
{
    private const uint Exchange = 2; // RENAME_EXCHANGE

    [Fact]
    public async Task A_killed_agents_rsync_ends_at_once_and_its_command_lives_on()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path) { Commands = "wait = sleep 600" }.WithGroup("slow", origin.Big, TestOrigin.Slowly(100));
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", agent.Address)).ExitCode);
        var call = ClientCall.RunAsync("exec wait", agent.Address);
        await Eventually.TrueAsync(() => agent.Children.Any(pid => ProcFacts.Arguments(pid) == "sleep 600 "));
        var all = agent.Children;
        int command = all.Single(pid => ProcFacts.Arguments(pid) == "sleep 600 ");
        int[] rsyncs = [.. all.Where(pid => ProcFacts.Arguments(pid).StartsWith("/usr/bin/rsync ", StringComparison.Ordinal))];
        Assert.NotEmpty(rsyncs);
        Assert.All(rsyncs, pid =>
        {
            Assert.Equal(setup.Target("slow"), ProcFacts.DirectoryOf(pid));
            Assert.Equal(Landlock.Version() >= Landlock.OldestUsable ? "1" : "0", ProcFacts.Status(pid, "NoNewPrivs"));
        });
        Assert.Equal("0", ProcFacts.Status(command, "NoNewPrivs"));
        Assert.NotEqual(Libc.getsid(agent.Pid), Libc.getsid(command));
        Assert.Equal(command, Libc.getsid(command));
        await agent.KillAsync();
        await call;
        await Eventually.TrueAsync(() => !rsyncs.Any(ProcFacts.IsLive));
        Assert.True(ProcFacts.IsLive(command));
        Assert.DoesNotContain(" warning ", agent.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_target_and_its_parent_are_swapped_for_links_nothing_is_ever_written_or_deleted_elsewhere()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path).WithGroup("site", origin.Site, "--archive", "--delete");
        Directory.CreateDirectory(folder["victim/sub"]);
        File.WriteAllText(folder["victim/kept"], "kept");
        File.WriteAllText(folder["victim/sub/kept"], "kept");
        Directory.CreateDirectory(setup.Target("deep/sub"));
        Directory.CreateDirectory(setup.Target("site"));
        string[] swapped = [setup.Target("deep"), setup.Target("site")]; // deep/sub leads to victim/sub then
        string[] links = [setup.Target("link-deep"), setup.Target("link-site")];
        foreach (string link in links)
        {
            File.CreateSymbolicLink(link, folder["victim"]);
            _ = lchown(link, 65534, 65534); // through a link of root's a group may go
        }

        await using var agent = await RunningAgent.StartAsync(setup);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        var swapping = Task.Run(() =>
        {
            for (int i = 0; !over.IsCancellationRequested; i++)
            {
                _ = renameat2(Libc.AT_FDCWD, swapped[i % 2], Libc.AT_FDCWD, links[i % 2], Exchange);
                Thread.SpinWait(20_000);
            }
        });
        int orders = 0;
        int done = 0;
        try
        {
            while (!over.IsCancellationRequested)
            {
                string form = (orders++ % 3) switch { 0 => $"{origin.Site},{setup.Target("deep/sub")}", 1 => $"{origin.Site},{setup.Target("site")}", _ => "site" };
                done += (await ClientCall.RunAsync("rsync " + form, agent.Address)).ExitCode == 0 ? 1 : 0;
                Assert.Equal("kept kept", File.ReadAllText(folder["victim/kept"]) + " " + File.ReadAllText(folder["victim/sub/kept"]));
            }
        }
        finally
        {
            await over.CancelAsync();
            await swapping;
        }

        await agent.NoChildrenAsync();
        Assert.Equal([folder["victim/kept"], folder["victim/sub"]], Directory.GetFileSystemEntries(folder["victim"]).Order());
        Assert.Equal([folder["victim/sub/kept"]], Directory.GetFileSystemEntries(folder["victim/sub"]));
        Assert.True(orders > 3, $"{orders} orders, {done} done");
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int renameat2(int from, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int to, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
