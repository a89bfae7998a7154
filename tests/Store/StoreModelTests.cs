using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>Random operations against a model, in a file that is closed and opened now and then, and reading while it is written.</summary>
public sealed class StoreModelTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task After_any_operations_the_store_says_what_the_model_says()
    {
        for (int seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            string path = folder[$"jobs-{seed}.db"];
            var jobs = new List<(StoredJob Job, HostStanding[] Hosts, Dictionary<string, string> Logs)>();
            var leases = new SortedDictionary<string, Lease>(StringComparer.Ordinal);
            var store = Samples.Open(path, time: new Logs.SetTime(Samples.Start));
            try
            {
                var waiting = new List<Task>();
                for (int turn = 0; turn < 400; turn++)
                {
                    int at = jobs.Count == 0 ? 0 : random.Next(jobs.Count);
                    switch (random.Next(20))
                    {
                        case < 3:
                            string[] hosts = Samples.Hosts(random.Next(1, 30));
                            var job = Samples.Job(Samples.Start.AddSeconds(random.Next(5)), (Order)random.Next(5));
                            jobs.Add((job, [.. hosts.Select(host => new HostStanding { Host = host, State = HostState.Queued })], []));
                            waiting.Add(store.AddAsync(job, hosts));
                            break;
                        case < 14 when jobs.Count > 0:
                            var (of, standings, logs) = jobs[at];
                            int place = random.Next(standings.Length);
                            var (digest, content) = Samples.Changes($"shape {random.Next(3)}");
                            var standing = Samples.Ended(standings[place].Host, (HostState)random.Next(13), standings[place].Rev + 1) with { Shape = random.Next(3) == 0 ? null : digest };
                            standings[place] = standing;
                            bool prints = random.Next(3) == 0;
                            if (prints)
                            {
                                logs[standing.Host] = $"line {turn}";
                            }

                            waiting.Add(store.SaveAsync(of.Id, place, standing, content, prints ? [new LogLine("stdout", $"line {turn}")] : []));
                            break;
                        case < 17 when jobs.Count > 0:
                            var state = (JobState)random.Next(6);
                            var moved = jobs[at].Job with { State = state, Ended = state.IsTerminal() ? Samples.Start : null, Reason = $"turn {turn}", Started = Samples.Start.AddSeconds(turn) };
                            jobs[at] = (moved, jobs[at].Hosts, jobs[at].Logs);
                            waiting.Add(store.SaveAsync(moved.Id, moved.State, moved.Reason, moved.Started, moved.Ended));
                            break;
                        case 17 when jobs.Count > 0:
                            var holder = jobs[at].Job.Id;
                            var lease = random.Next(2) == 0 ? null : new Lease { What = $"{turn}", Job = holder, Hosts = "a", Since = Samples.Start, Expires = Samples.Start };
                            leases.Remove(holder.ToString());
                            if (lease is not null)
                            {
                                leases.Add(holder.ToString(), lease);
                            }

                            waiting.Add(store.SaveAsync(holder, lease));
                            break;
                        case 18:
                            await Task.WhenAll(waiting);
                            waiting.Clear();
                            break;
                        case 19 when random.Next(4) == 0:
                            await store.DisposeAsync();
                            store = Samples.Open(path, time: new Logs.SetTime(Samples.Start));
                            break;
                    }
                }

                await Task.WhenAll(waiting);
                foreach (var (job, hosts, logs) in jobs)
                {
                    Samples.Same(job, store.Find(job.Id));
                    Assert.Equal(hosts, store.Hosts(job.Id, [], 0, 100).Select(host => host.Standing));
                    Assert.Equal(hosts.GroupBy(host => host.State).ToDictionary(group => group.Key, group => group.Count()), store.Counts(job.Id));
                    Assert.All(hosts, host => Assert.Equal(logs.TryGetValue(host.Host, out string? text) ? [text] : [], store.Log(job.Id, host.Host)!.Select(line => line.Text)));
                    Assert.Equal(
                        hosts.Where(host => host.Shape is not null).GroupBy(host => host.Shape!).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count())),
                        store.Shapes(job.Id).Select(shape => (shape.Digest, shape.HostCount)));
                }

                Assert.Equal(jobs.Where(job => !job.Job.State.IsTerminal()).Select(job => job.Job.Id).ToHashSet(), store.Unfinished().Select(job => job.Id).ToHashSet());
                Assert.Equal(leases.Values, store.Leases());
            }
            finally
            {
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Readers_see_whole_jobs_while_they_are_written()
    {
        await using var store = Samples.Open(folder["jobs.db"]);
        var job = Samples.Job();
        string[] hosts = Samples.Hosts(300);
        await store.AddAsync(job, hosts);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int reads = 0;
            for (int ok = 0; !done.IsCancellationRequested || reads < 3; reads++)
            {
                var counts = store.Counts(job.Id);
                Assert.Equal(hosts.Length, counts.Values.Sum());
                Assert.True(counts.GetValueOrDefault(HostState.Ok) >= ok, "what was ok is not any more");
                ok = counts.GetValueOrDefault(HostState.Ok);
                Assert.All(store.List(new JobQuery(), 100).Items, other => Assert.Equal(hosts.Length, store.Counts(other.Id).Values.Sum()));
            }
        })).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, hosts.Length), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (place, _) =>
        {
            await store.SaveAsync(job.Id, place, Samples.Ended(hosts[place]), null, []);
            if (place % 20 == 0)
            {
                await store.AddAsync(Samples.Job(), hosts);
            }
        });
        await done.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1));
    }
}
