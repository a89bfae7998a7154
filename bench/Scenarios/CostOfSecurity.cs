using Deploy.Bench.Fleet;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Scenarios;

/// <summary>TLS and signatures beside none, in the same rounds: the agent's processor time for one order on a new connection, and a job on 2,000 agents, whose connections are all new or all there.</summary>
internal static class CostOfSecurity
{
    private const string Name = "security";
    private const int Orders = 20; // of one sample: an order takes the agent a few ms
    private const double MostMore = 3; // ms of the agent's processor time
    private const double MostMoreEach = 2; // ms a host
    private const double MostKept = 1.5;
    private const double MostPeak = 250; // MiB

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var keys = Keys.Make(scene);
        var one = OneOrder(scene, keys, rounds);
        var fleet = await FleetAsync(scene, keys, rounds);
        return [.. one, .. fleet];
    }

    private static IEnumerable<Figure> OneOrder(Scene scene, Keys keys, int rounds)
    {
        var agent = Agent.StartSecure(scene, keys);
        double Spent(Func<double> order)
        {
            var before = agent.Processor;
            for (int count = 0; count < Orders; count++)
            {
                order();
            }

            return (agent.Processor - before).TotalMilliseconds / Orders;
        }

        var samples = InTurn.Measure(rounds, () => Spent(() => scene.TimeSigned("exec true", agent, keys)), () => Spent(() => scene.TimeClient("exec true", [agent])));
        yield return new(Name, "agent's processor time, an order", "ms", samples[0]) { PeerName = "plain legacy order", Peer = samples[1], Note = "each order by a client of its own: a handshake each; the secure one is a job that is kept and followed, too" };
        yield return new(Name, "the same, more than the plain one", "ms", samples[0].Minus(samples[1])) { Target = new Target(MostMore, OfRatio: false) };
    }

    private static async Task<IReadOnlyList<Figure>> FleetAsync(Scene scene, Keys keys, int rounds)
    {
        var plain = new Side(scene, FleetAgents.Start(scene, scene.InMemory), AgentProcess.Port, null);
        var secure = new Side(scene, FleetAgents.Start(scene, scene.InMemory, keys), AgentProcess.SecurePort, keys);
        using (plain)
        using (secure)
        {
            for (int round = -1; round < rounds; round++)
            {
                foreach (var side in round % 2 == 0 ? new[] { plain, secure } : [secure, plain])
                {
                    await side.RunAsync(counts: round >= 0);
                }
            }

            var (cold, coldPlain) = (new Sample([.. secure.Cold]), new Sample([.. plain.Cold]));
            return
            [
                new(Name, $"exec, {plain.Count} hosts, new connections", "s", cold) { PeerName = "plain v1", Peer = coldPlain, Note = "the proxy has just been started again; all on this machine, handshakes of 2,000 agents too" },
                new(Name, "the same, more than plain, a host", "ms", cold.Minus(coldPlain).Times(1000.0 / plain.Count)) { Target = new Target(MostMoreEach, OfRatio: false) },
                new(Name, $"exec, {plain.Count} hosts, kept connections", "s", new Sample([.. secure.Kept])) { PeerName = "plain v1", Peer = new Sample([.. plain.Kept]), Target = new Target(MostKept, OfRatio: true) },
                new(Name, "the proxy, at most", "MiB", new Sample([secure.Peak])) { PeerName = "plain v1", Peer = new Sample([plain.Peak]), Target = new Target(MostPeak, OfRatio: false) },
            ];
        }
    }

    /// <summary>A fleet behind its proxy, and what its jobs took.</summary>
    private sealed class Side : IDisposable
    {
        private readonly Scene scene;
        private readonly FleetAgents agents;
        private readonly Proxy proxy;
        private readonly V1Wire wire;

        public Side(Scene scene, FleetAgents agents, int port, Keys? keys)
        {
            (this.scene, this.agents) = (scene, agents);
            proxy = Proxy.StartV1(scene, agents.Hosts, port, keys);
            wire = keys?.Wire() ?? new V1Wire(TimeProvider.System);
        }

        public int Count => agents.Hosts.Count;

        /// <summary>Seconds to the last host's end, with connections that had to be made.</summary>
        public List<double> Cold { get; } = [];

        /// <summary>The same right after it.</summary>
        public List<double> Kept { get; } = [];

        /// <summary>Of the proxy in any round, MiB.</summary>
        public double Peak { get; private set; }

        public async Task RunAsync(bool counts)
        {
            proxy.KillAndStartAgain();
            var client = new V1Client(wire, new V1Peer("proxy", proxy.Address, 3441));
            double cold = (await FleetJob.RunAsync(client, agents.All, Count, scene.Stop)).Time.TotalSeconds;
            double kept = (await FleetJob.RunAsync(client, agents.All, Count, scene.Stop)).Time.TotalSeconds;
            Peak = Math.Max(Peak, proxy.Peak);
            if (counts)
            {
                Cold.Add(cold);
                Kept.Add(kept);
            }
        }

        public void Dispose() => wire.Dispose();
    }
}
