using System.Diagnostics;
using Deploy.Bench.Report;
using Deploy.Bench.Stage;

namespace Deploy.Bench.Scenarios;

/// <summary>The main job: one tree, this repository without its tests, to many targets that have nothing yet.</summary>
internal static class DeployTree
{
    private const string Name = "deploy";
    private const int Hosts = 40;
    private const string Ended = " rsync tree from "; // of the log line at a job's end
    private static readonly string[] NotPut = ["artifacts", "out", ".git", "tests"];

    public static Task<IReadOnlyList<Figure>> RunAsync(Scene scene, int rounds)
    {
        string tree = scene.Place("tree");
        int files = CopyTree(tree);
        var origin = Origin.Start(scene, tree);
        var agents = Agent.StartAll(scene, Hosts, origin.Url);
        string targets = scene.Place("targets");
        File.WriteAllLines(targets, agents.Select(agent => agent.Target));
        string[] xargs = [Scene.Program("xargs"), "-a", targets, "-P", $"{Hosts}", "-I{}", .. origin.RsyncTo("{}", dryRun: false)];
        var samples = InTurn.Measure(rounds, () => Measured(() => Order(scene, agents)), () => Measured(() => scene.Time(xargs)));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            new(Name, $"{files} files, {Hosts} targets", "ms", samples[0])
            {
                PeerName = $"xargs -P {Hosts} rsync",
                Peer = samples[1],
                Note = "the same rsync, options and origin; deploy until every agent has logged that its sync has ended",
            },
        ]);

        double Measured(Func<double> measure)
        {
            foreach (var agent in agents.Where(agent => Directory.Exists(agent.Target)))
            {
                Directory.Delete(agent.Target, recursive: true);
            }

            double took = measure();
            return agents.All(agent => Directory.EnumerateFiles(agent.Target, "*", SearchOption.AllDirectories).Count() == files)
                ? took
                : throw new BenchError("a target does not have every file");
        }
    }

    /// <summary>The order, and the wait for the syncs that go on behind it.</summary>
    private static double Order(Scene scene, IReadOnlyList<Agent> agents)
    {
        int[] before = [.. agents.Select(agent => agent.Lines(Ended))];
        long start = Stopwatch.GetTimestamp();
        scene.TimeClient("rsync tree", agents);
        for (int at = 0; at < agents.Count; at++)
        {
            agents[at].WaitForLines(scene, Ended, before[at] + 1, Scene.Limit);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Copies what is to be put out; how many files it is.</summary>
    private static int CopyTree(string tree)
    {
        string root = Environment.CurrentDirectory;
        string[] files = [.. Directory.EnumerateFileSystemEntries(root).Where(entry => !NotPut.Contains(Path.GetFileName(entry)))
            .SelectMany(entry => Directory.Exists(entry) ? Directory.EnumerateFiles(entry, "*", SearchOption.AllDirectories) : [entry])];
        foreach (string file in files)
        {
            string copy = Path.Combine(tree, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return files.Length;
    }
}
