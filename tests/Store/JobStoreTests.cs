using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>What is kept is read again, from a file and in memory, and after it was opened again.</summary>
public sealed class JobStoreTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_and_its_hosts_come_back_as_they_were_kept(bool inMemory)
    {
        var job = Samples.Job();
        var other = Samples.Job(Samples.Start.AddSeconds(1), Order.Exec) with { Asker = new Asker("[::1]:5", null), Wire = "legacy", What = "uptime" };
        var ok = Samples.Ended("web-002");
        await using var store = Samples.Open(inMemory ? null : folder["jobs.db"]);

        await store.AddAsync(job, Samples.Hosts(3));
        await store.AddAsync(other, ["b", "a"]);
        await store.SaveAsync(job.Id, JobState.Running, "it runs", Samples.Start.AddSeconds(1), null);
        await store.SaveAsync(job.Id, 1, ok with { Progress = new HostProgress { BytesDone = 1, FilesDone = 1 } }, null, []);

        Samples.Same(job with { State = JobState.Running, Reason = "it runs", Started = Samples.Start.AddSeconds(1) }, store.Find(job.Id));
        Samples.Same(other, store.Find(other.Id));
        Assert.Null(store.Find(JobId.New(Samples.Start)));
        Assert.Equal([(0, Queued("web-001")), (1, ok), (2, Queued("web-003"))], store.Hosts(job.Id, [], 0, 10));
        Assert.Equal([(0, Queued("b")), (1, Queued("a"))], store.Hosts(other.Id, [], 0, 10));
        Assert.Equal(new Dictionary<HostState, int> { [HostState.Queued] = 2, [HostState.Ok] = 1 }, store.Counts(job.Id));
        Assert.Null(store.Unwritable);
    }

    [Fact]
    public async Task What_was_kept_is_there_when_it_is_opened_again()
    {
        var job = Samples.Job();
        var (digest, content) = Samples.Changes("new f 1\n");
        var lease = new Lease { What = "site", Job = job.Id, Hosts = "web-[001-003]", Holder = "ann", Reason = "release", Since = Samples.Start, Expires = Samples.Start.AddHours(1) };
        var ok = Samples.Ended("web-001") with { Shape = digest };
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            await store.AddAsync(job, Samples.Hosts(3));
            await store.SaveAsync(job.Id, 0, ok, content, [new LogLine("stdout", "a\nb"), new LogLine("stderr", "\u2028é")]);
            await store.SaveAsync(job.Id, JobState.Done, null, Samples.Start, Samples.Start.AddMinutes(1));
            await store.SaveAsync(job.Id, lease);
        }

        await using var again = Samples.Open(folder["jobs.db"], time: new Logs.SetTime(Samples.Start));
        Samples.Same(job with { State = JobState.Done, Started = Samples.Start, Ended = Samples.Start.AddMinutes(1) }, again.Find(job.Id));
        Assert.Equal((0, ok), again.Hosts(job.Id, [], 0, 1)[0]);
        Assert.Equal(content.Bytes.ToArray(), again.Content(job.Id, digest)!.Bytes.ToArray());
        Assert.Equal([new LogLine("stdout", "a\nb"), new LogLine("stderr", "\u2028é")], again.Log(job.Id, "web-001"));
        Assert.Equal([lease], again.Leases());
        Assert.Equal(["jobs.db", "jobs.db-shm", "jobs.db-wal"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Unfinished_jobs_are_those_that_have_no_end_oldest_first()
    {
        await using var store = Samples.Open(null, time: new Logs.SetTime(Samples.Start));
        var jobs = Enum.GetValues<JobState>().Select((state, at) => Samples.Job(Samples.Start.AddSeconds(-at)) with { State = state, Ended = state.IsTerminal() ? Samples.Start : null }).ToList();
        await Task.WhenAll(jobs.Select(job => store.AddAsync(job, ["a"])));

        Assert.Equal([JobState.Paused, JobState.Running, JobState.Accepted], store.Unfinished().Select(job => job.State));

        // Asked to stop, and not there yet: it runs, for whoever lists.
        await store.SaveAsync(jobs[1].Id, JobState.Cancelled, null, null, null);
        Assert.Equal([JobState.Paused, JobState.Cancelled, JobState.Accepted], store.Unfinished().Select(job => job.State));
        Assert.Equal(jobs[1].Id, Assert.Single(store.List(new JobQuery { State = JobState.Running }, 10).Items).Id);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_pages_and_by_what_is_asked()
    {
        await using var store = Samples.Open(null, time: new Logs.SetTime(Samples.Start));
        // Two of each moment: a page may end between them.
        var jobs = Enumerable.Range(0, 20).Select(at => Samples.Job(Samples.Start.AddSeconds(at / 2), at % 5 == 0 ? Order.Exec : Order.Rsync) with { State = at % 4 == 0 ? JobState.Done : JobState.Running, Ended = at % 4 == 0 ? Samples.Start : null }).ToList();
        await Task.WhenAll(jobs.Select((job, at) => store.AddAsync(job, ["all", $"h{at % 3}"])));
        jobs = [.. jobs.OrderByDescending(job => job.Accepted).ThenByDescending(job => job.Id.ToString(), StringComparer.Ordinal)];
        var third = jobs.Where((_, at) => at % 3 == 1).ToList();

        List<JobId> All(JobQuery query, int most)
        {
            var found = new List<JobId>();
            do
            {
                var page = store.List(query, most);
                Assert.InRange(page.Items.Count, page.Cursor is null ? 0 : most, most);
                found.AddRange(page.Items.Select(job => job.Id));
                query = query with { Cursor = page.Cursor };
            }
            while (query.Cursor is not null);
            return found;
        }

        Assert.All(new[] { 1, 3, 7, 20, 100 }, most => Assert.Equal(jobs.Select(job => job.Id), All(new JobQuery(), most)));
        Assert.Equal(jobs.Where(job => job.State == JobState.Done).Select(job => job.Id), All(new JobQuery { State = JobState.Done }, 2));
        Assert.Equal(jobs.Where(job => job.Order == Order.Exec).Select(job => job.Id), All(new JobQuery { Order = Order.Exec }, 2));
        Assert.Equal(jobs.Where(job => job.Accepted >= Samples.Start.AddSeconds(6)).Select(job => job.Id), All(new JobQuery { Since = Samples.Start.AddSeconds(6) }, 3));
        Assert.Equal(jobs.Count, All(new JobQuery { Host = "ALL" }, 3).Count);
        Assert.Equal(7, All(new JobQuery { Host = "h0" }, 3).Count);
        Assert.Empty(All(new JobQuery { Host = "other" }, 3));
        Assert.All(new[] { "", "x", "1-x", "-", $"9999999999999999999-{jobs[0].Id}" }, cursor => Assert.Throws<ArgumentException>(() => store.List(new JobQuery { Cursor = cursor }, 1)));
    }

    [Fact]
    public async Task Hosts_are_paged_by_place_and_state()
    {
        await using var store = Samples.Open(null);
        var job = Samples.Job();
        string[] hosts = Samples.Hosts(20);
        await store.AddAsync(job, hosts);
        await Task.WhenAll(hosts.Select((host, at) => store.SaveAsync(job.Id, at, Samples.Ended(host, at % 2 == 0 ? HostState.Failed : at % 3 == 0 ? HostState.Partial : HostState.Ok), null, [])));

        Assert.Equal([4, 6, 8], store.Hosts(job.Id, [HostState.Failed], 3, 3).Select(host => host.Place));
        Assert.Equal([0, 2, 3, 4], store.Hosts(job.Id, [HostState.Partial, HostState.Failed, HostState.Failed], 0, 4).Select(host => host.Place));
        Assert.Equal([18, 19], store.Hosts(job.Id, [], 18, 10).Select(host => host.Place));
        Assert.Empty(store.Hosts(job.Id, [HostState.Queued], 0, 10));
        Assert.Empty(store.Hosts(JobId.New(Samples.Start), [], 0, 10));
    }

    [Fact]
    public async Task Shapes_fold_the_hosts_that_are_alike()
    {
        await using var store = Samples.Open(null);
        var job = Samples.Job();
        string[] hosts = Samples.Hosts(10);
        var (common, content) = Samples.Changes("new f 1\n");
        var (rare, _) = Samples.Changes("other");
        await store.AddAsync(job, hosts);
        for (int at = 0; at < 9; at++)
        {
            await store.SaveAsync(job.Id, at, Samples.Ended(hosts[at]) with { Shape = at == 4 ? rare : common }, at is 0 or 2 ? content : null, []);
        }

        var totals = Samples.Ended("x").Totals;
        Assert.Equal(
            [
                new Shape { Digest = common, Kind = ShapeKind.Changes, Hosts = "web-[001-004,006-009]", HostCount = 8, Totals = totals, ExitCode = 23 },
                new Shape { Digest = rare, Kind = ShapeKind.Changes, Hosts = "web-005", HostCount = 1, Totals = totals, ExitCode = 23 },
            ],
            store.Shapes(job.Id));
        Assert.Equal(content.Bytes.ToArray(), store.Content(job.Id, common)!.Bytes.ToArray());
        Assert.Null(store.Content(job.Id, rare));
        Assert.Null(store.Content(JobId.New(Samples.Start), common));
        Assert.Empty(store.Shapes(JobId.New(Samples.Start)));

        // Content that comes late is taken.
        await store.SaveAsync(job.Id, 9, Samples.Ended(hosts[9]) with { Shape = rare }, Samples.Changes("other").Content, []);
        Assert.NotNull(store.Content(job.Id, rare));
    }

    [Fact]
    public async Task Content_beyond_the_bounds_is_told_by_digest_alone()
    {
        await using var store = Samples.Open(null);
        var job = Samples.Job();
        await store.AddAsync(job, Samples.Hosts(20));
        byte[] bytes = new byte[Limits.ShapeBytes + 1];
        var (large, content) = Samples.Changes(bytes);
        await store.SaveAsync(job.Id, 0, Samples.Ended("web-001") with { Shape = large }, content, []);
        Assert.Null(store.Content(job.Id, large));
        Assert.Equal(large, store.Shapes(job.Id)[0].Digest);

        var kept = new List<string>();
        for (int at = 1; at < 20; at++)
        {
            bytes[0] = (byte)at;
            (string digest, content) = Samples.Changes(bytes[..Limits.ShapeBytes]);
            await store.SaveAsync(job.Id, at, Samples.Ended($"web-{at:000}") with { Shape = digest }, content, []);
            kept.AddRange(store.Content(job.Id, digest) is null ? [] : [digest]);
        }

        Assert.Equal(Limits.JobShapesBytes / Limits.ShapeBytes, kept.Count);
        Assert.Equal(20, store.Shapes(job.Id).Count);
    }

    [Fact]
    public async Task A_long_log_keeps_its_begin_and_its_end()
    {
        await using var store = Samples.Open(null);
        var job = Samples.Job();
        await store.AddAsync(job, ["a", "b", "c"]);
        var lines = Enumerable.Range(0, 20_000).Select(number => new LogLine("stdout", $"line {number}")).ToList();
        await store.SaveAsync(job.Id, 0, Samples.Ended("a"), null, lines);
        await store.SaveAsync(job.Id, 1, Samples.Ended("b"), null, [new LogLine("stderr", new string('x', 2 * Limits.HostLogBytes)), lines[0]]);
        await store.SaveAsync(job.Id, 1, Samples.Ended("b"), null, []);

        var kept = store.Log(job.Id, "A")!;
        Assert.InRange(kept.Sum(line => line.Text.Length), Limits.HostLogBytes / 8, Limits.HostLogBytes);
        Assert.Equal(lines[0], kept[0]);
        Assert.Equal(lines[^1], kept[^1]);
        Assert.Equal($"[{20_000 - kept.Count + 1} lines are left out here: more than is kept]", kept.Single(line => line.Stream == "stderr").Text);
        Assert.Equal(["[1 lines are left out here: more than is kept]", "line 0"], store.Log(job.Id, "b")!.Select(line => line.Text));
        Assert.Empty(store.Log(job.Id, "c")!);
        Assert.Null(store.Log(job.Id, "d"));
    }

    [Fact]
    public async Task A_lease_is_kept_until_it_is_taken_away()
    {
        await using var store = Samples.Open(null);
        var (one, two) = (JobId.New(Samples.Start), JobId.New(Samples.Start.AddSeconds(1)));
        Lease Of(JobId job, string what) => new() { What = what, Job = job, Hosts = "a", Since = Samples.Start, Expires = Samples.Start };
        await store.SaveAsync(one, Of(one, "x"));
        await store.SaveAsync(two, Of(two, "y"));
        await store.SaveAsync(one, Of(one, "z"));
        Assert.Equal(["z", "y"], store.Leases().Select(lease => lease.What));
        await store.SaveAsync(one, null);
        await store.SaveAsync(one, null);
        Assert.Equal(["y"], store.Leases().Select(lease => lease.What));
    }

    [Fact]
    public async Task A_mistake_of_one_write_costs_no_other_its_place()
    {
        await using var store = Samples.Open(folder["jobs.db"]);
        var job = Samples.Job();
        await store.AddAsync(job, Samples.Hosts(200));
        var writes = Enumerable.Range(0, 200).Select(at => store.SaveAsync(job.Id, at, Samples.Ended($"web-{at + 1:000}"), null, [])).ToList();
        var wrong = new[]
        {
            store.SaveAsync(job.Id, 200, Samples.Ended("x"), null, []),
            store.SaveAsync(JobId.New(Samples.Start), 0, Samples.Ended("x"), null, []),
            store.SaveAsync(JobId.New(Samples.Start), JobState.Done, null, null, null),
            store.AddAsync(job, ["x"]),
        };
        await Task.WhenAll(writes);
        Assert.All(wrong, write => Assert.ThrowsAsync<ArgumentException>(() => write).Wait());
        Assert.Equal(200, store.Counts(job.Id)[HostState.Ok]);
        Assert.Null(store.Unwritable);
    }

    [Fact]
    public async Task An_older_standing_does_not_replace_a_newer_one()
    {
        await using var store = Samples.Open(null);
        var job = Samples.Job();
        await store.AddAsync(job, ["a"]);
        await store.SaveAsync(job.Id, 0, Samples.Ended("a", HostState.Failed, 7), null, []);
        await store.SaveAsync(job.Id, 0, Samples.Ended("a", HostState.Running, 6), null, []);
        Assert.Equal(HostState.Failed, store.Hosts(job.Id, [], 0, 1)[0].Standing.State);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_refused_and_what_waited_is_written()
    {
        var store = Samples.Open(folder["jobs.db"]);
        var job = Samples.Job();
        var writes = Enumerable.Range(0, 100).Select(at => store.AddAsync(Samples.Job(), ["a"])).ToList();
        await store.DisposeAsync();
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<StoreException>(() => store.AddAsync(job, ["a"]));
        Assert.Throws<StoreException>(() => store.Find(job.Id));

        await using var again = Samples.Open(folder["jobs.db"]);
        Assert.Equal(100, again.List(new JobQuery(), 1000).Items.Count);
    }

    private static HostStanding Queued(string host) => new() { Host = host, State = HostState.Queued };
}
