using System.Net;
using System.Text;
using Deploy.Model.Jobs;
using Deploy.Security.Audit;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Audit;

/// <summary>The audit log read backwards, page after page.</summary>
public class AuditPagesTests
{
    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(1, 1 << 20)]
    [InlineData(450, 20_000)] // several files
    [InlineData(2500, 1 << 24)] // one that is longer than what is read at once
    public async Task Every_record_comes_once_newest_first(int count, int fullBytes)
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, count, fullBytes);
        long oldest = Oldest(folder.Path);
        var seen = new List<long>();
        long? cursor = null;
        do
        {
            var (records, next) = AuditPages.Read(folder.Path, cursor, 200);
            Assert.True(records.Count <= 200);
            seen.AddRange(records.Select(record => record.Seq));
            cursor = next;
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(0, (int)(count - oldest + 1)).Select(place => count - (long)place), seen);
    }

    [Fact]
    public async Task A_page_from_a_number_on_begins_right_below_it()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, 2500, 1 << 24);
        foreach (long before in new long[] { 2, 3, 700, 1999, 2499, 2500, 2501, 9999 })
        {
            var (records, next) = AuditPages.Read(folder.Path, before, 3);
            long first = Math.Min(before - 1, 2500);
            Assert.Equal([first, first - 1, first - 2], (long[])[.. records.Select(record => record.Seq), .. Enumerable.Range(1, 3 - records.Count).Select(more => records[^1].Seq - more)]);
            Assert.Equal(first > 3 ? first - 2 : null, next is 1 ? null : next);
        }

        Assert.Equal((0, (long?)null), (AuditPages.Read(folder.Path, 1, 3).Records.Count, AuditPages.Read(folder.Path, 1, 3).Next));
    }

    [Fact]
    public async Task A_record_says_who_asked_what_and_what_it_was_told()
    {
        using var folder = new TempFolder();
        await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
        {
            await audit.WriteAsync(new AuditEntry { Ask = AuditAsk.Act, Order = "cancel", What = "site", Hosts = "web-[1-3]", Job = JobId(7), Peer = IPAddress.Parse("10.0.0.7"), Who = new AuditWho(AuditBy.Operator, "alice", "SHA256:x"), Refusal = "no", Reason = "fire" });
        }

        var record = Assert.Single(AuditPages.Read(folder.Path, null, 200).Records);
        Assert.Equal(
            new AuditRecord { Seq = 1, Time = record.Time, What = "cancel", Subject = "site", Hosts = "web-[1-3]", Job = JobId(7), Peer = "10.0.0.7", Who = "alice", Key = "SHA256:x", Refusal = "no", Reason = "fire" },
            record);
        Assert.True(DateTimeOffset.UtcNow - record.Time < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Whatever_stands_in_the_files_is_read_in_bounds_and_never_throws()
    {
        var random = new Random(20261123);
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, 300, 1 << 24);
        byte[] good = await File.ReadAllBytesAsync(folder["audit.ndjson"]);
        for (int turn = 0; turn < 150; turn++)
        {
            byte[] odd = [.. good];
            for (int change = random.Next(1, 40); change > 0; change--)
            {
                odd[random.Next(odd.Length)] = (byte)(random.Next(4) == 0 ? '\n' : random.Next(256));
            }

            odd = turn % 3 == 0 ? [.. odd.AsSpan(0, random.Next(odd.Length)), .. new byte[random.Next(300_000)]] : odd;
            await File.WriteAllBytesAsync(folder["audit.ndjson"], odd);
            long? cursor = turn % 2 == 0 ? null : random.Next(1, 400);
            int pages = 0;
            long last = long.MaxValue;
            do
            {
                var (records, next) = AuditPages.Read(folder.Path, cursor, 50);
                Assert.All(records, record => Assert.True(record.Seq < last && (last = record.Seq) > 0));
                Assert.True(next is null || cursor is null || next < cursor);
                cursor = next;
            }
            while (cursor is not null && ++pages < 100);
            Assert.Null(cursor);
        }
    }

    private static Deploy.Model.JobId JobId(int minute) => Deploy.Model.JobId.TryParse("01KAMQ3V00000000000000000" + minute, out var id) ? id : throw new InvalidOperationException();

    private static async Task WriteAsync(string directory, int count, int fullBytes)
    {
        await using var audit = AuditLog.Open(directory, TimeProvider.System, new ListLog(), fullBytes);
        for (int done = 0; done < count;)
        {
            int some = Math.Min(50, count - done);
            Assert.All(await Task.WhenAll(Enumerable.Range(done, some).Select(place => audit.WriteAsync(AuditTests.Entry() with { Reason = new string('r', place % 150) }))), Assert.Null);
            done += some;
        }
    }

    /// <summary>The oldest record that is there: of many files the first are gone.</summary>
    private static long Oldest(string directory)
    {
        foreach (string line in AuditFiles.In(directory).SelectMany(file => File.ReadLines(file)))
        {
            if (AuditLine.TryRead(Encoding.UTF8.GetBytes(line + "\n"), out var record))
            {
                return record.Seq;
            }
        }

        return 1;
    }
}
