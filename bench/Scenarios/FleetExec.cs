using System.Globalization;
using Deploy.Bench.Fleet;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Scenarios;

/// <summary>One exec job on 2,000 agents, 100 to a process, through one proxy: when the last host has ended as a watcher sees it, and what that takes.</summary>
internal static class FleetExec
{
    private const string Name = "fleet";
    private const int Processes = 20;
    private const int Each = 100;
    private const double MostSeconds = 4;
    private const double MostPeak = 120; // MiB
    private const string Note = "2,000 agents as objects in 20 processes of this program, not 2,000 programs; all on this machine, with the proxy and the watcher";

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var hosts = new Dictionary<string, string>();
        var waits = new List<(Command Command, string Log)>();
        for (int number = 0; number < Processes; number++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"127.{60 + number}.{Environment.ProcessId % 250}");
            string log = scene.Place($"agents-{number}.log");
            var words = Scene.Self(AgentProcess.Word, prefix, Each.ToString(CultureInfo.InvariantCulture), scene.Place($"agents-{number}"));
            waits.Add((scene.Start(log, words), log));
            for (int one = 0; one < Each; one++)
            {
                hosts.Add(string.Create(CultureInfo.InvariantCulture, $"n-{(number * Each) + one + 1:0000}"), AgentProcess.AddressOf(prefix, one));
            }
        }

        foreach (var (command, log) in waits)
        {
            WaitUntilReady(scene, command, log);
        }

        var proxy = Proxy.StartV1(scene, hosts, AgentProcess.Port);
        using var wire = new V1Wire(TimeProvider.System);
        var client = new V1Client(wire, new V1Peer("proxy", proxy.Address, 3441));
        string all = $"n-[0001-{Processes * Each:0000}]";
        await FleetJob.RunAsync(client, all, hosts.Count, scene.Stop); // does not count
        var jobs = new List<FleetJob>();
        var processor = proxy.Processor;
        for (int round = 0; round < rounds; round++)
        {
            jobs.Add(await FleetJob.RunAsync(client, all, hosts.Count, scene.Stop));
        }

        double spent = (proxy.Processor - processor) / rounds / TimeSpan.FromSeconds(1);
        return
        [
            new(Name, $"exec, {hosts.Count} hosts, last end", "s", Of(jobs, job => job.Time.TotalSeconds)) { Target = new Target(MostSeconds, OfRatio: false), Note = Note },
            new(Name, "the proxy, at most", "MiB", new Sample([proxy.Peak])) { Target = new Target(MostPeak, OfRatio: false) },
            new(Name, "the proxy's processor time, a job", "s", new Sample([spent])),
            new(Name, "to one watcher", "events/s", Of(jobs, job => job.Events / job.Time.TotalSeconds)),
            new(Name, "to one watcher, bytes", "KiB/s", Of(jobs, job => job.Bytes / 1024.0 / job.Time.TotalSeconds)),
        ];
    }

    private static Sample Of(List<FleetJob> jobs, Func<FleetJob, double> figure) => new([.. jobs.Select(figure)]);

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
