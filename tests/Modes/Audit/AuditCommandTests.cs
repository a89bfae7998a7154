using System.Net;
using Deploy.Logs;
using Deploy.Security.Audit;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.Audit;

public sealed class AuditCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_ordered_is_shown_by_who_when_and_outcome()
    {
        await WriteAsync(1);
        Assert.Equal(2, (await RunAsync("show")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var (code, refused, _) = await RunAsync("show", "--refused");
        Assert.Equal(0, code);
        Assert.Matches("^20.*Z  refused   unknown +rsync site on web-1  from 127.43.0.1  by unknown  refused: no key\n$", refused);
        Assert.Matches("^20.*Z  accepted  alice +rsync site on web-1  from 127.43.0.1  by operator SHA256:x  because release 5\n$", (await RunAsync("show", "--who", "alice", "--since", "1h")).Output);
        Assert.Empty((await RunAsync("show", "--since", "2999-01-01")).Output);
        Assert.Equal(File.ReadAllText(folder["audit.ndjson"]), (await RunAsync("show", "--json")).Output);
        Assert.Equal(64, (await RunAsync("show", "--since", "soon")).Code);
    }

    [Fact]
    public async Task A_changed_record_and_a_cut_tail_have_an_exit_code()
    {
        string head = await WriteAsync(3);
        Assert.Equal((0, $"ok: records 1 to 6 in 1 file, head {head}\n"), Two(await RunAsync("verify")));
        Assert.Equal(0, (await RunAsync("verify", "--head", head)).Code);
        string[] lines = File.ReadAllLines(folder["audit.ndjson"]);
        File.WriteAllText(folder["audit.ndjson"], string.Join('\n', lines[..4]) + "\n");
        await AssertBrokenAsync("audit.ndjson:4: record 4 is the last one here, and 6 were written");
        File.Delete(folder["audit.head"]);
        Assert.Contains("whether the last ones were cut off is not known", (await RunAsync("verify")).Output, StringComparison.Ordinal);
        var (code, output, error) = await RunAsync("verify", "--head", head);
        Assert.Equal((12, string.Empty), (code, output));
        Assert.Contains("cut off", error, StringComparison.Ordinal);
        File.WriteAllText(folder["audit.ndjson"], string.Join('\n', [lines[0], .. lines[2..]]) + "\n");
        (code, _, error) = await RunAsync("verify");
        Assert.Equal(12, code);
        Assert.Contains("audit.ndjson:2: record 3 stands behind record 1", error, StringComparison.Ordinal);
        Assert.Equal(64, (await RunAsync("verify", "--head", "abc")).Code);
        File.Delete(folder["audit.ndjson"]);
        Assert.Equal(1, (await RunAsync("verify")).Code);
    }

    [Fact]
    public async Task Files_that_are_put_aside_meanwhile_are_none_that_are_missing()
    {
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            await using var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog(), fullBytes: 2000);
            var entry = new AuditEntry { Ask = AuditAsk.Order, Order = "rsync", Peer = IPAddress.Loopback, Who = new AuditWho(AuditBy.Operator, "alice", "SHA256:x") };
            while (!stop.IsCancellationRequested)
            {
                Assert.Null(await audit.WriteAsync(entry));
            }
        });
        while (AuditFiles.In(folder.Path).Count < 3)
        {
            await Task.Delay(5);
        }

        for (int round = 0; round < 100; round++)
        {
            var (code, output, error) = await RunAsync("verify");
            Assert.True(code == 0 || error.Contains("put aside faster", StringComparison.Ordinal), output + error);
        }

        await stop.CancelAsync();
        await writing;
        Assert.Equal(0, (await RunAsync("verify")).Code);
    }

    [Fact]
    public async Task What_is_cut_off_while_the_daemon_runs_shows_at_once_and_stays_and_the_daemon_says_so()
    {
        var log = new ListLog();
        await using var audit = AuditLog.Open(folder.Path, TimeProvider.System, log);
        await WriteAsync(audit, 3);
        using (var file = new FileStream(folder["audit.ndjson"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(File.ReadAllText(folder["audit.ndjson"]).IndexOf('\n', StringComparison.Ordinal) + 1); // the first record and its line feed
        }

        await AssertBrokenAsync("record 1 is the last one here, and 6 were written");
        Assert.Null(await audit.FlushAsync()); // as every hour
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Error && entry.Message.Contains("somebody else cut it off", StringComparison.Ordinal));
        await WriteAsync(audit, 1);
        await AssertBrokenAsync("records 2 to 6 between them are missing");
        File.WriteAllText(folder["audit.ndjson"], string.Empty);
        await AssertBrokenAsync("record 1 is the last one here, and 8 were written");
        await WriteAsync(audit, 1);
        await AssertBrokenAsync("records 2 to 8 between them are missing");
        Assert.Equal(2, log.Entries.Count(entry => entry.Level == LogLevel.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lines_that_are_no_records_are_wrong_and_stay_so(bool isRunning)
    {
        var log = new ListLog();
        var audit = AuditLog.Open(folder.Path, TimeProvider.System, log);
        await WriteAsync(audit, 1);
        if (!isRunning)
        {
            await audit.DisposeAsync();
        }

        File.AppendAllText(folder["audit.ndjson"], "hello\nworld\n");
        await AssertBrokenAsync("audit.ndjson:3: is no record, and has a line feed");
        audit = isRunning ? audit : AuditLog.Open(folder.Path, TimeProvider.System, log);
        await WriteAsync(audit, 1);
        await audit.DisposeAsync();
        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        await AssertBrokenAsync("audit.000000000002.ndjson:3: is no record");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_is_moved_away_leaves_a_gap(bool isRunning)
    {
        using var elsewhere = new TempFolder();
        var log = new ListLog();
        var audit = AuditLog.Open(folder.Path, TimeProvider.System, log);
        await WriteAsync(audit, 1);
        if (!isRunning)
        {
            await audit.DisposeAsync();
        }

        File.Move(folder["audit.ndjson"], elsewhere["audit.ndjson"]);
        await AssertBrokenAsync("has no audit.ndjson, and 2 records were written there");
        audit = isRunning ? audit : AuditLog.Open(folder.Path, TimeProvider.System, log);
        await WriteAsync(audit, 1);
        await audit.DisposeAsync();
        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        await AssertBrokenAsync("records 1 to 2 are missing");
    }

    [Fact]
    public async Task A_record_that_was_the_last_and_is_another_now_shows()
    {
        await WriteAsync(1);
        string[] lines = File.ReadAllLines(folder["audit.ndjson"]);
        File.WriteAllText(folder["audit.ndjson"], lines[0] + "\n" + lines[1].Replace("no key", "no kay", StringComparison.Ordinal) + "\n");
        await AssertBrokenAsync("no record is the one with the number 2 that was written");
        await WriteAsync(1); // and behind a restart
        await AssertBrokenAsync("record 2 is not what was written there");
    }

    [Fact]
    public async Task Files_that_were_too_old_are_none_that_are_missing()
    {
        await using (var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog(), fullBytes: 1000))
        {
            await WriteAsync(audit, 30);
        }

        Assert.Contains("their files were too old to be kept, 8 are", (await RunAsync("verify")).Output, StringComparison.Ordinal);
        var harness = new ClientHarness();
        Assert.Equal(0, await harness.DeployAsync(["audit", "verify", AuditFiles.Full(folder.Path)[^1]]));
        Assert.Contains("they are in older files, which were not named", harness.Output, StringComparison.Ordinal);
        File.Delete(AuditFiles.In(folder.Path)[0]);
        await AssertBrokenAsync("are missing: files go only where there are more than 8, and 7 are here");
    }

    private async Task AssertBrokenAsync(string why)
    {
        var (code, output, error) = await RunAsync("verify");
        Assert.Equal((12, string.Empty), (code, output));
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Two((int Code, string Output, string Error) all) => (all.Code, all.Output);

    private async Task<string> WriteAsync(int times)
    {
        await using var audit = AuditLog.Open(folder.Path, TimeProvider.System, new ListLog());
        await WriteAsync(audit, times);
        return audit.Head.Sha256;
    }

    private static async Task WriteAsync(AuditLog audit, int times)
    {
        for (int time = 0; time < times; time++)
        {
            var entry = new AuditEntry { Ask = AuditAsk.Order, Order = "rsync", What = "site", Hosts = "web-1", Peer = IPAddress.Parse("127.43.0.1"), Who = new AuditWho(AuditBy.Operator, "alice", "SHA256:x"), Reason = "release 5" };
            Assert.Null(await audit.WriteAsync(entry));
            Assert.Null(await audit.WriteAsync(entry with { Who = new AuditWho(AuditBy.Unknown), Refusal = "no key", Reason = null }));
        }
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var harness = new ClientHarness();
        int code = await harness.DeployAsync(["audit", .. arguments, "--state-dir", folder.Path]);
        return (code, harness.Output, harness.Error);
    }
}
