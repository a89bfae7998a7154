using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>A row that holds what deploy did not write: said once, and nothing else suffers.</summary>
public sealed class DamagedRowTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ListLog log = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"state\":")]
    [InlineData("null")]
    [InlineData("{\"host\":\"web-002\",\"state\":\"nonsense\"}")]
    public async Task What_is_known_of_a_host(string standing)
    {
        var job = Samples.Job();
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            await store.AddAsync(job, Samples.Hosts(3));
            for (int place = 0; place < 3; place++)
            {
                await store.SaveAsync(job.Id, place, Samples.Ended($"web-{place + 1:000}"), null, [new LogLine("stdout", "a"), new LogLine("stdout", "b")]);
            }
        }

        Change($"UPDATE host SET standing = '{standing}' WHERE place = 1; UPDATE log SET lines = 'x' WHERE place = 1");
        await using var again = Samples.Open(folder["jobs.db"], log: log);
        for (int turn = 0; turn < 2; turn++)
        {
            var hosts = again.Hosts(job.Id, [], 0, 10).Select(one => one.Standing).ToList();
            Assert.Equal([HostState.Ok, HostState.Ok, HostState.Ok], hosts.Select(one => one.State));
            Assert.Equal((3, "what else the store had of it is damaged"), (hosts[1].Rev, hosts[1].Reason));
            Assert.Equal("because", hosts[2].Reason);
            Assert.Contains("damaged", Assert.Single(again.Log(job.Id, "web-002")!).Text, StringComparison.Ordinal);
        }

        string said = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error).Message;
        Assert.StartsWith($"{folder["jobs.db"]} is damaged: what is known of host web-002", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE job SET state = 'nonsense' WHERE id = $1")]
    [InlineData("UPDATE job SET \"order\" = 'nonsense' WHERE id = $1")]
    [InlineData("UPDATE job SET accepted = 'nonsense' WHERE id = $1")]
    public async Task A_job_is_left_out_of_the_lists_and_a_start_goes_on(string statement)
    {
        var (one, other) = (Samples.Job(), Samples.Job(Samples.Start.AddMinutes(1)));
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            await store.AddAsync(one, ["a"]);
            await store.AddAsync(other, ["a"]);
        }

        Change(statement, one.Id.ToString());
        await using var again = Samples.Open(folder["jobs.db"], log: log);
        Samples.Same(other, Assert.Single(again.Unfinished()));
        Samples.Same(other, Assert.Single(again.List(new JobQuery(), 10).Items));
        Assert.Contains($"job {one.Id}, which is left out", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE job SET state = 'nonsense' WHERE number BETWEEN 3 AND 7")]
    [InlineData("UPDATE job SET accepted = 'nonsense' WHERE number BETWEEN 3 AND 7")]
    [InlineData("UPDATE job SET state = 'nonsense' WHERE number <= 7")]
    public async Task Pages_of_damaged_jobs_alone_do_not_end_the_list(string statement)
    {
        var jobs = Enumerable.Range(0, 9).Select(minute => Samples.Job(Samples.Start.AddMinutes(minute))).ToList();
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            foreach (var job in jobs)
            {
                await store.AddAsync(job, ["a"]);
            }
        }

        Change(statement);
        await using var again = Samples.Open(folder["jobs.db"], log: log);
        var found = new List<JobId>();
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = again.List(new JobQuery { Cursor = cursor.Length == 0 ? null : cursor }, 2);
            found.AddRange(page.Items.Select(job => job.Id));
            cursor = page.Cursor;
        }

        Assert.Equal(jobs.Where((_, at) => at >= 7 || (at < 2 && statement.Contains("BETWEEN", StringComparison.Ordinal))).Select(job => job.Id).Reverse(), found);
    }

    [Fact]
    public async Task A_lease()
    {
        var job = Samples.Job();
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            await store.AddAsync(job, ["a"]);
        }

        Change("INSERT INTO lease (job, lease) VALUES ($1, '{')", job.Id.ToString());
        await using var again = Samples.Open(folder["jobs.db"], log: log);
        Assert.Empty(again.Leases());
        Assert.Contains($"the lease of job {job.Id}, which is free now", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
    }

    private void Change(string statement, string? value = null)
    {
        using var connection = new SqliteConnection($"Data Source={folder["jobs.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        if (value is not null)
        {
            command.Parameters.AddWithValue("$1", value);
        }

        command.ExecuteNonQuery();
    }
}
