using System.Net;
using System.Net.Sockets;
using System.Text;
using Deploy.Model;
using Deploy.Security;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A bare TCP connection to an agent, for peers that do what no client should.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private RawPeer()
    {
    }

    /// <summary>Our end, as the agent's log names it.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>Connects; a small <paramref name="receiveBuffer"/> makes a peer that takes next to nothing while it does not read, <paramref name="from"/> is an address of its own.</summary>
    public static async Task<RawPeer> ConnectAsync(string address, int? receiveBuffer = null, int port = 3440, string? from = null)
    {
        var peer = new RawPeer();
        if (from is not null)
        {
            peer.socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        }

        if (receiveBuffer is { } bytes)
        {
            peer.socket.ReceiveBufferSize = bytes;
        }

        using var limit = new CancellationTokenSource(Eventually.Limit);
        await peer.socket.ConnectAsync(IPAddress.Parse(address), port, limit.Token);
        peer.Name = peer.socket.LocalEndPoint!.ToString()!;
        return peer;
    }

    /// <summary>A whole and valid request as the original's client makes it.</summary>
    public static string Request(string order, string options)
    {
        string key = LegacyKey.Make(new Secret(AgentSetup.Key), DateTimeOffset.UtcNow).Reveal();
        string body = $"auth_key={key}&options={options}&args=&api_key=";
        return $"POST /agent/{order} HTTP/1.1\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>Sends Latin-1; an agent that has closed meanwhile is no error.</summary>
    public async Task SendAsync(string text)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), limit.Token);
            }
        }
        catch (SocketException)
        {
            // Closed under our hands, which is what most of these are here for.
        }
    }

    /// <summary>Sends one byte each interval until the agent closes; true when it did within the limit.</summary>
    public async Task<bool> TrickleAsync(TimeSpan interval)
    {
        long end = Environment.TickCount64 + (long)Eventually.Limit.TotalMilliseconds;
        while (Environment.TickCount64 < end)
        {
            await SendAsync("x");
            if (socket.Poll(interval, SelectMode.SelectRead))
            {
                return true; // An answer or the end: it gave up on us.
            }
        }

        return false;
    }

    /// <summary>Closes our sending side.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>What the agent sent until it closed; a reset is an end too.</summary>
    /// <exception cref="OperationCanceledException">It did not close within the limit.</exception>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var text = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // What came before the reset counts.
        }

        return text.ToString();
    }

    public void Dispose() => socket.Dispose();
}
