using Deploy.Jobs.Relay.Judging;
using Deploy.Model;
using Deploy.Modes.Client;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Protocol;
using Xunit;

namespace Deploy.Tests.Modes.Client;

public class FanOutTests
{
    private const int Patience = 60_000;

    [Fact(Timeout = Patience)]
    public async Task The_window_is_never_wider_than_asked_and_every_host_has_its_result()
    {
        byte[] answer = WireRecording.FromServer("plain_status_changes");
        await using var server = new ScriptedServer(async peer =>
        {
            await Task.Delay(20, peer.Stopped);
            await peer.SendAsync(answer);
        });
        var harness = new ClientHarness();
        Assert.Equal(0, await RunAsync(harness, Settings([.. Hosts(server, 200)], parallel: 7)));
        Assert.Equal(200, server.Connections);
        Assert.InRange(server.MostAtOnce, 2, 8); // a closed one may not have been noticed yet
        Assert.Contains("200 hosts: 200 ok", harness.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task One_host_that_hangs_and_one_that_babbles_touch_no_other()
    {
        byte[] answer = WireRecording.FromServer("plain_status_changes");
        await using var good = ScriptedServer.Answering(answer);
        await using var hangs = new ScriptedServer(peer => peer.HangAsync());
        await using var babbles = new ScriptedServer(async peer =>
        {
            byte[] noise = new byte[64 * 1024];
            await peer.SendAsync("HTTP/1.1 200 OK\r\nX: "u8.ToArray());
            while (true)
            {
                await peer.SendAsync(noise);
            }
        });
        var harness = new ClientHarness();
        var settings = Settings([Host(hangs, "hangs"), Host(babbles, "babbles"), .. Hosts(good, 98)], parallel: 256) with { ThreadTimeout = TimeSpan.FromSeconds(10), SocketTimeout = TimeSpan.FromSeconds(2) };
        Assert.Equal(ExitCodes.HostFailed, await RunAsync(harness, settings));
        Assert.Contains("100 hosts: 98 ok, 2 failed", harness.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Interrupted_it_prints_what_is_known_and_loses_no_host()
    {
        using var stop = new CancellationTokenSource();
        await using var good = ScriptedServer.Answering(WireRecording.FromServer("plain_rsync"));
        int hanging = 0;
        await using var hangs = new ScriptedServer(async peer =>
        {
            if (Interlocked.Increment(ref hanging) == 2)
            {
                await stop.CancelAsync();
            }

            await peer.HangAsync();
        });
        var harness = new ClientHarness();
        var settings = Settings([Host(good, "done"), Host(hangs, "h1"), Host(hangs, "h2"), .. Hosts(good, 5)], parallel: 2) with { Order = Order.Rsync };
        Assert.Equal(ExitCodes.Interrupted, await new ClientRun(settings, harness.Terminal, TimeProvider.System).RunAsync(stop.Token));
        Assert.Contains("8 hosts: 1 ok, 5 cancelled, 2 unknown", harness.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Many_large_answers_stay_within_the_budget()
    {
        // 40 MiB each, 40 hosts: more than the run's GiB. Each host ends, and the process does not grow without bound.
        byte[] part = new byte[1024 * 1024];
        part.AsSpan().Fill((byte)' ');
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.SendAsync("HTTP/1.1 500 Oops\r\n\r\n"u8.ToArray());
            for (int i = 0; i < 40; i++)
            {
                await peer.SendAsync(part);
            }
        });
        var budget = new Deploy.Protocol.ReceiveBudget(200L * 1024 * 1024);
        var settings = Settings([.. Hosts(server, 40)], parallel: 40) with { ThreadTimeout = TimeSpan.FromSeconds(50), SocketTimeout = TimeSpan.FromSeconds(50) };
        var outcomes = new HostRun?[40];
        await new FanOut(settings, new Deploy.Protocol.LegacyExchange(TimeProvider.System, budget), TimeProvider.System).RunAsync(outcomes, _ => { }, CancellationToken.None);
        Assert.All(outcomes, run => Assert.Single(run!.Reports));
        Assert.Contains(outcomes, run => run!.Reports[0].Note.Contains(" together", StringComparison.Ordinal));
    }

    private static Task<int> RunAsync(ClientHarness harness, ClientSettings settings) => new ClientRun(settings, harness.Terminal, TimeProvider.System).RunAsync(CancellationToken.None);

    private static HostAddress Host(ScriptedServer server, string name) => new(name, server.Address, server.Port);

    private static IEnumerable<HostAddress> Hosts(ScriptedServer server, int count) => Enumerable.Range(1, count).Select(i => Host(server, $"web{i}"));

    private static ClientSettings Settings(IReadOnlyList<HostAddress> hosts, int parallel) => new()
    {
        Order = Order.Status,
        Hosts = hosts,
        KeyCipher = new Secret("s3cret"),
        ApiKey = new Secret(string.Empty),
        ThreadTimeout = TimeSpan.FromSeconds(30),
        SocketTimeout = TimeSpan.FromSeconds(30),
        Parallel = parallel,
    };
}
