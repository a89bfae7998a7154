using System.Net;
using System.Text;
using Deploy.Logs;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Logs;

public class DaemonLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);
    private static readonly AccessEntry Request = new(IPAddress.Loopback, "POST", "/agent/status", "HTTP/1.1") { Status = 200, BytesSent = 250 };

    [Fact]
    public void A_stream_that_stalls_stops_nobody_and_what_was_lost_is_counted()
    {
        using var stream = new StallingStream();
        using (var log = new DaemonLog(stream, new LogSender(), TimeProvider.System))
        {
            for (int line = 0; line < 10_000; line++)
            {
                ((ILog)log).Info("line " + line); // would hang here for ever
            }

            stream.Release();
            Assert.True(SpinWait.SpinUntil(() => stream.Text.Contains("line 1\n", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
            Assert.True(SpinWait.SpinUntil(() => stream.Text.Contains("log lines were lost: more came than could be written", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
            log.Write(LogLevel.Info, "after");
        }

        Assert.Contains("after\n", stream.Text, StringComparison.Ordinal);
        Assert.Single(stream.Text.Split('\n'), line => line.Contains("were lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_is_one_line_safe_to_print_and_of_bounded_length()
    {
        using var stream = StallingStream.Open();
        using (var log = new DaemonLog(stream, new LogSender(), TimeProvider.System))
        {
            log.Use(new LogSettings { Level = LogLevel.Notice });
            log.Notice("a\nb\u001b[31m\u202e" + new string('x', 1_000_000));
            log.Info("below the threshold");
        }

        string line = Assert.Single(stream.Lines);
        Assert.Contains(@"notice a\x0ab\x1b[31m\u202exxx", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1000, 5000);
    }

    [Fact]
    public void Logs_go_to_stderr_alone_until_settings_name_files_and_again_when_they_are_off()
    {
        using var folder = new TempFolder();
        using var stream = StallingStream.Open();
        var files = new LogSettings { Write = true, ErrorPath = folder["error.log"], AccessPath = folder["access.log"] };
        using (var log = new DaemonLog(stream, new LogSender(), new SetTime(Start)))
        {
            log.Info("one");
            log.Write(Request);
            Assert.False(log.IsElsewhere);
            log.Begin(files);
            log.Info("two");
            log.Write(Request);
            Assert.True(log.IsElsewhere);
            log.Begin(files with { ErrorPath = folder["other.log"] });
            log.Use(files with { Level = LogLevel.Warning });
            log.Info("three");
            log.Write(Request);
            log.Use(files with { Write = false });
            log.Info("four");
            log.Write(Request);
        }

        Assert.Equal(["2026-11-22T13:00:00.000Z info one", "2026-11-22T13:00:00.000Z info four"], stream.Lines);
        Assert.Equal(["2026-11-22T13:00:00.000Z info two"], File.ReadAllLines(folder["error.log"]));
        Assert.Equal(Enumerable.Repeat("127.0.0.1 - [2026/11/22 13:00:00] \"POST /agent/status HTTP/1.1\" 200 250", 2), File.ReadAllLines(folder["access.log"]));
        Assert.False(File.Exists(folder["other.log"]));
    }

    [Fact]
    public void Both_logs_may_be_one_file_and_the_format_changes_with_a_reload()
    {
        using var folder = new TempFolder();
        using var stream = StallingStream.Open();
        var one = new LogSettings { Write = true, ErrorPath = folder["deploy.log"], AccessPath = folder["deploy.log"] };
        using (var log = new DaemonLog(stream, new LogSender(), new SetTime(Start)))
        {
            log.Use(one);
            log.Info("text");
            log.Write(Request);
            log.Use(one with { Format = LogFormat.Json });
            log.Info("json");
            log.Write(Request);
        }

        Assert.Equal(
            [
                "2026-11-22T13:00:00.000Z info text",
                "127.0.0.1 - [2026/11/22 13:00:00] \"POST /agent/status HTTP/1.1\" 200 250",
                """{"time":"2026-11-22T13:00:00.000Z","level":"info","message":"json"}""",
                """{"time":"2026-11-22T13:00:00.000Z","level":"info","peer":"127.0.0.1","method":"POST","path":"/agent/status","version":"HTTP/1.1","status":200,"bytes":250,"milliseconds":0}""",
            ],
            File.ReadAllLines(folder["deploy.log"]));
        Assert.Empty(stream.Lines);
    }

    [Fact]
    public void Lines_that_a_file_does_not_take_are_counted_said_once_and_said_in_it_when_it_does()
    {
        using var folder = new TempFolder();
        using var stream = StallingStream.Open();
        string path = folder["error.log"];
        Directory.CreateDirectory(path);
        var time = new SetTime(Start);
        using (var log = new DaemonLog(stream, new LogSender(), time))
        {
            log.Use(new LogSettings { Write = true, ErrorPath = path, AccessPath = string.Empty });
            for (int line = 0; line < 5; line++)
            {
                log.Info("lost");
                time.Advance(TimeSpan.FromSeconds(1));
            }

            log.Use(new LogSettings { Write = true, ErrorPath = path, AccessPath = string.Empty, Level = LogLevel.Debug }); // waits for what stands before it
            Directory.Delete(path);
            time.Advance(TimeSpan.FromSeconds(1));
            log.Info("kept");
        }

        Assert.Equal(2, stream.Lines.Length); // at the start and at the reload
        Assert.All(stream.Lines, line => Assert.EndsWith($"error the log file {path} cannot be opened: Is a directory; its lines are lost until that is mended", line, StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(path);
        Assert.EndsWith($"warning 5 log lines were lost: the log file {path} cannot be opened: Is a directory", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("info kept", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void A_full_disk_under_the_access_log_is_said_in_the_error_log_and_the_count_at_the_end()
    {
        using var folder = new TempFolder();
        using var stream = StallingStream.Open();
        using (var log = new DaemonLog(stream, new LogSender(), new SetTime(Start)))
        {
            log.Use(new LogSettings { Write = true, ErrorPath = folder["error.log"], AccessPath = "/dev/full" });
            for (int request = 0; request < 100; request++)
            {
                log.Write(Request);
            }
        }

        string[] said = [.. stream.Lines.Select(line => line[(line.IndexOf(' ') + 1)..])];
        Assert.Equal(
            ["error the log file /dev/full cannot be written: No space left on device; its lines are lost until that is mended", "warning 100 log lines were lost: the log file /dev/full cannot be written: No space left on device"],
            said);
        Assert.EndsWith(said[0], Assert.Single(File.ReadAllLines(folder["error.log"])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_journal_gets_levels_and_no_times()
    {
        using var stream = StallingStream.Open();
        using (var log = new DaemonLog(stream, new LogSender { IsJournal = true }, TimeProvider.System))
        {
            log.Warning("w");
            log.Error("e");
        }

        Assert.Equal(["<4>w", "<3>e"], stream.Lines);
    }

    [Fact]
    public void A_stderr_is_the_journal_only_when_device_and_inode_are_its()
    {
        using var folder = new TempFolder();
        using var file = File.OpenHandle(folder["x"], FileMode.Create, FileAccess.Write);
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%d:%i", folder["x"]]) { RedirectStandardOutput = true })!;
        string id = stat.StandardOutput.ReadToEnd().Trim();
        int descriptor = (int)file.DangerousGetHandle();
        Assert.True(LogSender.LeadsToJournal(id, descriptor));
        Assert.False(LogSender.LeadsToJournal(id + "0", descriptor));
        Assert.False(LogSender.LeadsToJournal("8:7", descriptor));
        Assert.False(LogSender.LeadsToJournal(null, descriptor));
        Assert.False(LogSender.LeadsToJournal(id, 9999));
    }

    private sealed class StallingStream : MemoryStream
    {
        private readonly ManualResetEventSlim gate = new();
        private readonly Lock text = new();

        public string Text
        {
            get
            {
                lock (text)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public static StallingStream Open()
        {
            var stream = new StallingStream();
            stream.Release();
            return stream;
        }

        public void Release() => gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            gate.Wait();
            lock (text)
            {
                base.Write(buffer);
            }
        }

        protected override void Dispose(bool disposing)
        {
            gate.Set();
            base.Dispose(disposing);
        }
    }
}
