using System.Diagnostics;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Store;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Store;

/// <summary>What the world does to a store.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [MountFact]
    public async Task A_full_disk_refuses_what_is_new_and_recovers_by_itself()
    {
        var log = new ListLog();
        await MountedAsync("size=2m", async path =>
        {
            await using var store = Samples.Open(path, log: log);
            var kept = Samples.Job();
            await store.AddAsync(kept, Samples.Hosts(100));
            Fill(Path.Combine(folder["disk"], "filler"));

            // What is in the file's own free room may still be written; then nothing is.
            var first = new List<JobId>();
            var refused = await Assert.ThrowsAsync<StoreException>(async () =>
            {
                for (int turn = 0; turn < 2000; turn++)
                {
                    var job = Samples.Job();
                    await store.AddAsync(job, Samples.Hosts(50));
                    first.Add(job.Id);
                }
            });
            Assert.Equal($"{path} cannot be written: its file system is full; make room there", refused.Message);
            Assert.Equal(refused.Message, store.Unwritable);
            var lost = Samples.Job();
            await Assert.ThrowsAsync<StoreException>(() => store.AddAsync(lost, Samples.Hosts(2000)));
            Assert.Null(store.Find(lost.Id));
            Samples.Same(kept, store.Find(kept.Id));
            Assert.All(first, id => Assert.Equal(50, store.Counts(id).Values.Sum()));

            File.Delete(Path.Combine(folder["disk"], "filler"));
            await store.AddAsync(lost, Samples.Hosts(1000));
            Assert.Null(store.Unwritable);
            Assert.Equal(1000, store.Counts(lost.Id)[HostState.Queued]);
            Assert.Equal([refused.Message, $"{path} can be written again"], log.Entries.Select(entry => entry.Message));
        });
    }

    [MountFact]
    public Task A_read_only_file_system_is_said_at_the_start() => MountedAsync("size=4m", async path =>
    {
        var job = Samples.Job();
        await using (var store = Samples.Open(path))
        {
            await store.AddAsync(job, ["a"]);
        }

        Shell("mount", "-o", "remount,ro", folder["disk"]);
        var error = Assert.Throws<UserError>(() => Samples.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);

        Shell("mount", "-o", "remount,rw", folder["disk"]);
        await using var again = Samples.Open(path);
        Samples.Same(job, again.Find(job.Id));
    });

    [Fact]
    public async Task A_file_that_was_moved_away_is_not_written_until_it_is_back()
    {
        string home = Directory.CreateDirectory(folder["state"]).FullName;
        string path = Path.Combine(home, "jobs.db");
        await using var store = Samples.Open(path);
        var job = Samples.Job();
        await store.AddAsync(job, ["a"]);
        Assert.NotNull(store.Find(job.Id));

        Directory.Move(home, folder["away"]);
        var refused = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(job.Id, JobState.Done, null, null, null));
        Assert.Equal($"{path} was moved or deleted while it was in use; put it back, or stop this daemon and start it again", refused.Message);
        Assert.Equal(JobState.Accepted, store.Find(job.Id)!.State);

        Directory.Move(folder["away"], home);
        await store.SaveAsync(job.Id, JobState.Done, null, null, null);
        Assert.Equal(JobState.Done, store.Find(job.Id)!.State);
        Assert.Null(store.Unwritable);
    }

    [Theory]
    [InlineData("this is no database, and is longer than a header of SQLite, which has a hundred bytes; so it must not be taken for a new one.")]
    [InlineData("SQLite format 3\0this is no database, and is longer than a header of SQLite, which has a hundred bytes; so it must not be a new one.")]
    public void A_file_that_is_no_store_is_refused_and_left_alone(string text)
    {
        File.WriteAllText(folder["jobs.db"], text);
        var error = Assert.Throws<UserError>(() => Samples.Open(folder["jobs.db"]));
        Assert.Contains($"{folder["jobs.db"]} is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains($"mv {folder["jobs.db"]}", error.Hint, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(folder["jobs.db"]));
    }

    [Fact]
    public async Task Damage_behind_the_first_pages_is_said_where_it_is_met()
    {
        var job = Samples.Job();
        await using (var store = Samples.Open(folder["jobs.db"]))
        {
            await store.AddAsync(job, Samples.Hosts(2000));
        }

        await using (var file = File.OpenWrite(folder["jobs.db"]))
        {
            file.Position = 3 * 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xa5, (int)file.Length - (3 * 4096)).ToArray());
        }

        await using var again = Samples.Open(folder["jobs.db"]);
        Assert.Contains("is damaged", Assert.Throws<StoreException>(() => again.Hosts(job.Id, [], 0, 2000)).Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", (await Assert.ThrowsAsync<StoreException>(() => again.AddAsync(Samples.Job(), Samples.Hosts(2000)))).Message, StringComparison.Ordinal);
        Assert.NotNull(again.Unwritable);
    }

    [Fact]
    public void A_store_of_a_newer_version_and_another_programs_database_are_refused()
    {
        Schemas.Make(folder["newer.db"], $"PRAGMA application_id = {0x4450_4c59}; PRAGMA user_version = {Schema.Version + 1}; CREATE TABLE x (y)");
        var error = Assert.Throws<UserError>(() => Samples.Open(folder["newer.db"]));
        Assert.Equal($"{folder["newer.db"]} was written by a newer deploy: it has version {Schema.Version + 1}, this program knows {Schema.Version}", error.Message);
        Assert.NotNull(error.Hint);

        Schemas.Make(folder["other.db"], "CREATE TABLE x (y)");
        Assert.Equal($"{folder["other.db"]} is a database of another program", Assert.Throws<UserError>(() => Samples.Open(folder["other.db"])).Message);

        var missing = Assert.Throws<UserError>(() => Samples.Open(folder["none/jobs.db"]));
        Assert.Contains(folder["none/jobs.db"], missing.Message, StringComparison.Ordinal);
        Assert.NotNull(missing.Hint);
    }

    private async Task MountedAsync(string options, Func<string, Task> test)
    {
        Directory.CreateDirectory(folder["disk"]);
        Shell("mount", "-t", "tmpfs", "-o", options, "deploy-test", folder["disk"]);
        try
        {
            await test(Path.Combine(folder["disk"], "jobs.db"));
        }
        finally
        {
            Shell("umount", "-l", folder["disk"]);
        }
    }

    private static void Fill(string path)
    {
        using var filler = File.Create(path);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, process.ExitCode);
    }
}
