using System.Globalization;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Fleet;

/// <summary>2,000 agents, 100 to a process of this program.</summary>
/// <param name="Hosts">Their addresses, by name: <c>n-0001</c> and so on.</param>
internal sealed record FleetAgents(IReadOnlyDictionary<string, string> Hosts)
{
    private const int Processes = 20;
    private const int Each = 100;
    private const int FirstNetwork = 60; // 127.60.0.0/16: other scenarios' addresses lie below

    /// <summary>All of them, in one word.</summary>
    public string All => $"n-[0001-{Hosts.Count:0000}]";

    /// <summary>The name of an agent by its number among all, from 1.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"n-{number:0000}");

    /// <summary>Starts them and waits until all accept orders.</summary>
    /// <param name="scene">What stops them.</param>
    /// <param name="states">Where the folders with their states go.</param>
    /// <param name="keys">Theirs; null for agents that are asked plainly.</param>
    /// <exception cref="BenchError">A process ended or took too long.</exception>
    public static FleetAgents Start(Scene scene, string states, Keys? keys = null)
    {
        var hosts = new Dictionary<string, string>();
        var waits = new List<(Command Command, string Log)>();
        for (int number = 0; number < Processes; number++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"127.{FirstNetwork + number}.{Environment.ProcessId % 250}");
            string name = $"agents{(keys is null ? string.Empty : "-secure")}-{number}";
            string log = scene.Place(name + ".log");
            waits.Add((scene.Start(log, Scene.Self([AgentProcess.Word, prefix, ((number * Each) + 1).ToString(CultureInfo.InvariantCulture), Each.ToString(CultureInfo.InvariantCulture), Path.Combine(states, name), .. keys is null ? [] : new[] { keys.Folder }])), log));
            for (int one = 0; one < Each; one++)
            {
                hosts.Add(NameOf((number * Each) + one + 1), AgentProcess.AddressOf(prefix, one));
            }
        }

        foreach (var (command, log) in waits)
        {
            WaitUntilReady(scene, command, log);
        }

        return new FleetAgents(hosts);
    }

    private static void WaitUntilReady(Scene scene, Command command, string log)
    {
        long end = Environment.TickCount64 + 120_000;
        while (!File.ReadAllText(log).Contains(AgentProcess.Ready, StringComparison.Ordinal))
        {
            scene.Stop.ThrowIfCancellationRequested();
            if (!command.IsAlive || Environment.TickCount64 > end)
            {
                throw new BenchError($"a process of agents {(command.IsAlive ? "takes too long" : "ended")}; it said: {File.ReadAllText(log)}");
            }

            Thread.Sleep(20);
        }
    }
}
