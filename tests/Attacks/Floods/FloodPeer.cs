using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Deploy.Tests.EndToEnd.Harness;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>One connection of a flood, plain or within TLS, which sends what no client sends and reads as it likes. Whatever the other end does to it is an end, no failure.</summary>
internal sealed class FloodPeer : IAsyncDisposable
{
    private const int Port = 3440;
    private readonly Socket socket;
    private readonly NetworkStream raw;
    private readonly Stream stream;

    private FloodPeer(Socket socket, NetworkStream raw, Stream stream) => (this.socket, this.raw, this.stream) = (socket, raw, stream);

    /// <summary>Connects, and says nothing.</summary>
    /// <param name="address">The agent's.</param>
    /// <param name="from">The address that it comes from; null is any.</param>
    /// <param name="receiveBuffer">Bytes, small for a peer that takes next to nothing while it does not read.</param>
    public static async Task<FloodPeer> PlainAsync(string address, string? from = null, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        if (from is not null)
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        }

        using var limit = new CancellationTokenSource(Eventually.Limit);
        await socket.ConnectAsync(IPAddress.Parse(address), Port, limit.Token);
        var raw = new NetworkStream(socket, ownsSocket: true);
        return new FloodPeer(socket, raw, raw);
    }

    /// <summary>The same, with the handshake done; begun again where a loaded machine was too slow for it.</summary>
    public static async Task<FloodPeer> TlsAsync(string address, string? from = null, int? receiveBuffer = null)
    {
        for (int left = 5; ; left--)
        {
            var plain = await PlainAsync(address, from, receiveBuffer);
            var tls = new SslStream(plain.raw, leaveInnerStreamOpen: false);
            using var limit = new CancellationTokenSource(Eventually.Limit);
            try
            {
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = string.Empty, EnabledSslProtocols = SslProtocols.Tls13, RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null }, limit.Token);
                return new FloodPeer(plain.socket, plain.raw, tls);
            }
            catch (IOException) when (left > 0)
            {
                await tls.DisposeAsync();
            }
        }
    }

    /// <summary>Sends; false where the other end takes no more.</summary>
    public Task<bool> SendAsync(ReadOnlyMemory<byte> bytes) => SendAsync(stream, bytes);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte})"/>
    public Task<bool> SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends beside TLS, where that was begun: bytes that are no record of it.</summary>
    public Task<bool> SendRawAsync(ReadOnlyMemory<byte> bytes) => SendAsync(raw, bytes);

    /// <summary>Sends the same over and over, until so much is sent or the other end takes no more; how much it took.</summary>
    public async Task<long> PourAsync(ReadOnlyMemory<byte> piece, long most)
    {
        long sent = 0;
        while (sent < most && await SendAsync(piece))
        {
            sent += piece.Length;
        }

        return sent;
    }

    /// <summary>Sends this byte again and again, with a pause, until the other end answers or closes; then what it said to its end.</summary>
    public async Task<string> TrickleAsync(byte[] one, TimeSpan pause)
    {
        var end = ReadToEndAsync();
        while (!end.IsCompleted && await SendAsync(one))
        {
            await Task.WhenAny(end, Task.Delay(pause));
        }

        return await end;
    }

    /// <summary>All that comes until the other end closes, as Latin-1; a reset is an end, too.</summary>
    /// <exception cref="OperationCanceledException">It did not close within <see cref="Eventually.Limit"/>.</exception>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, limit.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // What came before counts.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Reads until this text came so often, or the end; how often it came.</summary>
    public async Task<int> ReadUntilAsync(string text, int times)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var rest = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        int found = 0;
        while (found < times && await ReadAsync(buffer, limit.Token) is > 0 and var count)
        {
            rest.Append(Encoding.Latin1.GetString(buffer, 0, count));
            string all = rest.ToString();
            int at = 0;
            for (int next; (next = all.IndexOf(text, at, StringComparison.Ordinal)) >= 0; at = next + text.Length)
            {
                found++;
            }

            rest.Clear().Append(all[Math.Max(at, all.Length - text.Length + 1)..]);
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0); // gone at once, or five thousand wait for their time
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is gone.
        }

        socket.Dispose();
        await stream.DisposeAsync();
    }

    private static async Task<bool> SendAsync(Stream to, ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            await to.WriteAsync(bytes, limit.Token);
            return true;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return 0;
        }
    }
}
