using System.Net.Sockets;
using System.Text;
using Deploy.Logs;
using Deploy.Logs.Places;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Logs.Places;

public class SyslogSocketTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 11, 22, 13, 0, 5, TimeSpan.Zero).AddTicks(1234560);

    [Fact]
    public void A_line_is_one_message_of_RFC_5424()
    {
        using var folder = new TempFolder();
        using var daemon = Listen(folder["log"]);
        using var syslog = new SyslogSocket(Sender(folder));
        Assert.Null(syslog.Write(Time, LogLevel.Warning, "grün ist \"gut\""));
        Assert.Equal("<28>1 2026-11-22T13:00:05.123456Z web-1 deploy-agent 42 - - grün ist \"gut\"", Receive(daemon));
        Assert.Null(syslog.Write(Time, LogLevel.Emergency, "x"));
        Assert.StartsWith("<24>1 ", Receive(daemon), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_syslog_has_no_room_or_letters_for_are_made_fit()
    {
        using var folder = new TempFolder();
        using var daemon = Listen(folder["log"]);
        using var syslog = new SyslogSocket(Sender(folder) with { Host = string.Empty, Program = "depl oy\u00fc" + new string('x', 100) });
        Assert.Null(syslog.Write(Time, LogLevel.Info, "m"));
        Assert.Equal($"<30>1 2026-11-22T13:00:05.123456Z - depl-oy-{new string('x', 40)} 42 - - m", Receive(daemon));
    }

    [Fact]
    public void A_long_line_is_cut_between_two_characters()
    {
        using var folder = new TempFolder();
        using var daemon = Listen(folder["log"]);
        using var syslog = new SyslogSocket(Sender(folder));
        Assert.Null(syslog.Write(Time, LogLevel.Info, "a" + new string('\u20ac', 10_000)));
        string message = Receive(daemon);
        Assert.EndsWith(" - - a" + new string('\u20ac', 2730), message, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(message), 8000, 8400);
    }

    [Fact]
    public void Nobody_who_listens_and_one_who_does_not_read_cost_lines_and_a_daemon_that_comes_back_is_found()
    {
        using var folder = new TempFolder();
        using var syslog = new SyslogSocket(Sender(folder));
        Assert.StartsWith($"syslog at {folder["log"]} does not listen: ", syslog.Write(Time, LogLevel.Info, "lost"), StringComparison.Ordinal);
        using (var daemon = Listen(folder["log"]))
        {
            Assert.Null(syslog.Write(Time, LogLevel.Info, "first"));
            Assert.EndsWith("first", Receive(daemon), StringComparison.Ordinal);
            string? problem = null;
            for (int line = 0; line < 100_000 && problem is null; line++)
            {
                problem = syslog.Write(Time, LogLevel.Info, "flood"); // must not wait
            }

            Assert.StartsWith($"syslog at {folder["log"]} does not take the line: ", problem, StringComparison.Ordinal);
        }

        Assert.StartsWith($"syslog at {folder["log"]} does not listen: ", syslog.Write(Time, LogLevel.Info, "lost"), StringComparison.Ordinal);
        File.Delete(folder["log"]);
        using var second = Listen(folder["log"]);
        Assert.Null(syslog.Write(Time, LogLevel.Info, "again"));
        Assert.EndsWith("again", Receive(second), StringComparison.Ordinal);
    }

    private static LogSender Sender(TempFolder folder) => new() { Host = "web-1", Program = "deploy-agent", ProcessId = 42, SyslogPath = folder["log"] };

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Receive(Socket daemon)
    {
        byte[] buffer = new byte[64 * 1024];
        return Encoding.UTF8.GetString(buffer, 0, daemon.Receive(buffer));
    }
}
