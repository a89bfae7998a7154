using System.Net;
using System.Net.Sockets;
using System.Text;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Security;

namespace Deploy.Tests.Fixtures;

/// <summary>One agent in this process, on 127.0.0.1 and a free port, with raw sockets to speak to it.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    public const string Key = "s3cret";

    private AgentFixture(AgentDaemon daemon, ListLog log) => (Daemon, Log) = (daemon, log);

    public AgentDaemon Daemon { get; }

    public ListLog Log { get; }

    public IPEndPoint Address => Daemon.Bound[0];

    /// <summary>Starts one; <paramref name="change"/> gets settings that allow 127.0.0.1 and nothing to write. <paramref name="time"/> is the system's where null.</summary>
    public static async Task<AgentFixture> StartAsync(Func<AgentSettings, AgentSettings>? change = null, string? stateDirectory = null, TimeProvider? time = null)
    {
        var settings = new AgentSettings
        {
            UnsignedLoopback = true, // their subject is not who may
            Names = ["test-host"],
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            AllowedHosts = ["127.0.0.1"],
            KeyCipher = new Secret(Key),
            SocketTimeout = TimeSpan.FromSeconds(20), // a machine may stand still for seconds; a test of silence asks for less
        };
        var log = new ListLog();
        var daemon = new AgentDaemon(change?.Invoke(settings) ?? settings, stateDirectory, time ?? TimeProvider.System, log);
        await daemon.StartAsync(null, CancellationToken.None);
        return new AgentFixture(daemon, log);
    }

    /// <summary>A valid auth_key for now.</summary>
    public static string AuthKey() => LegacyKey.Make(new Secret(Key), DateTimeOffset.UtcNow).Reveal();

    /// <summary>The original client's request.</summary>
    public static string Request(string order, string options) => Request(order, options, AuthKey());

    /// <summary>The original client's request with this key.</summary>
    public static string Request(string order, string options, string key)
    {
        string body = $"auth_key={key}&options={options}&args=&api_key=";
        return $"POST /agent/{order} HTTP/1.1\r\nConnection: close\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}";
    }

    /// <summary>Sends an order as the original client does.</summary>
    public Task<Reply> OrderAsync(string order, string options) => SendAsync(Request(order, options));

    /// <summary>Sends these bytes (Latin-1) and reads until the agent closes.</summary>
    public Task<Reply> SendAsync(string request, bool halfClose = false, IPAddress? from = null) => SendAsync(Encoding.Latin1.GetBytes(request), halfClose, from);

    /// <summary>The same with bytes; <paramref name="pieces"/> sends them one by one.</summary>
    public Task<Reply> SendAsync(byte[] request, bool halfClose = false, IPAddress? from = null, bool pieces = false) => SendAsync(Address, request, halfClose, from, pieces);

    /// <summary>The same to any daemon.</summary>
    public static async Task<Reply> SendAsync(IPEndPoint to, byte[] request, bool halfClose = false, IPAddress? from = null, bool pieces = false)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await socket.ConnectAsync(to, limit.Token);
        socket.NoDelay = pieces;
        foreach (byte[] part in pieces ? request.Chunk(1) : [request])
        {
            await socket.SendAsync(part, limit.Token);
        }

        if (halfClose)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        return await ReadAsync(socket, limit.Token);
    }

    /// <summary>Reads an answer until the peer closes; a reset reads as its end.</summary>
    public static async Task<Reply> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // A reset: what came before it counts.
        }

        return Reply.Parse(bytes.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(TimeSpan.Zero);
        await Daemon.StopAsync(grace.Token);
        await Daemon.DisposeAsync();
    }
}

/// <summary>An answer as it came: status line and headers apart from the body; everything empty when nothing came.</summary>
internal sealed record Reply(string StatusLine, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>All that came.</summary>
    public byte[] Bytes { get; private init; } = [];

    public int Length => Bytes.Length;

    public static Reply Parse(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return new Reply(text, new Dictionary<string, string>(), string.Empty) { Bytes = bytes };
        }

        string[] lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new Reply(lines[0], headers, text[(end + 4)..]) { Bytes = bytes };
    }
}
