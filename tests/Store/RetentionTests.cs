using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>What goes, and what must not.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ManualTime time = new(Samples.Start);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Old_jobs_go_with_all_they_had_but_none_that_is_unfinished_or_may_still_start()
    {
        var old = Samples.Start.AddDays(-91);
        StoredJob Ended(DateTimeOffset at, JobState state = JobState.Done) => Samples.Job(at) with { State = state, Ended = at.AddMinutes(1) };
        StoredJob[] gone = [Ended(old), Ended(old.AddDays(-100), JobState.Stopped), Ended(old, JobState.Cancelled)];
        StoredJob[] stay = [Ended(Samples.Start.AddDays(-89)), Samples.Job(old) with { State = JobState.Running }, Samples.Job(old) with { State = JobState.Paused }, Ended(old) with { NotAfter = Samples.Start.AddDays(1) }];
        await using (var store = Samples.Open(folder["jobs.db"], new StoreSettings(10_000), time))
        {
            foreach (var job in gone.Concat(stay))
            {
                await AddAsync(store, job, 1200);
            }
        }

        await using (var store = Samples.Open(folder["jobs.db"], time: time))
        {
            await UntilAsync(() => Rows("job") == stay.Length);
            Assert.All(gone, job => Assert.Null(store.Find(job.Id)));
            Assert.All(stay, job => Samples.Same(job, store.Find(job.Id)));
            Assert.Equal(stay.Length * 1200, Rows("host"));
            Assert.All(new[] { "document", "shape", "log", "lease" }, table => Assert.Equal(stay.Length, Rows(table)));

            // An hour later, a day later: what may not start any more goes too, and what has come to be old.
            await store.SaveAsync(stay[1].Id, JobState.Done, null, old, old);
            await UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return Rows("job") == 1 && store.Find(stay[2].Id) is not null;
            });
        }
    }

    [Fact]
    public async Task Where_there_are_too_many_the_oldest_that_ended_go()
    {
        var jobs = Enumerable.Range(0, 300).Select(at => Samples.Job(Samples.Start.AddHours(at - 400)) with
        {
            State = at % 10 == 0 ? JobState.Running : JobState.Done,
            Ended = at % 10 == 0 ? null : Samples.Start.AddHours(at - 399),
        }).ToList();
        await using (var store = Samples.Open(folder["jobs.db"], time: time))
        {
            await Task.WhenAll(jobs.Select(job => store.AddAsync(job, ["a"])));
        }

        await using var few = Samples.Open(folder["jobs.db"], new StoreSettings(Jobs: 100), time);
        await UntilAsync(() => Rows("job") == 100);
        var expected = jobs.Where(job => job.Ended is null).Concat(jobs.Where(job => job.Ended is not null).TakeLast(70)).Select(job => job.Id).ToHashSet();
        Assert.Equal(expected, few.List(new JobQuery(), 1000).Items.Select(job => job.Id).ToHashSet());
    }

    [Fact]
    public async Task A_clock_that_makes_most_jobs_old_at_once_is_doubted_for_a_day()
    {
        await using (var store = Samples.Open(folder["jobs.db"], time: time))
        {
            for (int job = 0; job < 12; job++)
            {
                await store.AddAsync(Samples.Job(Samples.Start) with { State = JobState.Done, Ended = Samples.Start }, ["a"]);
            }
        }

        time.Advance(TimeSpan.FromDays(91));
        var log = new ListLog();
        await using (JobStore.Open(folder["jobs.db"], new StoreSettings(), time, log))
        {
            await UntilAsync(() => log.Entries.Any(entry => entry.Message.Contains("12 jobs, most of all that are kept", StringComparison.Ordinal)));
            time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(50);
            Assert.Equal(12, Rows("job"));
            await UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return Rows("job") == 0;
            });
        }
    }

    [Fact]
    public async Task What_a_kill_left_half_taken_away_goes_at_the_next_start()
    {
        await using (var store = Samples.Open(folder["jobs.db"], time: time))
        {
            await AddAsync(store, Samples.Job(), 10);
            await AddAsync(store, Samples.Job(), 10);
        }

        using (var connection = StoreConnection.Open(folder["jobs.db"], reads: false))
        {
            connection.Run("UPDATE job SET id = NULL WHERE number = 1; DELETE FROM host WHERE job = 1 AND place < 5; DELETE FROM lease");
        }

        await using var again = Samples.Open(folder["jobs.db"], time: time);
        await UntilAsync(() => Rows("job") == 1);
        Assert.Equal(10, Rows("host"));
        Assert.Single(again.List(new JobQuery(), 10).Items);
        Assert.Single(again.Unfinished());
    }

    private static async Task AddAsync(JobStore store, StoredJob job, int hosts)
    {
        var (digest, content) = Samples.Changes("x");
        await store.AddAsync(job, Samples.Hosts(hosts));
        await store.SaveAsync(job.Id, 0, Samples.Ended("web-001") with { Shape = digest }, content, [new LogLine("stdout", "x")]);
        await store.SaveAsync(job.Id, new Lease { What = "site", Job = job.Id, Hosts = "a", Since = Samples.Start, Expires = Samples.Start });
    }

    private long Rows(string table) => Schemas.Ask(folder["jobs.db"], $"SELECT count(*) FROM {table}") ?? -1;

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
