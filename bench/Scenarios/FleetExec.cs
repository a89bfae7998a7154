using Deploy.Bench.Fleet;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;
using Deploy.Protocol.V1;

namespace Deploy.Bench.Scenarios;

/// <summary>One exec job on 2,000 agents, 100 to a process, through one proxy: when the last host has ended as a watcher sees it, what that takes, and what a kill of the proxy costs.</summary>
internal static class FleetExec
{
    private const string Name = "fleet";
    private const double MostSeconds = 4;
    private const double MostSecondsKilled = 15;
    private const double MostPeak = 120; // MiB
    private const double MostOthers = 10; // KiB/s
    private const string Note = "2,000 agents as objects in 20 processes of this program, not 2,000 programs; all on this machine, with the proxy and the watcher";
    private const string Disks = "the agents' states are in memory, since 2,000 hosts have 2,000 disks; the proxy's is on this one";

    public static async Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var agents = FleetAgents.Start(scene, scene.InMemory);
        int count = agents.Hosts.Count;
        var proxy = Proxy.StartV1(scene, agents.Hosts, AgentProcess.Port);
        using var wire = new V1Wire(TimeProvider.System);
        var client = new V1Client(wire, new V1Peer("proxy", proxy.Address, 3441));
        await FleetJob.RunAsync(client, agents.All, count, scene.Stop); // does not count
        var jobs = new List<FleetJob>();
        var processor = proxy.Processor;
        for (int round = 0; round < rounds; round++)
        {
            jobs.Add(await FleetJob.RunAsync(client, agents.All, count, scene.Stop));
        }

        double spent = (proxy.Processor - processor) / rounds / TimeSpan.FromSeconds(1);
        double peak = proxy.Peak;
        var killed = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            killed.Add((await FleetKill.RunAsync(proxy, client, agents.All, count, scene.Stop)).TotalSeconds);
        }

        return
        [
            new(Name, $"exec, {count} hosts, last end", "s", Of(jobs, job => job.Time.TotalSeconds)) { Target = new Target(MostSeconds, OfRatio: false), Note = $"{Note}; {Disks}" },
            new(Name, "the proxy, at most", "MiB", new Sample([peak])) { Target = new Target(MostPeak, OfRatio: false) },
            new(Name, "the proxy's processor time, a job", "s", new Sample([spent])),
            new(Name, "to one watcher", "KiB/s", Of(jobs, job => job.Bytes / 1024.0 / job.Time.TotalSeconds)),
            new(Name, "to one watcher, besides host states", "KiB/s", Of(jobs, job => job.OtherBytes / 1024.0 / job.Time.TotalSeconds)) { Target = new Target(MostOthers, OfRatio: false) },
            new(Name, "the proxy killed half way, until all have ended", "s", new Sample(killed)) { Target = new Target(MostSecondsKilled, OfRatio: false) },
        ];
    }

    private static Sample Of(List<FleetJob> jobs, Func<FleetJob, double> figure) => new([.. jobs.Select(figure)]);
}
