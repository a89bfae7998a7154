using System.Net;
using Deploy.Jobs.Commands;
using Deploy.Model.Hosts;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Agent;
using Deploy.Modes.Proxy;
using Deploy.Protocol.V1;

namespace Deploy.Tests.Fixtures;

/// <summary>Agents in this process, <c>web-001</c> and so on, each with an address and a state directory of its own, and one proxy that asks them by v1.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static int fleets; // tests run side by side in this process

    private readonly int number = Interlocked.Increment(ref fleets);
    private readonly TempFolder folder = new();
    private readonly V1Wire wire = new(TimeProvider.System);
    private readonly List<AgentDaemon?> agents = [];
    private readonly List<AgentSettings> settings = [];
    private ProxySettings proxySettings = null!;

    private Fleet()
    {
    }

    public ProxyDaemon Proxy { get; private set; } = null!;

    public ListLog ProxyLog { get; } = new();

    public ListLog AgentLog { get; } = new();

    /// <summary>All hosts, folded.</summary>
    public string Hosts { get; private set; } = string.Empty;

    /// <summary>The proxy's jobs, across the wire.</summary>
    public V1Client Jobs => new(wire, new V1Peer("proxy", Proxy.Bound[0].Address.ToString(), Proxy.Bound[0].Port));

    /// <summary>Starts one; the agents know the commands <c>true</c>, <c>false</c>, <c>say</c> (its argument) and <c>sleep</c> (so many seconds).</summary>
    /// <param name="count">How many agents.</param>
    /// <param name="agent">Changes an agent's settings, by its number from 1; null leaves them.</param>
    /// <param name="proxy">Changes the proxy's; null leaves them.</param>
    public static async Task<Fleet> StartAsync(int count, Func<int, AgentSettings, AgentSettings>? agent = null, Func<ProxySettings, ProxySettings>? proxy = null)
    {
        var fleet = new Fleet();
        for (int place = 0; place < count; place++)
        {
            var own = fleet.Agent(place + 1);
            fleet.settings.Add(agent?.Invoke(place + 1, own) ?? own);
            fleet.agents.Add(null);
            await fleet.StartAgentAsync(place);
        }

        var hosts = fleet.agents.Select((one, place) => new ProxyHost { Name = Name(place), Address = one!.Bound[0].Address.ToString(), Port = one.Bound[0].Port, Wire = HostWire.V1 }).ToList();
        fleet.Hosts = HostFold.Fold(hosts.Select(host => host.Name));
        var settings = new ProxySettings
        {
            UnsignedLoopback = true, // their subject is not who may
            Listen = [new IPEndPoint(IPAddress.Parse($"127.15.255.{1 + (fleet.number % 250)}"), ProxySettings.DefaultPort)],
            AllowedHosts = ["127.0.0.1"],
            Hosts = hosts.ToDictionary(host => host.Name, HostName.Comparer),
            Groups = new Dictionary<string, HostSet> { ["web"] = HostSet.Of(hosts.Select(host => host.Name)) },
        };
        fleet.proxySettings = proxy?.Invoke(settings) ?? settings;
        await fleet.StartProxyAsync();
        return fleet;
    }

    /// <summary>The name of the host at a place.</summary>
    public static string Name(int place) => $"web-{place + 1:000}";

    /// <summary>A job on all of them, or some.</summary>
    public JobSpec Exec(string command, string? hosts = null, params string[] arguments) => new()
    {
        Id = JobId.New(DateTimeOffset.UtcNow),
        Order = Order.Exec,
        Hosts = hosts ?? Hosts,
        Command = command,
        Arguments = arguments.Length == 0 ? null : arguments,
    };

    /// <summary>Hands it in at the proxy.</summary>
    public async Task<Submission> SubmitAsync(JobSpec spec) => await Jobs.SubmitAsync(JobDocument.Of(spec), new Asker("test", null), CancellationToken.None);

    /// <summary>Where an agent listens.</summary>
    public IPEndPoint AgentAt(int place) => settings[place].Listen[0];

    /// <summary>Waits for its end, and gives how its hosts stand.</summary>
    public async Task<IReadOnlyList<HostStanding>> EndAsync(JobId id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await Jobs.FindAsync(id, limit.Token))!.Ended is null)
        {
            await Task.Delay(20, limit.Token);
        }

        return (await Jobs.HostsAsync(id, [], null, limit.Token))!.Items;
    }

    /// <summary>Starts an agent anew, where it was and with what it had.</summary>
    public async Task StartAgentAsync(int place)
    {
        var agent = new AgentDaemon(settings[place], Directory.CreateDirectory(folder[Name(place)]).FullName, TimeProvider.System, AgentLog);
        agents[place] = agent;
        await agent.StartAsync(null, CancellationToken.None);
        settings[place] = settings[place] with { Listen = agent.Bound }; // the same port the next time
    }

    /// <summary>Stops one at once.</summary>
    public async Task StopAgentAsync(int place)
    {
        await StopAsync(agents[place]!);
        agents[place] = null;
    }

    /// <summary>Stops the proxy at once, as a kill does as far as its hosts are concerned, and starts it anew.</summary>
    public async Task RestartProxyAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await Proxy.StopAsync(now.Token);
        await Proxy.DisposeAsync();
        await StartProxyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        wire.Dispose();
        await Proxy.StopAsync(now.Token);
        await Proxy.DisposeAsync();
        await Task.WhenAll(agents.Where(agent => agent is not null).Select(agent => StopAsync(agent!)));
        folder.Dispose();
    }

    private static async Task StopAsync(AgentDaemon agent)
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await agent.StopAsync(now.Token);
        await agent.DisposeAsync();
    }

    private async Task StartProxyAsync()
    {
        Proxy = new ProxyDaemon(proxySettings, Directory.CreateDirectory(folder["proxy"]).FullName, TimeProvider.System, ProxyLog);
        await Proxy.StartAsync(null, CancellationToken.None);
        proxySettings = proxySettings with { Listen = Proxy.Bound };
    }

    /// <summary>A script that prints <c>tick</c> until it is stopped.</summary>
    private string Ticks()
    {
        string path = folder["ticks"];
        if (!File.Exists(path))
        {
            File.WriteAllText(path, "#!/bin/sh\nwhile :; do echo tick; sleep 0.05; done\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    private AgentSettings Agent(int one) => new()
    {
        UnsignedLoopback = true,
        Names = [Name(one - 1)],
        Listen = [new IPEndPoint(IPAddress.Parse($"127.15.{number % 250}.{1 + (one % 250)}"), AgentSettings.DefaultPort)],
        AllowedHosts = ["127.0.0.1"],
        KeyCipher = new Secret(AgentFixture.Key),
        AllowedPaths = [folder.Path],
        Commands = new[] { ("true", "/bin/true"), ("false", "/bin/false"), ("say", "/bin/echo %s"), ("sleep", "/bin/sleep %s"), ("ticks", Ticks()) }
            .ToDictionary(command => command.Item1, command => CommandEntry.Parse(command.Item1, command.Item2)),
    };
}
