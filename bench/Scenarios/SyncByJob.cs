using System.Globalization;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>A sync as a job, from the client's start to its end, beside rsync alone: a large tree of which little has changed.</summary>
internal static class SyncByJob
{
    private const string Name = "sync";
    private const int Folders = 500;
    private const int FilesEach = 100;
    private const int Changes = 2000;
    private const double MostRatio = 1.05;

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        string tree = scene.Place("tree");
        Fill(tree, _ => true, 2000, scene.Stop);
        File.WriteAllBytes(Path.Combine(tree, "index.html"), new byte[2000]); // at the top, as nearly every tree has one: docs/configuration.md, count_first
        var origin = Origin.Start(scene, tree);
        var free = Agent.StartAll(scene, 1, origin.Url, Guarding.Nothing)[0];
        var glancing = Agent.StartAll(scene, 1, origin.Url, Guarding.Glances)[0];
        var guarded = Agent.StartAll(scene, 1, origin.Url, Guarding.Counts)[0];
        string beside = scene.Place("beside");
        foreach (string target in new[] { free.Target, glancing.Target, guarded.Target, beside })
        {
            scene.Time([.. origin.RsyncTo(target, dryRun: false)]);
        }

        string[] copy = [.. origin.RsyncTo(beside, dryRun: false, ["--archive"])];
        string[] sync = [.. origin.RsyncTo(beside, dryRun: false)];
        var samples = InTurn.Measure(
            rounds,
            () => Measured(free.Target, () => scene.TimeJob("rsync tree", free)),
            () => Measured(beside, () => scene.Time(copy)),
            () => Measured(glancing.Target, () => scene.TimeJob("rsync tree", glancing)),
            () => Measured(beside, () => scene.Time(sync)),
            () => Measured(guarded.Target, () => scene.TimeJob("rsync tree", guarded)),
            () => Measured(beside, () => scene.Time([.. origin.RsyncTo(beside, dryRun: true)]) + scene.Time(sync)));
        string what = $"{Folders * FilesEach} files, {Changes} changed";
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Row($"{what}, nothing to guard", samples[0], "rsync --archive", samples[1]),
            Row($"{what}, limits none", samples[2], "rsync --archive --delete", samples[3]),
            Row($"{what}, guarded", samples[4], "its dry run, then rsync", samples[5]),
        ]);

        double Measured(string target, Func<double> measure)
        {
            Fill(target, number => number % (Folders * FilesEach / Changes) == 0, 1000, scene.Stop);
            scene.Time(Scene.Program("sync")); // else whoever first asks for something to be on disk waits for what was written here
            double took = measure();
            return Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).All(file => new FileInfo(file).Length == 2000)
                ? took
                : throw new BenchError("a file is not as the origin has it");
        }
    }

    private static Figure Row(string name, Sample ours, string peerName, Sample peer) => new(Name, name, "ms", ours)
    {
        PeerName = peerName,
        Peer = peer,
        Target = new Target(MostRatio, OfRatio: true),
        Note = "the same rsync, options and origin, but that deploy adds --sockopts=TCP_NODELAY; deploy from the client's start until it has told how the job ended",
    };

    /// <summary>Writes those of the tree's files that are chosen by number, so many bytes each.</summary>
    private static void Fill(string tree, Func<int, bool> choose, int bytes, CancellationToken cancellationToken)
    {
        for (int folder = 0; folder < Folders; folder++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = Directory.CreateDirectory(Path.Combine(tree, string.Create(CultureInfo.InvariantCulture, $"section-{folder:000}"))).FullName;
            for (int file = 0; file < FilesEach; file++)
            {
                if (choose((folder * FilesEach) + file))
                {
                    File.WriteAllBytes(Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"page-{file:000}.html")), new byte[bytes]);
                }
            }
        }
    }
}
