using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>One client, many agents, each a process of its own: all of them on this one machine, so that the processor is what they fight for.</summary>
internal static class FanOut
{
    private const int Hosts = 200;
    private const double MostMilliseconds = 350;
    private const string Note = "not the same work: it starts local processes and has no network, deploy goes over 200 connections to 200 agents, which start them; each with its own default of how many at once";

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var agents = Agent.StartAll(scene, Hosts);
        string hosts = string.Join(',', agents.Select(agent => agent.Address));
        string command = Scene.Program("true");
        var samples = InTurn.Measure(
            rounds,
            () => scene.TimeClient("exec true", agents),
            () => scene.Time(Scene.Program("pdsh"), "-R", "exec", "-w", hosts, command),
            () => scene.Time(Scene.Program("clush"), "-R", "exec", "-w", hosts, command));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new("fanout", $"{Hosts} hosts", "ms", samples[0]) { PeerName = "pdsh -R exec", Peer = samples[1], Target = new Target(MostMilliseconds, OfRatio: false), Note = Note },
            new("fanout", $"{Hosts} hosts", "ms", samples[0]) { PeerName = "clush -R exec", Peer = samples[2] },
        ]);
    }
}
