using System.Diagnostics;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Store;

/// <summary>A process that writes a store until it is killed, and says what was acknowledged; and one that measures.</summary>
internal static class StoreWriterProcess
{
    public const int HostCount = 40;

    /// <summary>Writes <c>job ID</c>, then <c>PLACE REV</c> for each standing that is on disk, without end.</summary>
    public static async Task WriteAsync(string path)
    {
        await using var store = Samples.Open(path);
        var job = Samples.Job();
        string[] hosts = Samples.Hosts(HostCount);
        await store.AddAsync(job, hosts);
        await Console.Out.WriteLineAsync($"job {job.Id}");
        var (digest, content) = Samples.Changes(new byte[3000]);
        await Task.WhenAll(hosts.Select(async (host, place) =>
        {
            for (long rev = 1; ; rev++)
            {
                await store.SaveAsync(job.Id, place, Samples.Ended(host, HostState.Running, rev) with { Shape = digest }, content, [new LogLine("stdout", $"rev {rev}")]);
                await Console.Out.WriteLineAsync($"{place} {rev}");
            }
        }));
    }

    /// <summary>A rollout on 2,000 hosts: how long it takes to be accepted, and three states of each host, 256 at a time.</summary>
    public static async Task MeasureAsync(string path)
    {
        await using var store = Samples.Open(path);
        for (int round = 0; round < 3; round++)
        {
            var job = Samples.Job();
            string[] hosts = Samples.Hosts(2000);
            var watch = Stopwatch.StartNew();
            await store.AddAsync(job, hosts);
            var added = watch.Elapsed;
            watch.Restart();
            await Parallel.ForEachAsync(Enumerable.Range(0, hosts.Length), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (place, _) =>
            {
                await store.SaveAsync(job.Id, place, new HostStanding { Host = hosts[place], State = HostState.Connecting, Rev = 1 }, null, []);
                await store.SaveAsync(job.Id, place, new HostStanding { Host = hosts[place], State = HostState.Running, Rev = 2 }, null, []);
                await store.SaveAsync(job.Id, place, Samples.Ended(hosts[place]), null, [new LogLine("stderr", "done")]);
            });
            var saved = watch.Elapsed;
            watch.Restart();
            int read = store.Hosts(job.Id, [], 0, 2000).Count + store.Shapes(job.Id).Count + store.Counts(job.Id).Count;
            Console.WriteLine(
                $"added 2000 hosts in {added.TotalMilliseconds:0} ms; 6000 states in {saved.TotalMilliseconds:0} ms, {6000 / saved.TotalSeconds:0}/s; read {read} rows in {watch.Elapsed.TotalMilliseconds:0} ms; CPU {Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds:0} ms; {new FileInfo(path).Length} bytes");
        }
    }
}
