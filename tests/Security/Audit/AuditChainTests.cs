using Deploy.Security.Audit;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Audit;

/// <summary>Whatever is done to the bytes of an audit log shows, and the log opens again.</summary>
public class AuditChainTests
{
    private const int Rounds = 400;

    [Fact]
    public async Task Whatever_is_cut_out_changed_or_put_in_shows()
    {
        using var folder = new TempFolder();
        string head = await WriteAsync(folder.Path, 40);
        byte[] good = File.ReadAllBytes(folder["audit.ndjson"]);
        var random = new Random(20261123);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bad = Harm(good, random);
            if (!bad.AsSpan().SequenceEqual(good))
            {
                File.WriteAllBytes(folder["audit.ndjson"], bad);
                Assert.True(AuditTests.Verify(folder.Path, head) is AuditVerdict.Broken or AuditVerdict.Whole { Found: null }, $"round {round} passed");
            }
        }
    }

    [Fact]
    public async Task Whatever_a_kill_leaves_is_closed_and_the_chain_goes_on()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, 20);
        byte[] good = File.ReadAllBytes(folder["audit.ndjson"]);
        var random = new Random(20261124);
        for (int round = 0; round < Rounds / 4; round++)
        {
            int cut = round < 3 ? round : random.Next(good.Length);
            byte[] junk = new byte[random.Next(3) * random.Next(200_000)];
            if (random.Next(2) == 0)
            {
                random.NextBytes(junk);
            }

            junk.AsSpan().Replace((byte)'\n', (byte)' '); // a line feed would be somebody's
            File.WriteAllBytes(folder["audit.ndjson"], [.. good.AsSpan(0, cut), .. junk]);
            File.Delete(folder["audit.head"]); // behind what is on disk, as a kill leaves it
            string head = await WriteAsync(folder.Path, 2);
            var whole = Assert.IsType<AuditVerdict.Whole>(AuditTests.Verify(folder.Path, head));
            Assert.Equal((0L, whole.Head.Seq), (whole.TornBytes, whole.Found));
            Assert.Equal(good.AsSpan(0, cut).Count((byte)'\n') + 2 + whole.Closed, whole.Head.Seq);
        }
    }

    [Fact]
    public async Task The_first_line_that_is_wrong_is_named()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, 5);
        string[] lines = File.ReadAllLines(folder["audit.ndjson"]);
        AssertBroken(3, "record 3 is not what was written", [.. lines[..2], lines[2].Replace("site", "sote", StringComparison.Ordinal), .. lines[3..]]);
        AssertBroken(3, "records 3 to 3 between them are missing", [.. lines[..2], .. lines[3..]]);
        AssertBroken(1, "what stood before it was taken out", lines[1..]);
        AssertBroken(2, "is no record", [lines[0], "hello", .. lines[1..]]);

        void AssertBroken(long line, string what, string[] changed)
        {
            File.WriteAllText(folder["audit.ndjson"], string.Join('\n', changed) + "\n");
            var broken = Assert.IsType<AuditVerdict.Broken>(AuditTests.Verify(folder.Path));
            Assert.Equal(("audit.ndjson", line), (broken.File, broken.Line));
            Assert.Contains(what, broken.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_kill_between_the_log_and_its_head_is_no_alarm_before_or_after_the_next_start()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Path, 2);
        byte[] head = File.ReadAllBytes(folder[AuditHeadFile.Name]);
        await WriteAsync(folder.Path, 1);
        File.WriteAllBytes(folder[AuditHeadFile.Name], head);
        using (var log = File.OpenWrite(folder["audit.ndjson"]))
        {
            log.SetLength(log.Length - 1); // the line feed
        }

        Assert.IsType<AuditVerdict.Whole>(AuditTests.Verify(folder.Path, byHeadFile: true));
        await using (AuditLog.Open(folder.Path, TimeProvider.System, new ListLog()))
        {
            Assert.IsType<AuditVerdict.Whole>(AuditTests.Verify(folder.Path, byHeadFile: true)); // it has written nothing
        }

        await WriteAsync(folder.Path, 1);
        Assert.Equal(4, Assert.IsType<AuditVerdict.Whole>(AuditTests.Verify(folder.Path, byHeadFile: true)).Head.Seq);
    }

    [Fact]
    public async Task One_that_may_lack_its_log_runs_where_others_may_write_to_its_folder_and_says_so()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["state"], (UnixFileMode)0x1FF); // 0777
        File.SetUnixFileMode(folder["state"], (UnixFileMode)0x1FF);
        Assert.Throws<Deploy.Model.UserError>(() => AuditLog.Open(folder["state"], TimeProvider.System, new ListLog()));
        var log = new ListLog();
        await using var audit = AuditLog.Open(folder["state"], TimeProvider.System, log, mayLack: true);
        Assert.Contains(log.Entries, entry => entry.Level == Deploy.Logs.LogLevel.Warning && entry.Message.Contains("others may write to its folder", StringComparison.Ordinal) && entry.Message.EndsWith("nothing that is ordered is recorded in an audit log", StringComparison.Ordinal));
        Assert.Null(await audit.WriteAsync(AuditTests.Entry()));
        Assert.Empty(Directory.GetFiles(folder["state"]));
    }

    private static async Task<string> WriteAsync(string directory, int records)
    {
        await using var audit = AuditLog.Open(directory, TimeProvider.System, new ListLog());
        for (int record = 0; record < records; record++)
        {
            Assert.Null(await audit.WriteAsync(AuditTests.Entry()));
        }

        return audit.Head.Sha256;
    }

    private static byte[] Harm(byte[] good, Random random)
    {
        int from = random.Next(good.Length), to = from + random.Next(good.Length - from + 1);
        switch (random.Next(5))
        {
            case 0:
                return [.. good.AsSpan(0, from), .. good.AsSpan(to)];
            case 1:
                return good[..from];
            case 2:
                byte[] flipped = [.. good];
                flipped[from] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 3:
                return [.. good.AsSpan(0, from), .. good.AsSpan(from, Math.Min(to - from, 2000)), .. good.AsSpan(from)];
            default:
                var lines = System.Text.Encoding.UTF8.GetString(good).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
                lines.RemoveAt(random.Next(lines.Count));
                return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        }
    }
}
