using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>One client, one proxy, 200 agents' addresses, all of them answered by one agent process: what is measured is the relay, not 200 agents on one machine.</summary>
internal static class ThroughProxy
{
    private const string Name = "proxy";
    private const int Hosts = 200;
    private const double MostMilliseconds = 350;
    private const double MostPeak = 60; // MiB
    private const double MostProcessor = 0.05; // %: shows as 0.0
    private const string Note = "not the same work: it starts local processes and has no network, deploy goes to a proxy and from it over 200 connections to one agent process on 200 addresses, which starts them; each with its own default of how many at once";
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var (agent, addresses) = Agent.StartOnMany(scene, Hosts);
        var proxy = Proxy.Start(scene, addresses);
        string hosts = string.Join(',', addresses);
        string command = Scene.Program("true");
        var samples = InTurn.Measure(
            rounds,
            () => scene.Time(scene.Binary, "client", "--order=exec", "--options=true", $"--hosts={proxy.Address}", "--args=groups:all"),
            () => scene.Time(scene.Binary, "client", "exec", "true", "--hosts", hosts),
            () => scene.Time(Scene.Program("pdsh"), "-R", "exec", "-w", hosts, command),
            () => scene.Time(Scene.Program("clush"), "-R", "exec", "-w", hosts, command));
        double peak = proxy.Peak;
        var before = (Proxy: proxy.Processor, Agent: agent.Processor);
        await Task.Delay(IdleTime, scene.Stop);
        Target still = new(MostProcessor, OfRatio: false);
        string part = $"{Hosts} hosts";
        return
        [
            new(Name, part, "ms", samples[0]) { PeerName = "pdsh -R exec", Peer = samples[2], Target = new Target(MostMilliseconds, OfRatio: false), Note = Note },
            new(Name, part, "ms", samples[0]) { PeerName = "clush -R exec", Peer = samples[3] },
            new(Name, part, "ms", samples[0]) { PeerName = "without the proxy", Peer = samples[1] },
            new(Name, "the proxy, at most", "MiB", new Sample([peak])) { Target = new Target(MostPeak, OfRatio: false) },
            new(Name, "the proxy, idle", "%", new Sample([(proxy.Processor - before.Proxy) / IdleTime * 100])) { Target = still, Note = $"of one processor, over {IdleTime.TotalSeconds:0} s, which begin as the last order ends" },
            new(Name, "the agent, idle", "%", new Sample([(agent.Processor - before.Agent) / IdleTime * 100])) { Target = still },
        ];
    }
}
