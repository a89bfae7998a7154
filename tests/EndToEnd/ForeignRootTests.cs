using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The portable and the static binary where they are for: with an old C library, and with none.</summary>
[Trait("Category", "EndToEnd")]
public class ForeignRootTests
{
    private const string Portable = "deploy-portable", Static = "deploy-static";

    /// <summary>An account of such a root alone, with a group beside its own.</summary>
    private const string Accounts = "keeper:x:4711:4712::/:/bin/false\n", Groups = "keepers:x:4712:\nhelpers:x:4713:keeper\n";

    [ForeignRootTheory(oldRelease: true), Kind(Portable), Kind(Static)]
    public async Task In_an_old_release_an_agent_and_a_client_do_what_they_do_here(string binary)
    {
        using var root = ForeignRoot.OldRelease(binary);
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        root.Write("/etc/hosts", "127.0.0.1 localhost\n");
        var setup = new AgentSetup("/") { Within = root, Commands = "about = /deploy --version --verbose" }.WithGroup("site", origin.Site, "--recursive");
        await using var agent = await RunningAgent.StartAsync(setup);

        async Task<ProgramRun> Client(params string[] words) =>
            await root.RunAsync(["client", .. words, "--hosts", agent.Address, "--key-cipher", AgentSetup.Key, "--thread-timeout", "60", "--socket-timeout", "60"]);
        var about = await Client("exec", "about");
        Assert.Equal(0, about.ExitCode);
        Assert.Contains(binary.EndsWith(Static, StringComparison.Ordinal) ? "(linked in)" : "glibc 2.31 (of this host)", about.Out, StringComparison.Ordinal);
        var status = await Client("status", "site");
        Assert.Equal((0, string.Empty), (status.ExitCode, status.Error));
        Assert.Matches("ok +2 +10 B$", Assert.Single(status.Lines, line => line.StartsWith(agent.Address, StringComparison.Ordinal)));
        Assert.Equal(0, (await Client("rsync", "site")).ExitCode);
        await agent.NoChildrenAsync();
        Assert.Equal("style", File.ReadAllText(root.Path + setup.Target("site/css/main.css")));

        Assert.Contains("can't connect to localhost:1: connection refused", (await root.RunAsync("client", "status", "site", "--hosts", "localhost:1", "--key-cipher", "x")).Out, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    [ForeignRootTheory, Kind(Static)]
    public async Task Without_any_c_library_users_and_hosts_come_from_files_whatever_modules_are_asked_for(string binary)
    {
        using var root = ForeignRoot.Empty(binary);
        root.Write("/etc/passwd", Accounts);
        root.Write("/etc/group", Groups);
        root.Write("/etc/hosts", "127.0.0.1 here\n");
        // A module that glibc has had for long, and all that it needs: it must not be loaded. Some bear it, libnss_systemd ends in SIGSEGV.
        root.Write("/etc/nsswitch.conf", "passwd: hesiod files\ngroup: hesiod files\ninitgroups: hesiod files\nhosts: hesiod files\n");
        root.Take(Directory.GetDirectories("/lib", "*-linux-gnu*").Concat(["/lib64"]).SelectMany(folder => Directory.GetFiles(folder))
            .Where(file => Path.GetFileName(file) is var name && (name.StartsWith("libnss_hesiod.so", StringComparison.Ordinal) || name.StartsWith("libc.so", StringComparison.Ordinal)
                || name.StartsWith("libresolv.so", StringComparison.Ordinal) || name.StartsWith("ld-linux", StringComparison.Ordinal))));
        Assert.NotEmpty(Directory.GetFiles(root.Path, "libnss_hesiod.so*", SearchOption.AllDirectories));

        var setup = new AgentSetup("/") { Within = root, Server = "user = keeper", Commands = "about = /deploy --version" };
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.DoesNotContain("libnss", File.ReadAllText($"/proc/{agent.Pid}/maps"), StringComparison.Ordinal);
        Assert.Equal("4711 4711 4711 4711", ProcFacts.Status(agent.Pid, "Uid"));
        Assert.Equal("4712 4712 4712 4712", ProcFacts.Status(agent.Pid, "Gid"));
        Assert.Equal(["4712", "4713"], ProcFacts.Status(agent.Pid, "Groups").Split(' ').Order());
        var about = await ClientCall.RunAsync("exec about", agent.Address);
        Assert.Equal(0, about.ExitCode);
        Assert.Contains("  deploy ", about.Out, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());

        Assert.Contains("can't connect to here:1: connection refused", (await root.RunAsync("client", "status", "site", "--hosts", "here:1", "--key-cipher", "x")).Out, StringComparison.Ordinal);
        var unknown = await root.RunAsync(["agent", "--config", Unknown(root)]);
        Assert.Equal(78, unknown.ExitCode);
        Assert.StartsWith("deploy: error: user = nobody: there is no such user on this host", unknown.ErrorLines[^1], StringComparison.Ordinal);
    }

    private static string Unknown(ForeignRoot root)
    {
        var setup = new AgentSetup("/") { Within = root, Server = "user = nobody" };
        setup.Write();
        return setup.IniPath;
    }
}
