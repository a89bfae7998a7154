using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Deploy.Model.Jobs.Json;
using Deploy.Modes.Tui.Live;
using Deploy.Protocol.V1;
using Deploy.Tui;
using Xunit;

namespace Deploy.Tests.Modes.Tui.Live;

/// <summary>The stream of one daemon, here a few lines of script.</summary>
public class FollowerTests
{
    private const string Self = """{"name":"p","daemon":"proxy","version":"1","time":"2026-11-23T14:00:00Z"}""";

    private const string Stream = """
        {"seq":0,"epoch":"E","time":"2026-11-23T14:00:00Z","type":"hello"}
        {"seq":7,"epoch":"E","time":"2026-11-23T14:00:00Z","type":"host.facts","facts":{"name":"web-001","wire":"v1"}}

        """;

    /// <summary>What is known of jobs is asked for while events are taken; where that fails they are not lost.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Events_that_could_not_be_taken_are_asked_for_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = Channel.CreateUnbounded<string>();
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(listener, asked.Writer, stop.Token);
        using var wire = new V1Wire(TimeProvider.System);
        var client = new V1Client(wire, new V1Peer("p", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port));
        var told = Channel.CreateUnbounded<Message>();
        int takes = 0;
        var follower = new Follower(
            new Followed("p", client, IsProxy: true),
            _ => Task.CompletedTask,
            (_, _) => ++takes == 1 ? throw new V1Failure(V1Fault.Lost, client.Peer, "no answer") : Task.CompletedTask,
            told.Writer,
            TimeProvider.System);
        var following = follower.RunAsync(stop.Token);
        Assert.Equal("/v1/events", await asked.Reader.ReadAsync());
        Assert.Equal("/v1/events", await asked.Reader.ReadAsync()); // not behind what was not taken
        Assert.Equal("/v1/events?since=E%3A7", await asked.Reader.ReadAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        listener.Stop();
        await serving;
    }

    /// <summary>One answer a connection.</summary>
    private static async Task ServeAsync(TcpListener listener, ChannelWriter<string> asked, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var socket = await listener.AcceptSocketAsync(cancellationToken);
                byte[] bytes = new byte[8192];
                string head = Encoding.ASCII.GetString(bytes, 0, await socket.ReceiveAsync(bytes, cancellationToken));
                string path = head.Split(' ')[1];
                string body = path.StartsWith("/v1/events", StringComparison.Ordinal) ? Stream : Self;
                if (body == Stream)
                {
                    asked.TryWrite(path);
                }

                string kind = body == Stream ? V1Names.Lines : "application/json";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), cancellationToken);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IndexOutOfRangeException)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }
}
