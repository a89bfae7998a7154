using System.Net;
using System.Net.Sockets;
using Deploy.Api;
using Deploy.Protocol.Sniffing;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Api;

public class AnswerTimeTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_peer_that_does_not_read_its_answer_gives_its_memory_back_after_a_time()
    {
        var log = new ListLog();
        var given = new TaskCompletionSource();
        var reply = new LegacyReply(200) { Body = [new byte[64 * 1024 * 1024]], Sent = () => given.TrySetResult() };
        var endpoint = new LegacyEndpoint(_ => Task.FromResult(reply), TimeProvider.System, log) { AnswerTime = TimeSpan.FromMilliseconds(300) };
        var sniffer = new ConnectionSniffer((_, _) => ValueTask.FromResult(true), _ => default, () => TimeSpan.FromSeconds(5), log);
        await using var host = new HttpHost(new Listening([new IPEndPoint(IPAddress.Loopback, 0)], 16), sniffer, endpoint.AnswerAsync, log);
        await host.StartAsync([], CancellationToken.None);
        host.Open();
        using (var slow = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await slow.ConnectAsync(host.Bound[0]);
            await slow.SendAsync("GET /agent/status HTTP/1.1\r\n\r\n"u8.ToArray());
            await given.Task;
            Assert.Contains(log.Entries, entry => entry.Message.Contains("has not read its answer within 0.3 s", StringComparison.Ordinal));
        }

        await host.StopAsync(CancellationToken.None);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_that_is_gone_before_orders_are_taken_costs_nothing_and_is_no_news()
    {
        var log = new ListLog();
        var endpoint = new LegacyEndpoint(_ => Task.FromResult(new LegacyReply(200)), TimeProvider.System, log);
        var sniffer = new ConnectionSniffer((_, _) => ValueTask.FromResult(true), _ => default, () => TimeSpan.FromSeconds(5), log);
        var ended = new TaskCompletionSource();
        await using var host = new HttpHost(new Listening([new IPEndPoint(IPAddress.Loopback, 0)], 16), sniffer, endpoint.AnswerAsync, log) { ConnectionEnded = ended.SetResult };
        await host.StartAsync([], CancellationToken.None);
        using (var early = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await early.ConnectAsync(host.Bound[0]);
            early.Close(0); // a reset
        }

        await ended.Task;
        host.Open();
        await host.StopAsync(CancellationToken.None);
        Assert.Empty(log.Entries);
    }
}
