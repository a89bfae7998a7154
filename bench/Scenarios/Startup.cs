using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>What starting costs: the binary's own start, and the memory of an agent that has served nothing.</summary>
internal static class Startup
{
    private const string Name = "startup";
    private const double MostResident = 20; // MiB
    private const int Settling = 500; // ms from its first accept to the look at its memory

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        var samples = InTurn.Measure(rounds, () => scene.Time(scene.Binary, "--version"), () => scene.Time(Scene.Program("true")));
        var agent = Agent.StartAll(scene, 1)[0];
        Thread.Sleep(Settling);
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new(Name, "deploy --version", "ms", samples[0]) { PeerName = "true", Peer = samples[1], Note = "true is what starting any process costs here" },
            new(Name, "resident, fresh agent", "MiB", new Sample([agent.Resident])) { Target = new Target(MostResident, OfRatio: false) },
        ]);
    }
}
