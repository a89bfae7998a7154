using System.Globalization;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>A preview with very many names: rsync's own dry run is the least that it can take, what comes on top is ours.</summary>
internal static class Rlist
{
    private const int Folders = 200;
    private const int FilesEach = 1000;
    private const double MostRatio = 1.25;
    private const double MostGrowth = 100; // MiB; said as 100 MB

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        string tree = scene.Place("tree");
        MakeTree(tree, scene.Stop);
        var origin = Origin.Start(scene, tree);
        var agents = Agent.StartAll(scene, 1, origin.Url);
        scene.TimeClient("exec true", agents); // what a first order costs is no name's
        double before = agents[0].Resident;
        agents[0].ForgetPeak();
        var samples = InTurn.Measure(rounds, () => scene.TimeClient("rlist tree", agents), () => scene.Time([.. origin.RsyncTo(agents[0].Target, dryRun: true)]));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new("rlist", "200,000 changes", "ms", samples[0])
            {
                PeerName = "rsync --dry-run",
                Peer = samples[1],
                Target = new Target(MostRatio, OfRatio: true),
                Note = "the same options, its output thrown away; deploy reads it, sends it as JSON and prints it",
            },
            new("rlist", "the agent's growth, at most", "MiB", new Sample([agents[0].Peak - before])) { Target = new Target(MostGrowth, OfRatio: false) },
        ]);
    }

    private static void MakeTree(string tree, CancellationToken cancellationToken)
    {
        for (int folder = 0; folder < Folders; folder++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = Directory.CreateDirectory(Path.Combine(tree, string.Create(CultureInfo.InvariantCulture, $"section-{folder:000}"))).FullName;
            for (int file = 0; file < FilesEach; file++)
            {
                File.WriteAllBytes(Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"page-{file:0000}-of-the-site.html")), new byte[file % 7]);
            }
        }
    }
}
