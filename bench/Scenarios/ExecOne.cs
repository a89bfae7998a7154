using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>The cost of one order: the client's start, the wire, the agent, its child, and back.</summary>
internal static class ExecOne
{
    private const double MostRatio = 4; // to the client's bare start and the command's own run

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var agents = Agent.StartAll(scene, 1);
        var samples = InTurn.Measure(rounds, () => scene.TimeClient("exec true", agents), () => scene.Time(scene.Binary, "--version") + scene.Time(Scene.Program("true")));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new("exec", "1 host", "ms", samples[0])
            {
                PeerName = "--version, then true",
                Peer = samples[1],
                Target = new Target(MostRatio, OfRatio: true),
                Note = "the other is what cannot be saved: the client has to start, and the command to run",
            },
        ]);
    }
}
