using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>A proxy and a few agents, all published binaries with state of their own, and the origin that they read; each can be killed and started again as the same.</summary>
internal sealed class FaultFleet : IAsyncDisposable
{
    /// <summary>Commands of every agent.</summary>
    private const string Commands = "hello = echo hello\nfails = false\nwait = sleep 600\nnap = sleep 1";

    private readonly string proxyAddress = LoopbackAddress.Next();
    private readonly AgentSetup[] setups;
    private readonly RunningAgent?[] agents;
    private readonly string proxyLines;
    private readonly PrivateNetwork? network;
    private readonly IReadOnlyDictionary<string, string?> environment;

    private FaultFleet(TempFolder folder, TestOrigin origin, int count, string proxyLines, PrivateNetwork? network, IReadOnlyDictionary<string, string?> environment)
    {
        (Folder, Origin, this.proxyLines, this.network, this.environment) = (folder, origin, proxyLines, network, environment);
        setups = [.. Enumerable.Range(0, count).Select(_ => new AgentSetup(folder.Path) { Commands = Commands, Environment = environment }
            .WithGroup("site", origin.Site)
            .WithGroup("slow", origin.Big, TestOrigin.Slowly(400)))];
        agents = new RunningAgent?[count];
        ProxyApi = new JobsApi(proxyAddress, 3441, network);
        AgentApis = [.. setups.Select(setup => new JobsApi(setup.Address, 3440, network))];
    }

    public TempFolder Folder { get; }

    public TestOrigin Origin { get; }

    /// <summary>All hosts, as a document names them.</summary>
    public string Hosts => $"a[1-{setups.Length}]";

    public int Count => setups.Length;

    public JobsApi ProxyApi { get; }

    public IReadOnlyList<JobsApi> AgentApis { get; }

    public RunningProxy? Proxy { get; private set; }

    public string ProxyAddress => proxyAddress;

    /// <summary>An agent by its place from 0, or null while it is down.</summary>
    public RunningAgent? Agent(int place) => agents[place];

    public AgentSetup Setup(int place) => setups[place];

    /// <summary>Starts the origin, the agents and the proxy.</summary>
    /// <param name="folder">The test's.</param>
    /// <param name="count">Agents, a1 and on.</param>
    /// <param name="proxyLines">Further lines of the proxy's table.</param>
    /// <param name="bigBytes">Size of the large file.</param>
    /// <param name="network">Where all of it is; null is this process's.</param>
    /// <param name="environment">Of the proxy and the agents, over this process's.</param>
    public static async Task<FaultFleet> StartAsync(TempFolder folder, int count, string proxyLines = "", long bigBytes = 1_000_000, PrivateNetwork? network = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var fleet = new FaultFleet(folder, Within(network, () => TestOrigin.Start(folder, bigBytes)), count, proxyLines, network, environment ?? new Dictionary<string, string?>());
        try
        {
            for (int place = 0; place < count; place++)
            {
                await fleet.StartAgentAsync(place);
            }

            await fleet.StartProxyAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an agent that is down.</summary>
    public async Task StartAgentAsync(int place)
    {
        Assert.Null(agents[place]);
        agents[place] = Within(network, () => RunningAgent.Launch(setups[place]));
        await agents[place]!.ReadyAsync();
    }

    /// <summary>kill -9; what it started lives on until its next start.</summary>
    public async Task KillAgentAsync(int place)
    {
        var agent = agents[place]!;
        agents[place] = null;
        await agent.KillAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task StopAgentAsync(int place)
    {
        var agent = agents[place]!;
        agents[place] = null;
        Assert.Equal(0, await agent.StopAsync());
        await agent.DisposeAsync();
    }

    public async Task StartProxyAsync()
    {
        Assert.Null(Proxy);
        Proxy = Within(network, () => RunningProxy.LaunchJobs(Folder, proxyAddress, setups.Select((setup, place) => ($"a{place + 1}", setup.Address)).ToDictionary(), proxyLines, environment));
        await Proxy.ReadyAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillProxyAsync()
    {
        var proxy = Proxy!;
        Proxy = null;
        await proxy.KillAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task StopProxyAsync()
    {
        var proxy = Proxy!;
        Proxy = null;
        Assert.Equal(0, await proxy.StopAsync());
        await proxy.DisposeAsync();
    }

    /// <summary>Nothing that any agent started runs any more.</summary>
    public Task NoChildrenAsync() => Eventually.TrueAsync(
        () => setups.All(setup => ProcFacts.WithArgument(setup.Targets).Count == 0),
        () => string.Join('\n', setups.SelectMany(setup => ProcFacts.WithArgument(setup.Targets)).Select(ProcFacts.Arguments)));

    /// <summary>Every file below a target of an agent, with what is in it, is what the origin has; nothing else is there.</summary>
    public void TargetIsOrigin(int place, string group, string originFolder)
    {
        string target = setups[place].Target(group), source = Folder["origin/" + originFolder];
        static string[] Names(string root) => [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(source), Names(target));
        Assert.All(Names(source).Where(name => File.Exists(Path.Combine(source, name))), name => Assert.True(File.ReadAllBytes(Path.Combine(source, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(target, name))), name));
    }

    private static T Within<T>(PrivateNetwork? network, Func<T> what) => network is null ? what() : network.Run(what);

    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        foreach (var agent in agents)
        {
            if (agent is not null)
            {
                await agent.DisposeAsync();
            }
        }

        // What a killed agent left and no next one stopped.
        foreach (int pid in setups.SelectMany(setup => ProcFacts.WithArgument(setup.Root)))
        {
            _ = Libc.kill(pid, Libc.SIGKILL);
        }

        ProxyApi.Dispose();
        foreach (var api in AgentApis)
        {
            api.Dispose();
        }

        Origin.Dispose();
    }
}
