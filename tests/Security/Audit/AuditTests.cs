using System.Net;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Security.Audit;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Audit;

/// <summary>The audit log on a real file system.</summary>
public class AuditTests
{
    internal static readonly AuditWho Alice = new(AuditBy.Operator, "alice", "SHA256:a+b/c");

    internal static AuditEntry Entry(string what = "site", string? refusal = null, AuditWho? who = null) => new()
    {
        Ask = AuditAsk.Order,
        Order = "rsync",
        What = what,
        Hosts = "web-[001-040]",
        Job = JobId.New(DateTimeOffset.UnixEpoch),
        Peer = IPAddress.Parse("::ffff:127.43.0.1"),
        Who = who ?? Alice,
        Refusal = refusal,
    };

    internal static AuditVerdict Verify(string directory, string? head = null, bool byHeadFile = false)
    {
        using var chain = new AuditChain(head, byHeadFile ? AuditHeadFile.Read(directory) : null);
        foreach (string path in AuditFiles.In(directory))
        {
            using var file = File.OpenRead(path);
            chain.Read(Path.GetFileName(path), file);
        }

        return chain.Verdict();
    }

    [Fact]
    public async Task What_was_asked_stands_in_one_line_and_the_next_has_its_hash()
    {
        using var folder = new TempFolder();
        await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
        {
            Assert.Null(await audit.WriteAsync(Entry()));
            Assert.Null(await audit.WriteAsync(Entry("a\nb\u202e\ud800", "no such group")));
            Assert.Equal(2, audit.Head.Seq);
        }

        string[] lines = File.ReadAllLines(folder["audit.ndjson"]);
        Assert.Equal(2, lines.Length);
        Assert.Matches("""^\{"seq":1,"time":"20\d\d-[^"]*Z","first":true,"ask":"order","order":"rsync","what":"site","hosts":"web-\[001-040\]","job":"\w{26}","peer":"127.43.0.1","by":"operator","who":"alice","key":"SHA256:a\+b/c","outcome":"accepted","prev":"0{64}"\}$""", lines[0]);
        Assert.Contains("\"outcome\":\"refused\",\"refusal\":\"no such group\"", lines[1], StringComparison.Ordinal);
        Assert.Contains($"\"prev\":\"{AuditLine.HashOf([.. System.Text.Encoding.UTF8.GetBytes(lines[0]), (byte)'\n'])}\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["audit.ndjson"]));
        Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
    }

    [Fact]
    public async Task The_chain_goes_on_behind_a_restart_and_a_torn_line()
    {
        using var folder = new TempFolder();
        for (int start = 0; start < 3; start++)
        {
            await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
            {
                Assert.Null(await audit.WriteAsync(Entry()));
            }

            File.AppendAllText(folder["audit.ndjson"], "{\"seq\":9,\"ti");
        }

        var whole = Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
        Assert.Equal((1, 5, 2, 12), (whole.First, whole.Head.Seq, whole.Closed, whole.TornBytes));
    }

    [Fact]
    public async Task A_full_file_is_put_aside_and_the_oldest_go()
    {
        using var folder = new TempFolder();
        await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog(), fullBytes: 1000))
        {
            for (int order = 0; order < 60; order++)
            {
                Assert.Null(await audit.WriteAsync(Entry()));
            }
        }

        var files = AuditFiles.In(folder.Path);
        Assert.Equal(Limits.AuditFiles, files.Count);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        var whole = Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
        Assert.Equal(60, whole.Head.Seq);
        Assert.True(whole.First > 1);
        File.Delete(files[3]);
        Assert.IsType<AuditVerdict.Broken>(Verify(folder.Path));
    }

    [Fact]
    public async Task Many_threads_at_once_give_one_chain()
    {
        using var folder = new TempFolder();
        await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog(), fullBytes: 100_000))
        {
            await Parallel.ForAsync(0, 2000, async (order, _) =>
            {
                if (order % 2 == 0)
                {
                    Assert.Null(await audit.WriteAsync(Entry($"{order}")));
                }
                else
                {
                    audit.Note(Entry($"{order}", "no"));
                }
            });
        }

        var whole = Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
        Assert.Equal((2000, 0), (whole.Head.Seq, whole.Omitted));
    }

    [Fact]
    public async Task A_log_that_is_moved_away_goes_on_in_a_new_file()
    {
        using var folder = new TempFolder();
        var log = new ListLog();
        await using var audit = AuditLog.Open(folder.Path, TimeProvider.System, log);
        Assert.Null(await audit.WriteAsync(Entry()));
        File.Move(folder["audit.ndjson"], folder["audit.000000000001.ndjson"]);
        Assert.Null(await audit.WriteAsync(Entry()));
        Assert.Equal(2, Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path)).Head.Seq);
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Error && entry.Message.Contains("moved or deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_refusals_is_counted_and_does_not_count_with_a_proved_one()
    {
        using var folder = new TempFolder();
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using (var audit = AuditLog.Open(folder.Path, time, new ListLog()))
        {
            for (int order = 0; order < Limits.AuditRefusals + 500; order++)
            {
                audit.Note(Entry("flood", "no signature", new AuditWho(AuditBy.Unknown)));
            }

            audit.Note(Entry("mine", "no such group"));
            Assert.Null(await audit.FlushAsync());
            Assert.InRange(audit.Head.Seq, Limits.AuditRefusals + 2, Limits.AuditRefusals + 4);
        }

        Assert.Contains("\"mine\"", File.ReadAllText(folder["audit.ndjson"]), StringComparison.Ordinal);
        Assert.Equal(500, Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path)).Omitted);
    }

    [Fact]
    public async Task A_key_cannot_push_out_by_asking_and_being_refused_what_changed_something()
    {
        using var folder = new TempFolder();
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using (var audit = AuditLog.Open(folder.Path, time, new ListLog()))
        {
            for (int order = 0; order < Limits.AuditRefusals + 500; order++)
            {
                audit.Note(Entry("reads", order % 2 == 0 ? null : "not allowed"));
            }

            audit.Note(Entry("bob reads", who: new AuditWho(AuditBy.ApiKey, "bob")));
            Assert.Null(await audit.WriteAsync(Entry("changes")));
            Assert.InRange(audit.Head.Seq, Limits.AuditRefusals + 3, Limits.AuditRefusals + 5);
        }

        string text = File.ReadAllText(folder["audit.ndjson"]);
        Assert.Contains("\"bob reads\"", text, StringComparison.Ordinal);
        Assert.Contains("\"changes\"", text, StringComparison.Ordinal);
        Assert.Equal(500, Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path)).Omitted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_record_that_lacks_its_line_feed_alone_is_the_last_one(int before)
    {
        using var folder = new TempFolder();
        for (int start = 0; start < 3; start++)
        {
            await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
            {
                for (int order = 0; order <= before; order++)
                {
                    Assert.Null(await audit.WriteAsync(Entry()));
                }
            }

            using var file = new FileStream(folder["audit.ndjson"], FileMode.Open);
            file.SetLength(file.Length - 1);
        }

        await using (AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
        {
        }

        var whole = Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
        Assert.Equal((3 * (before + 1), 0, 0), (whole.Head.Seq, whole.Closed, whole.TornBytes));
    }

    [Fact]
    public async Task The_record_behind_a_torn_one_may_lack_its_line_feed_too()
    {
        using var folder = new TempFolder();
        for (int start = 0; start < 3; start++)
        {
            await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
            {
                Assert.Null(start == 1 ? await audit.FlushAsync() : await audit.WriteAsync(Entry()));
            }

            if (start == 0)
            {
                File.AppendAllText(folder["audit.ndjson"], "{\"seq\":9,\"ti");
            }
            else if (start == 1)
            {
                using var file = new FileStream(folder["audit.ndjson"], FileMode.Open);
                file.SetLength(file.Length - 1); // of the record that says so
            }
        }

        var whole = Assert.IsType<AuditVerdict.Whole>(Verify(folder.Path));
        Assert.Equal((3, 1, 0), (whole.Head.Seq, whole.Closed, whole.TornBytes));
    }

    [Fact]
    public async Task A_record_that_nobody_waits_for_is_on_disk_a_second_later_and_the_head_is_said_every_hour()
    {
        using var folder = new TempFolder();
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var log = new ListLog();
        await using var audit = AuditLog.Open(folder.Path, time, log);
        audit.Note(Entry());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (audit.Head.Seq == 0)
        {
            time.Advance(Limits.AuditSyncTime);
            await Task.Delay(5, limit.Token);
        }

        string said = $"audit: 1 records, head {audit.Head.Sha256}";
        while (!log.Entries.Any(entry => entry.Message == said))
        {
            time.Advance(Limits.AuditHeadTime);
            await Task.Delay(5, limit.Token);
        }
    }

    [Fact]
    public async Task Without_a_directory_the_chain_is_in_memory()
    {
        await using var audit = AuditLog.Open(null, TimeProvider.System, new ListLog());
        Assert.Null(await audit.WriteAsync(Entry()));
        Assert.Equal(new AuditHead(1, audit.Head.Sha256), audit.Head);
        Assert.NotEqual(AuditLine.NoHash, audit.Head.Sha256);
    }
}
