using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary><c>user</c> and <c>group</c>: root is given up by every thread after the port is bound.</summary>
[Trait("Category", "EndToEnd")]
public class PrivilegesTests
{
    [RootFact]
    public async Task As_another_user_it_has_his_ids_alone_and_orders_and_state_work_on_every_start()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        string[] nobody = File.ReadLines("/etc/passwd").First(line => line.StartsWith("nobody:", StringComparison.Ordinal)).Split(':');
        var setup = new AgentSetup(folder.Path) { Server = "user = nobody", Commands = "who = id -u" }
            .WithGroup("site", origin.Site, "--recursive").WithGroup("slow", origin.Big, "--recursive", "--bwlimit=100");
        Open(setup);
        for (int start = 0; start < 2; start++)
        {
            await using var agent = await RunningAgent.StartAsync(setup);
            AssertIds(agent.Pid, nobody[2], nobody[3]);
            Assert.DoesNotContain(" warning ", agent.LogText, StringComparison.Ordinal);
            Assert.Contains($"  {nobody[2]}", (await ClientCall.RunAsync("exec who", agent.Address)).Lines);
            Assert.Equal(0, (await ClientCall.RunAsync("rsync site", agent.Address)).ExitCode);
            await agent.NoChildrenAsync();
            Assert.True(File.Exists(setup.Target("site/index.html")));
            Assert.Equal(0, await agent.StopAsync());
        }

        await using var killed = await RunningAgent.StartAsync(setup);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync slow", killed.Address)).ExitCode);
        var left = killed.Children;
        Assert.NotEmpty(left);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(setup.StateDirectory, "children")));
        await killed.KillAsync();
        await using var next = await RunningAgent.StartAsync(setup);
        Assert.All(left, pid => Assert.False(ProcFacts.IsLive(pid)));
        Assert.Empty(Directory.GetFiles(Path.Combine(setup.StateDirectory, "children")));
        Assert.DoesNotContain("no record", next.LogText, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_group_alone_leaves_the_user_root()
    {
        using var folder = new TempFolder();
        string[] daemon = File.ReadLines("/etc/group").First(line => line.StartsWith("daemon:", StringComparison.Ordinal)).Split(':');
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Server = "group = daemon" });
        Assert.Equal($"0 0 0 0", ProcFacts.Status(agent.Pid, "Uid"));
        Assert.Equal($"{daemon[2]} {daemon[2]} {daemon[2]} {daemon[2]}", ProcFacts.Status(agent.Pid, "Gid"));
        Assert.Equal(string.Empty, ProcFacts.Status(agent.Pid, "Groups"));
    }

    [RootFact]
    public async Task An_unknown_user_or_group_is_a_mistake_of_the_configuration()
    {
        using var folder = new TempFolder();
        foreach (string line in new[] { "user = no-such-user", "group = no-such-group", "user = nobody\ngroup = no-such-group", "user = 4294967295" })
        {
            var setup = new AgentSetup(folder.Path) { Server = line };
            setup.Write();
            var run = await ProgramRun.RunAsync(setup.CommandLine);
            Assert.Equal(78, run.ExitCode);
            string wrong = line.Split('\n')[^1];
            Assert.Single(run.ErrorLines, error => error.StartsWith($"deploy: error: {wrong}: there is no such ", StringComparison.Ordinal));
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        }
    }

    private static void AssertIds(int pid, string user, string group)
    {
        foreach (string task in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            int thread = int.Parse(Path.GetFileName(task), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal($"{user} {user} {user} {user}", ProcFacts.Status(thread, "Uid"));
            Assert.Equal($"{group} {group} {group} {group}", ProcFacts.Status(thread, "Gid"));
            Assert.DoesNotContain("0", ProcFacts.Status(thread, "Groups").Split(' '));
            Assert.Equal("0000000000000000", ProcFacts.Status(thread, "CapEff"));
        }
    }

    /// <summary>Lets every user in and write targets: the test's folder is root's alone.</summary>
    private static void Open(AgentSetup setup)
    {
        setup.Write();
#pragma warning disable CA1416 // Linux alone.
        File.SetUnixFileMode(setup.Folder, (UnixFileMode)0x1ED); // 0755
        File.SetUnixFileMode(setup.Targets, (UnixFileMode)0x1FF); // 0777
#pragma warning restore CA1416
    }
}
