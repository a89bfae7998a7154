using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>An agent of the binary that ships, from an agent.toml, with a real rsync daemon.</summary>
[Trait("Category", "EndToEnd")]
public class TomlAgentTests
{
    [Fact]
    public async Task A_tree_is_deployed_with_what_protects_the_target()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path);
        setup = setup with
        {
            Toml = $"""
                [sync.site]
                origin = "{origin.Site}"
                target = "{setup.Target("site")}"
                marker = ".deploy-target"
                [sync.site.guard]
                max_delete = 1
                protect = ["kept/**", "kept/"]
                """,
        };
        await using var agent = await RunningAgent.StartAsync(setup);
        Assert.Equal(2, (await ClientCall.RunAsync("rsync site", agent.Address)).ExitCode);
        Assert.False(Directory.Exists(setup.Target("site"))); // no marker, nothing written

        Assert.Equal(11, (await ClientCall.RunAsync(["rsync", origin.Site, setup.Target("site")], [agent.Address])).ExitCode); // nor past the group's limits

        Directory.CreateDirectory(setup.Target("site/kept"));
        foreach (string name in new[] { ".deploy-target", "stale1", "stale2", "stale3", "kept/precious" })
        {
            File.WriteAllText(setup.Target("site/" + name), "x");
        }

        var names = await ClientCall.RunAsync("rlist site", agent.Address);
        Assert.Equal(3, names.Lines.Count(line => line.StartsWith("  - stale", StringComparison.Ordinal))); // a preview counts all
        await ClientCall.RunAsync("rsync site", agent.Address);
        await agent.NoChildrenAsync();
        Assert.Equal(3, Directory.GetFiles(setup.Target("site"), "stale*").Length); // the guard counted three, and refused before anything was touched
        Assert.True(File.Exists(setup.Target("site/kept/precious")));
        Assert.False(File.Exists(setup.Target("site/index.html")));
        var after = await ClientCall.RunAsync("status site", agent.Address);
        Assert.Contains("--allow-delete 3", after.Out, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task A_typed_command_runs_with_what_fits_and_starts_nothing_with_anything_else()
    {
        using var folder = new TempFolder();
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path)
        {
            Toml = """
                [command.say]
                argv = ["/bin/echo", "{verb}", "<{count}>"]
                verb = { enum = ["hello", "bye"] }
                count = { int = [1, 9] }
                [command.slow]
                argv = ["/bin/sleep", "60"]
                timeout = "1s"
                """,
        });
        Assert.Contains("  hello <7>", (await ClientCall.RunAsync("exec say hello 7", agent.Address)).Lines);
        foreach (string wrong in new[] { "exec say hello 10", "exec say HELLO 7", "exec say hello", "exec say hello 7 8" })
        {
            var refused = await ClientCall.RunAsync(wrong, agent.Address);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("say:", refused.Out, StringComparison.Ordinal);
        }

        Assert.Contains("its time was up", (await ClientCall.RunAsync("exec slow", agent.Address)).Out, StringComparison.Ordinal);
        await agent.NoChildrenAsync();
    }

    [Fact]
    public async Task A_file_with_mistakes_says_all_of_them_and_a_reload_keeps_the_old_settings()
    {
        using var folder = new TempFolder();
        var setup = new AgentSetup(folder.Path) { Toml = "[command.say]\nargv = [\"/bin/echo\", \"old\"]\n" };
        await using var agent = await RunningAgent.StartAsync(setup);
        (setup with { Toml = "[agent2]\n[command.say]\nargv = \"x\"\nport = \n" }).Write();
        agent.Signal(1); // SIGHUP
        await Eventually.TrueAsync(() => agent.Log.Any(line => line.Contains("the old one stays in force", StringComparison.Ordinal)));
        Assert.Contains("  old", (await ClientCall.RunAsync("exec say", agent.Address)).Lines);

        var check = await ProgramRun.RunAsync(["check", setup.ConfigPath]);
        Assert.Equal(78, check.ExitCode);
        foreach (string mistake in new[] { "unknown key 'agent2'", "argv is a string", "agent.toml:12:" })
        {
            Assert.Contains(check.ErrorLines, line => line.Contains(mistake, StringComparison.Ordinal));
        }

        Assert.Equal(78, (await ProgramRun.RunAsync(["agent", "--config", setup.ConfigPath])).ExitCode);
    }

    [Fact]
    public async Task Convert_show_and_check_work_on_the_file_of_an_agent_that_runs()
    {
        using var folder = new TempFolder();
        using var origin = TestOrigin.Start(folder);
        var setup = new AgentSetup(folder.Path) { Commands = "say = echo %s" }.WithGroup("site", origin.Site);
        setup.Write();
        File.SetUnixFileMode(setup.IniPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var check = await ProgramRun.RunAsync(["check", setup.IniPath]);
        Assert.Equal(0, check.ExitCode);
        Assert.All(check.ErrorLines, line => Assert.Contains("meaning changed: the origin rsync://", line, StringComparison.Ordinal));
        var show = await ProgramRun.RunAsync(["config", "--show", setup.IniPath]);
        Assert.Equal(0, show.ExitCode);
        Assert.Contains($"origin = \"{origin.Site}\"  # {setup.IniPath}:", show.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(AgentSetup.Key, show.Out, StringComparison.Ordinal);
        var convert = await ProgramRun.RunAsync(["convert", setup.IniPath]);
        Assert.Equal((0, string.Empty), (convert.ExitCode, convert.Error));
        Assert.DoesNotContain(AgentSetup.Key, convert.Out, StringComparison.Ordinal);

        File.WriteAllText(folder["key"], AgentSetup.Key + "\n");
        File.WriteAllText(folder["agent.toml"], convert.Out.Replace("/etc/deploy/key\"", folder["key"] + "\"", StringComparison.Ordinal));
        Assert.Equal(0, (await ProgramRun.RunAsync(["check", folder["agent.toml"]])).ExitCode);
    }
}
