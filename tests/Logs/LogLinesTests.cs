using System.Net;
using System.Text.Json;
using Deploy.Logs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Logs;

public class LogLinesTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 23, 30, 5, TimeSpan.Zero);

    [Fact]
    public void An_access_line_is_the_originals_in_local_time()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var entry = new AccessEntry(IPAddress.Parse("::ffff:192.0.2.7"), "POST", "/agent/rlist", "HTTP/1.1") { Status = 401, BytesSent = 187, Order = "rlist" };
        Assert.Equal("192.0.2.7 - [2026/11/23 00:30:05] \"POST /agent/rlist HTTP/1.1\" 401 187", LogLines.Of(new LogEntry(Time, LogLevel.Info, string.Empty, entry), LogFormat.Text, berlin, isBare: false));
    }

    [Fact]
    public void Remote_text_can_end_neither_a_line_nor_a_field()
    {
        Prop.ForAll<string?, string?>((method, path) =>
        {
            var entry = new LogEntry(Time, LogLevel.Info, string.Empty, new AccessEntry(IPAddress.Loopback, method ?? "\"\n", path ?? "/\" 200 1\r", "HTTP/1.0") { Status = 404, BytesSent = 9, Job = "01K" });
            string text = LogLines.Of(entry, LogFormat.Text, TimeZoneInfo.Utc, isBare: true);
            string json = LogLines.Of(entry, LogFormat.Json, TimeZoneInfo.Utc, isBare: true);
            using var parsed = JsonDocument.Parse(json);
            return !text.Any(char.IsControl) && !json.Any(char.IsControl) && text.Count(letter => letter == '"') == 2 && text.Split('"')[1].Count(letter => letter == ' ') == 2
                && text.EndsWith("\" 404 9", StringComparison.Ordinal) && parsed.RootElement.GetProperty("status").GetInt32() == 404 && parsed.RootElement.GetProperty("job").GetString() == "01K";
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261122, 7));
    }

    [Fact]
    public void A_bare_line_is_the_message()
    {
        Assert.Equal("m", LogLines.Of(new LogEntry(Time, LogLevel.Alert, "m"), LogFormat.Text, TimeZoneInfo.Utc, isBare: true));
        Assert.Equal("2026-11-22T23:30:05.000Z alert m", LogLines.Of(new LogEntry(Time, LogLevel.Alert, "m"), LogFormat.Text, TimeZoneInfo.Utc, isBare: false));
    }

    [Theory]
    [InlineData(false, "/var/log/x", "/a", "stderr", null)]
    [InlineData(true, "", "", "stderr", null)]
    [InlineData(true, "stderr", "stderr", "stderr", "stderr")]
    [InlineData(true, "/dev/SysLog", "syslog", "syslog", "syslog")]
    [InlineData(true, "e.%Y.log", "/a.log", "/e.%Y.log", "/a.log")]
    public void Places_are_told_from_paths(bool write, string error, string access, string errorPlace, string? accessPlace)
    {
        var settings = new LogSettings { Write = write, ErrorPath = error, AccessPath = access };
        Assert.Equal((errorPlace, accessPlace), (settings.ErrorPlace, settings.AccessPlace));
    }
}
