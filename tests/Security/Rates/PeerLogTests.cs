using System.Net;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Security.Rates;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Security.Rates;

public class PeerLogTests
{
    private static readonly IPAddress Peer = IPAddress.Parse("10.0.0.1");
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);
    private readonly ListLog log = new();

    [Fact]
    public void Of_an_address_the_first_lines_are_written_and_once_a_minute_how_many_more()
    {
        using var lines = new PeerLog(log, time);
        Many(lines, Limits.AddressLines + 5, "first");
        Assert.Equal(Limits.AddressLines, log.Entries.Count);
        time.Advance(Limits.RepeatsTime);
        Assert.Equal((LogLevel.Notice, "and 5 more from 10.0.0.1 in the last minute, the last: first"), log.Entries[^1]);

        Many(lines, 7, "second"); // it goes on
        Assert.Equal(Limits.AddressLines + 1, log.Entries.Count);
        time.Advance(Limits.RepeatsTime);
        Assert.Equal("and 7 more from 10.0.0.1 in the last minute, the last: second", log.Entries[^1].Message);

        time.Advance(Limits.RepeatsTime); // a minute of peace
        Assert.Equal(0, time.Armed);
        Many(lines, 1, "third");
        Assert.Equal("third", log.Entries[^1].Message);
        Assert.Equal(Limits.AddressLines + 3, log.Entries.Count);
    }

    [Fact]
    public void Another_address_and_what_is_nobodys_are_not_held_up()
    {
        using var lines = new PeerLog(log, time);
        Many(lines, Limits.AddressLines + 1, "a");
        lines.Write(LogLevel.Notice, IPAddress.Parse("10.0.0.2"), "b");
        lines.Write(LogLevel.Warning, null, "c");
        lines.Write(LogLevel.Error, "d");
        lines.Write(LogLevel.Debug, Peer, "e");
        Assert.Equal(["b", "c", "d", "e"], log.Entries.TakeLast(4).Select(entry => entry.Message));
    }

    [Fact]
    public void Of_a_long_message_the_beginning_is_kept()
    {
        using var lines = new PeerLog(log, time);
        string message = new('x', 32_000);
        Many(lines, Limits.AddressLines + 1, message);
        Assert.Equal(message, log.Entries[^1].Message);
        time.Advance(Limits.RepeatsTime);
        Assert.EndsWith($": {new string('x', 499)}…", log.Entries[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_counted_is_told_at_the_stop()
    {
        using (var lines = new PeerLog(log, time))
        {
            Many(lines, Limits.AddressLines + 2, "x");
        }

        Assert.Equal("and 2 more from 10.0.0.1 in the last minute, the last: x", log.Entries[^1].Message);
        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public void However_many_addresses_there_are_the_memory_is_bounded()
    {
        var told = new List<(string?, int)>();
        using (var repeats = new Repeats<string, int>(1, (key, more, _) => told.Add((key, more)), time, most: 3))
        {
            Assert.Equal(3, Enumerable.Range(0, 100).Count(key => repeats.IsFirst($"{key}", key)));
            Assert.False(repeats.IsFirst("0", 0));
        }

        Assert.Equal([("0", 1), (null, 97)], told);
    }

    private static void Many(PeerLog lines, int count, string line)
    {
        for (int at = 0; at < count; at++)
        {
            lines.Write(LogLevel.Notice, Peer, line);
        }
    }
}
