using System.Text;
using System.Text.Json;
using Deploy.Protocol;
using Deploy.Protocol.Receiving;
using Xunit;

namespace Deploy.Tests.Protocol;

public class ResponseReaderTests
{
    [Theory]
    [MemberData(nameof(WireRecording.Exchanges), MemberType = typeof(WireRecording))]
    public void A_recorded_answer_prints_as_the_original_client_printed_it(string name)
    {
        var printed = JsonDocument.Parse(WireRecording.Printed(name)).RootElement.EnumerateObject().First().Value.EnumerateObject().First().Value;
        byte[] wire = WireRecording.FromServer(name);

        // Nothing came, or too late (the proxy took 6 s): thread_timeout was 5 s.
        bool late = wire.Length == 0 || name == "proxy_mixed_failures_default";
        var outcome = late ? new TimedOut(TimeSpan.FromSeconds(5), true, string.Empty) : Read(wire, wire.Length);
        Assert.True(JsonElement.DeepEquals(printed, Json(LegacyResult.Of(outcome).Result.ToValue())), name);
    }

    [Fact]
    public void There_are_enough_recordings() => Assert.True(WireRecording.Exchanges().Count > 100);

    [Theory]
    [InlineData("plain_rlist_changes")]
    [InlineData("proxy_rlist_groups")]
    [InlineData("plain_status_E_empty")]
    public void Pieces_of_any_size_make_the_same_answer(string name)
    {
        byte[] wire = WireRecording.FromServer(name);
        var whole = (Answered)Read(wire, wire.Length);
        for (int size = 1; size < 40; size++)
        {
            var pieces = (Answered)Read(wire, size);
            Assert.Equal((whole.Code, whole.Reason), (pieces.Code, pieces.Reason));
            Assert.Equal(whole.Body.ToArray(), pieces.Body.ToArray());
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhi there", "hi there")]
    [InlineData("HTTP/1.0 200 OK\r\nX: HTTP/1.1 500 no\r\nServer: deploy\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200\r\ncontent-length:2\r\n\r\nhi!!!", "hi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "hi")]
    public void Odd_answers_that_mean_something(string wire, string body)
    {
        var answer = Assert.IsType<Answered>(Read(Encoding.ASCII.GetBytes(wire), 3));
        Assert.Equal((200, body), (answer.Code, Encoding.ASCII.GetString(answer.Body.Span)));
    }

    [Theory]
    [InlineData("", "without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", "2 of 5 bytes")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len", "within its answer")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "not HTTP")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0046", "not HTTP")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "headers")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n", "headers")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi", "headers")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "headers")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 268435457\r\n\r\n", "256 MiB")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", "256 MiB")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "headers")]
    public void Broken_answers_are_no_answer_and_say_why(string wire, string why) =>
        Assert.Contains(why, Assert.IsType<NoAnswer>(Read(Encoding.Latin1.GetBytes(wire), 3)).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("DEPLOY-SSL\r\n")]
    [InlineData("ssl-length:48\r\n\r\nSalted__")]
    public void The_encrypted_form_is_known_when_it_shows(string wire) => Assert.IsType<Mismatch>(Read(Encoding.ASCII.GetBytes(wire), 1));

    [Fact]
    public void An_endless_head_is_cut_off()
    {
        var reader = new ResponseReader(new ReceiveBudget(long.MaxValue));
        LegacyOutcome? outcome = reader.Feed("HTTP/1.1 200 OK\r\n"u8);
        int fed = 0;
        for (; outcome is null && fed < 1_000_000; fed += 10)
        {
            outcome = reader.Feed("X-Y: abcd\n"u8);
        }

        Assert.IsType<NoAnswer>(outcome);
        Assert.InRange(fed, LegacyLimits.MaxHeadBytes - 100, LegacyLimits.MaxHeadBytes + 100);
    }

    [Fact]
    public void A_promised_length_costs_no_memory_before_it_comes_and_the_budget_of_all_hosts_holds()
    {
        var budget = new ReceiveBudget(1_000_000);
        var promising = new ResponseReader(budget);
        Assert.Null(promising.Feed("HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n"u8));
        Assert.True(budget.TryTake(990_000));
        budget.Return(990_000);

        var pouring = new ResponseReader(budget);
        LegacyOutcome? outcome = pouring.Feed("HTTP/1.1 200 OK\r\n\r\n"u8);
        for (int i = 0; outcome is null && i < 100; i++)
        {
            outcome = pouring.Feed(new byte[100_000]);
        }

        Assert.Contains(" together", Assert.IsType<NoAnswer>(outcome).Why, StringComparison.Ordinal);
        Assert.True(budget.TryTake(990_000)); // given back
    }

    [Fact]
    public void A_small_answer_needs_no_budget_a_stalled_one_holds_twice_what_came_and_none_is_over_its_part()
    {
        byte[] small = [.. "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"u8, .. new byte[3000]];
        var empty = new ReceiveBudget(0);
        Assert.Equal(0, Assert.IsType<Answered>(new ResponseReader(empty).Feed(small)).HeldBytes);

        var budget = new ReceiveBudget(LegacyLimits.MaxRunBytes) { MostOfOne = 100 * 1024 * 1024 };
        var stalled = new ResponseReader(budget);
        Assert.Null(stalled.Feed("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"u8));
        for (int i = 0; i < 17; i++)
        {
            Assert.Null(stalled.Feed(new byte[1024 * 1024]));
        }

        Assert.InRange(LegacyLimits.MaxRunBytes - budget.Left, 0, 2 * 17 * 1024 * 1024);
        stalled.Dispose();
        Assert.Equal(LegacyLimits.MaxRunBytes, budget.Left);
        var large = new ResponseReader(budget).Feed("HTTP/1.1 200 OK\r\nContent-Length: 104857601\r\n\r\n"u8);
        Assert.Equal("its answer is over 100 MiB", Assert.IsType<NoAnswer>(large).Why);
    }

    [Fact]
    public void Any_bytes_end_in_an_outcome_without_an_exception()
    {
        var random = new Random(20261122);
        byte[] real = WireRecording.FromServer("plain_rlist_changes");
        for (int round = 0; round < 20_000; round++)
        {
            byte[] wire = [.. real.AsSpan(0, random.Next(real.Length + 1))];
            for (int changes = random.Next(6); changes > 0 && wire.Length > 0; changes--)
            {
                wire[random.Next(wire.Length)] = (byte)random.Next(256);
            }

            var outcome = Read(wire, 1 + random.Next(64));
            Assert.NotNull(LegacyResult.Of(outcome).Result);
        }
    }

    internal static JsonElement Json(LegacyValue value)
    {
        var text = new StringWriter();
        new LegacyWriter(text).WriteDocument(value);
        return JsonDocument.Parse(text.ToString()).RootElement;
    }

    private static LegacyOutcome Read(byte[] wire, int size)
    {
        var reader = new ResponseReader(new ReceiveBudget(LegacyLimits.MaxRunBytes));
        for (int at = 0; at < wire.Length; at += size)
        {
            if (reader.Feed(wire.AsSpan(at, Math.Min(size, wire.Length - at))) is { } outcome)
            {
                return outcome;
            }
        }

        return reader.Close();
    }
}
