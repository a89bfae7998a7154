using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The main job, from the command line to rsync and back, with the binary that ships and a real rsync daemon.</summary>
[Trait("Category", "EndToEnd")]
public class MainJobTests
{
    [Fact]
    public async Task A_tree_is_previewed_deployed_found_unchanged_and_cleaned_of_a_stale_file()
    {
        using var folder = new TempFolder();
        using var origin = Origin(folder);
        await using var agent = await RunningAgent.StartAsync(new AgentSetup(folder.Path).WithGroup("site", origin.Url("site")));

        var status = await ClientCall.RunAsync("status site", agent.Address);
        Assert.Equal((0, string.Empty), (status.ExitCode, status.Error));
        Assert.Matches($@"^{agent.Address} +ok +2 +10 B$", Row(status, agent));
        Assert.False(Directory.Exists(agent.Setup.Target("site"))); // A preview writes nothing.
        await agent.NoChildrenAsync();

        var names = await ClientCall.RunAsync("rlist site", agent.Address);
        Assert.Equal(0, names.ExitCode);
        Assert.Contains("  + css/main.css", names.Lines);
        Assert.Contains("  + index.html", names.Lines);
        await agent.NoChildrenAsync();

        var sync = await ClientCall.RunAsync("rsync site", agent.Address);
        Assert.Equal(0, sync.ExitCode);
        await agent.NoChildrenAsync();
        Assert.Equal("index", File.ReadAllText(agent.Setup.Target("site/index.html")));
        Assert.Equal("style", File.ReadAllText(agent.Setup.Target("site/css/main.css")));

        Assert.Matches($@"^{agent.Address} +unchanged +0 +0 B$", Row(await ClientCall.RunAsync("status site", agent.Address), agent));

        File.WriteAllText(agent.Setup.Target("site/stale.html"), "old");
        var stale = await ClientCall.RunAsync("rlist site", agent.Address);
        Assert.Contains("  - stale.html", stale.Lines);
        Assert.Equal(0, (await ClientCall.RunAsync("rsync site", agent.Address)).ExitCode);
        await agent.NoChildrenAsync();
        Assert.False(File.Exists(agent.Setup.Target("site/stale.html")));
        Assert.True(File.Exists(agent.Setup.Target("site/index.html")));
        Assert.Equal(0, await agent.StopAsync());
    }

    /// <summary>An origin of two small files, 10 bytes.</summary>
    private static RsyncDaemon Origin(TempFolder folder)
    {
        Directory.CreateDirectory(folder["origin/css"]);
        File.WriteAllText(folder["origin/index.html"], "index");
        File.WriteAllText(folder["origin/css/main.css"], "style");
        return RsyncDaemon.Start(folder.Path, [new RsyncModule("site", folder["origin"])]);
    }

    private static string Row(ProgramRun run, RunningAgent agent) => Assert.Single(run.Lines, line => line.StartsWith(agent.Address, StringComparison.Ordinal));
}
