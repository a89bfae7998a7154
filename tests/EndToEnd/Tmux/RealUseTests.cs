using System.Globalization;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Tmux;

/// <summary>A day's work in the published dashboard, in a real terminal: a proxy, forty agents, an rsync daemon, and an operator who looks, plans, deploys, retries and comes back.</summary>
[Trait("Category", "EndToEnd")]
public sealed class RealUseTests : IAsyncLifetime, IDisposable
{
    private const int Agents = 40;
    private const string Broken = "web-004"; // its origin is not there at first
    private const string Full = "web-007"; // its check fails
    private const string Shape = "web-[038-039]"; // uploads that a sync would delete
    private const string Complaint = "no space left for the log";

    private readonly TempFolder folder = new();
    private readonly List<RunningAgent> agents = [];
    private TmuxScreen? screen;
    private TestOrigin? origin;
    private RunningProxy? proxy;
    private Dictionary<string, string> hosts = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (screen is not null)
        {
            await screen.DisposeAsync();
        }

        if (proxy is not null)
        {
            await proxy.DisposeAsync();
        }

        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }

        origin?.Dispose();
    }

    public void Dispose() => folder.Dispose();

    [TmuxFact("tui")]
    public async Task An_operator_finds_plans_deploys_retries_reads_and_comes_back()
    {
        await StartFleetAsync();
        Assert.Equal(2, (await ClientAsync("rsync", "site")).ExitCode);
        Assert.Equal(2, (await ClientAsync("exec", "check")).ExitCode);
        await MoveOnAsync();

        screen = await TmuxScreen.StartAsync(folder.Path, 120, 40, new Dictionary<string, string> { ["XDG_STATE_HOME"] = folder["state"] });
        await OpenAsync();
        await FindFailedAsync();
        await PlanAndDeployAsync();
        await RetryAsync();
        await ReadOutputAsync();

        await screen.TypeAsync("q");
        await screen.AnswersAsync("echo o''k", "ok");
        await OpenAsync();
        await LoseAndFindAsync();
        await screen.TypeAsync("q");
        await screen.AnswersAsync("echo a''gain", "again");
    }

    /// <summary>The failed hosts of the earlier job, by way of the history.</summary>
    private async Task FindFailedAsync()
    {
        await OpenJobAsync("order:rsync");
        string rollout = await screen!.SeesAsync(text => text.Contains(Broken, StringComparison.Ordinal) && text.Contains("partial", StringComparison.Ordinal), "the host that failed");
        Assert.DoesNotContain("web-005 ", rollout, StringComparison.Ordinal); // the good ones are hidden
    }

    /// <summary>A plan of all; without the shape that deletes; deployed, watched to its end.</summary>
    private async Task PlanAndDeployAsync()
    {
        await screen!.TypeAsync("1");
        await screen.SeesAsync("web-001");
        await screen.TypeAsync("a");
        await screen.TypeAsync("P");
        await screen.SeesAsync("group");
        await screen.PressAsync("C-u");
        await screen.TypeAsync("site");
        await screen.PressAsync("Enter");
        await screen.SeesAsync(text => text.Contains(Shape, StringComparison.Ordinal) && text.Contains("37 hosts", StringComparison.Ordinal), "the shapes of the plan");
        await screen.PressAsync("Down"); // the largest comes first
        await screen.TypeAsync("e");
        await screen.TypeAsync("W");
        await screen.SeesAsync("WRITE");
        await screen.TypeAsync("D");
        await screen.SeesAsync("37");
        await screen.TypeAsync("37");
        await screen.PressAsync("Enter");
        await screen.SeesAsync("rsync site");
        await Eventually.TrueAsync(() => agents.Count(agent => File.Exists(agent.Setup.Target("site/new.html"))) == 37, () => screen.TextAsync().Result);
        await screen.SeesAsync("done");
        Assert.False(File.Exists(At("web-038").Setup.Target("site/new.html")));
        Assert.True(File.Exists(At("web-038").Setup.Target("site/uploads/5")));
    }

    /// <summary>What is mended meanwhile, done again on the one host that failed.</summary>
    private async Task RetryAsync()
    {
        Directory.CreateDirectory(folder["origin/big/late"]);
        await File.WriteAllTextAsync(folder["origin/big/late/index.html"], "late");
        await OpenJobAsync("order:rsync bad:>0");
        await screen!.SeesAsync(Broken);
        await screen.TypeAsync("R");
        await screen.SeesAsync("retry"); // the command line that would do the same
        await screen.TypeAsync("y");
        await Eventually.TrueAsync(() => File.Exists(At(Broken).Setup.Target("site/index.html")), () => screen.TextAsync().Result);
        await screen.SeesAsync("done");
    }

    /// <summary>What the failed command said, among forty outputs.</summary>
    private async Task ReadOutputAsync()
    {
        await OpenJobAsync("order:exec");
        await screen!.SeesAsync(Full);
        await screen.TypeAsync("L");
        await screen.SeesAsync(Complaint);
    }

    /// <summary>The proxy goes and comes back.</summary>
    private async Task LoseAndFindAsync()
    {
        string address = proxy!.Address;
        await proxy.StopAsync();
        await screen!.SeesAsync(text => text.Contains("LOST", StringComparison.Ordinal) || text.Contains("STALE", StringComparison.Ordinal), "LOST or STALE");
        await proxy.DisposeAsync();
        proxy = await RunningProxy.StartJobsAsync(folder, address, hosts);
        await screen.SeesAsync("LIVE");
    }

    /// <summary>Opens the newest job that a filter of the history lets pass.</summary>
    private async Task OpenJobAsync(string filter)
    {
        await screen!.TypeAsync("5");
        await screen.SeesAsync("History");
        await screen.TypeAsync("/");
        await screen.PressAsync("C-u");
        await screen.TypeAsync(filter);
        await screen.PressAsync("Enter");
        await screen.SeesAsync(filter);
        await screen.TypeAsync("g");
        await screen.PressAsync("Enter");
        await screen.SeesAsync(" Job ");
    }

    private async Task OpenAsync()
    {
        await screen!.RunAsync($"{PublishedBinary.Path} tui --via {proxy!.Address}");
        await screen.SeesAsync("LIVE");
        await screen.TypeAsync("1");
        await screen.SeesAsync(text => text.Contains("web-001", StringComparison.Ordinal) && text.Contains("40 up", StringComparison.Ordinal), "forty hosts that are up");
    }

    private async Task StartFleetAsync()
    {
        origin = TestOrigin.Start(folder, bigBytes: 1);
        var setups = Enumerable.Range(1, Agents).Select(number => (Name: Name(number), Setup: Setup(Name(number)))).ToList();
        foreach (var (name, setup) in setups)
        {
            agents.Add(RunningAgent.Launch(setup));
        }

        foreach (var agent in agents)
        {
            await agent.ReadyAsync();
        }

        hosts = setups.ToDictionary(one => one.Name, one => one.Setup.Address);
        proxy = await RunningProxy.StartJobsAsync(folder, LoopbackAddress.Next(), hosts);
    }

    private AgentSetup Setup(string name) => new AgentSetup(folder.Path) { Commands = name == Full ? $"check = sh -c 'echo {Complaint}; exit 1'" : "check = echo all is well" }
        .WithGroup("site", name == Broken ? origin!.Big + "late/" : origin!.Site, "--archive", "--delete");

    /// <summary>The origin has something new, and two hosts something that it has not.</summary>
    private async Task MoveOnAsync()
    {
        await File.WriteAllTextAsync(folder["origin/site/new.html"], "new");
        foreach (string name in new[] { "web-038", "web-039" })
        {
            Directory.CreateDirectory(At(name).Setup.Target("site/uploads"));
            for (int upload = 1; upload <= 5; upload++)
            {
                await File.WriteAllTextAsync(At(name).Setup.Target(string.Create(CultureInfo.InvariantCulture, $"site/uploads/{upload}")), name[..3]);
            }
        }
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"web-{number:000}");

    private RunningAgent At(string name) => agents[int.Parse(name.AsSpan(4), CultureInfo.InvariantCulture) - 1];

    private Task<ProgramRun> ClientAsync(string order, string what) =>
        ProgramRun.RunAsync(["client", order, what, "--via", proxy!.Address, "--group", "all"], new Dictionary<string, string?> { ["XDG_STATE_HOME"] = folder["state"], ["HOME"] = folder.Path });
}
