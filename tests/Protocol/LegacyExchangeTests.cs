using System.Diagnostics;
using System.Text;
using Deploy.Model;
using Deploy.Protocol;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Protocol;

public class LegacyExchangeTests
{
    private const int Patience = 30_000; // ms; a test that takes longer hangs

    [Fact(Timeout = Patience)]
    public async Task The_request_is_the_recorded_one_byte_for_byte()
    {
        byte[] recorded = WireRecording.FromClient("plain_status_new");
        byte[]? sent = null;
        await using var server = new ScriptedServer(peer =>
        {
            sent = peer.Request;
            return peer.SendAsync(WireRecording.FromServer("plain_status_new"));
        });
        var outcome = await SendAsync(Request(server, WireRecording.Body(recorded)));
        Assert.Equal(200, Assert.IsType<Answered>(outcome).Code);
        Assert.Equal(Encoding.ASCII.GetString(recorded), Encoding.ASCII.GetString(sent!));
    }

    [Fact(Timeout = Patience)]
    public async Task A_closed_port_is_not_reached()
    {
        int port;
        await using (var server = ScriptedServer.Answering([]))
        {
            port = server.Port;
        }

        var outcome = await SendAsync(Request(null) with { Port = port });
        Assert.Equal("connection refused", Assert.IsType<NotReached>(outcome).Why);
        Assert.Equal($"can't connect to 127.0.0.1:{port}", ((LegacyString)LegacyResult.Of(outcome).Result.Content).Text);
    }

    [Fact(Timeout = Patience)]
    public async Task A_connection_that_is_closed_at_once_is_no_answer()
    {
        await using var server = ScriptedServer.Answering([]);
        Assert.Contains("without an answer", Assert.IsType<NoAnswer>(await SendAsync(Request(server))).Why, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_connection_that_is_reset_is_no_answer()
    {
        await using var server = new ScriptedServer(peer =>
        {
            peer.Reset();
            return Task.CompletedTask;
        });
        Assert.Contains("reset", Assert.IsType<NoAnswer>(await SendAsync(Request(server))).Why, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_silent_peer_costs_socket_timeout_where_that_is_the_shorter()
    {
        await using var server = new ScriptedServer(peer => peer.HangAsync());
        var outcome = await SendAsync(Request(server) with { SocketTimeout = TimeSpan.FromMilliseconds(300), ThreadTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal("it was silent for 0.3 s: nothing came", Assert.IsType<NoAnswer>(outcome).Why);
        var result = LegacyResult.Of(outcome).Result;
        Assert.Equal((1, 0, null, null, LegacyNull.Value), (result.ServerStatus, result.Return, result.ReturnCode, result.ReturnString, result.Content));
    }

    [Fact(Timeout = Patience)]
    public async Task With_equal_timeouts_thread_timeout_has_the_word_as_recorded()
    {
        await using var server = new ScriptedServer(peer => peer.HangAsync());
        var timeout = TimeSpan.FromSeconds(1);
        var outcome = await SendAsync(Request(server) with { SocketTimeout = timeout, ThreadTimeout = timeout });
        Assert.True(Assert.IsType<TimedOut>(outcome).Sent);
        Assert.Equal("Process Timeout(1)!", ((LegacyString)LegacyResult.Of(outcome).Result.Content).Text);
    }

    [Fact(Timeout = Patience)]
    public async Task A_byte_now_and_then_does_not_outlast_thread_timeout()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            foreach (byte one in WireRecording.FromServer("plain_rlist_many"))
            {
                await peer.SendAsync(new[] { one });
                await Task.Delay(50, peer.Stopped);
            }
        });
        var watch = Stopwatch.StartNew();
        var outcome = await SendAsync(Request(server) with { SocketTimeout = TimeSpan.FromSeconds(1), ThreadTimeout = TimeSpan.FromSeconds(2) });
        Assert.Contains("bytes", Assert.IsType<TimedOut>(outcome).Last, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 15);
    }

    [Fact(Timeout = Patience)]
    public async Task Cancelling_ends_the_wait_and_says_that_the_request_had_left()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(async peer =>
        {
            await stop.CancelAsync();
            await peer.HangAsync();
        });
        var outcome = await new LegacyExchange(TimeProvider.System, new ReceiveBudget(1 << 20)).SendAsync(Request(server), stop.Token);
        Assert.True(Assert.IsType<Interrupted>(outcome).Sent);
    }

    private static LegacyRequest Request(ScriptedServer? server, byte[]? body = null) => new()
    {
        Host = server?.Address ?? "127.0.0.1",
        Port = server?.Port ?? 1,
        Order = Order.Status,
        Body = body ?? "auth_key=&options=x&args=&api_key="u8.ToArray(),
        ThreadTimeout = TimeSpan.FromSeconds(20),
        SocketTimeout = TimeSpan.FromSeconds(20),
    };

    private static Task<LegacyOutcome> SendAsync(LegacyRequest request) =>
        new LegacyExchange(TimeProvider.System, new ReceiveBudget(1 << 20)).SendAsync(request, CancellationToken.None);
}
