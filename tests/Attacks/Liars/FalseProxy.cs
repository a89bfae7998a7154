using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Deploy.Security.Channel;
using Deploy.Tests.EndToEnd.Harness;

namespace Deploy.Tests.Attacks.Liars;

/// <summary>A TLS server with a key of its own that says to each request what a test wants said: a proxy in other hands.</summary>
internal sealed class FalseProxy : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> connections = [];
    private readonly Func<Request, Stream, CancellationToken, Task> script;
    private readonly Task accepting;
    private int count;

    /// <param name="script">Answers a request; the connection is closed when this ends.</param>
    public FalseProxy(Func<Request, Stream, CancellationToken, Task> script)
    {
        this.script = script;
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.62.2.1"), 0));
        listener.Listen(64);
        accepting = AcceptAsync();
    }

    /// <summary>Says these bytes to every request.</summary>
    public FalseProxy(Func<Request, byte[]> answer)
        : this((request, stream, cancellationToken) => stream.WriteAsync(answer(request), cancellationToken).AsTask())
    {
    }

    /// <summary>As <c>--via</c> takes it.</summary>
    public string Name => listener.LocalEndPoint!.ToString()!;

    /// <summary>The keys that it shows, one a connection, the last one again.</summary>
    public IReadOnlyList<X509Certificate2> Keys { get; init; } = [NewKey()];

    /// <summary>What it speaks; null for no TLS at all: then it says its answer at once.</summary>
    public SslProtocols? Speaks { get; init; } = SslProtocols.Tls13;

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>A line of known_agents.</summary>
    /// <param name="key">The key that is known.</param>
    public string KnownLine(X509Certificate2 key) => $"{listener.LocalEndPoint!.ToString()!.Split(':')[0]} {string.Join(' ', Name.Split(':'))} {Pin.Of(key)}\n";

    public static X509Certificate2 NewKey()
    {
        string pem = HostKey.MakePem(DateTimeOffset.UtcNow);
        return X509Certificate2.CreateFromPem(pem, pem);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(connections).WaitAsync(Eventually.Limit);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptAsync(stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var plain = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var key = Keys[Math.Min(Interlocked.Increment(ref count), Keys.Count) - 1];
            if (Speaks is not { } protocols)
            {
                await script(new Request(string.Empty, []), plain, stop.Token);
                return;
            }

            await using var tls = new SslStream(plain, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = key, EnabledSslProtocols = protocols, ApplicationProtocols = [SslApplicationProtocol.Http11] }, stop.Token);
            await AnswerAsync(tls);
            await tls.ShutdownAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or AuthenticationException or InvalidOperationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        if (await ReadAsync(stream) is { } request)
        {
            Requests.Enqueue(request);
            await script(request, stream, stop.Token);
            await stream.FlushAsync(stop.Token);
        }
    }

    /// <summary>One request; null where none comes.</summary>
    private async Task<Request?> ReadAsync(Stream stream)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. all]);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                string? length = text[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
                int body = length is null ? 0 : int.Parse(length.Split(' ')[1], CultureInfo.InvariantCulture);
                if (all.Count >= head + 4 + body)
                {
                    return new Request(text[..text.IndexOf(" HTTP/1.1", StringComparison.Ordinal)], [.. all.Skip(head + 4)]);
                }
            }

            int read = await stream.ReadAsync(buffer, stop.Token);
            if (read == 0)
            {
                return null;
            }

            all.AddRange(buffer.AsSpan(0, read));
        }
    }

    /// <summary>What it was asked.</summary>
    /// <param name="Line">E.g. <c>POST /v1/jobs</c>.</param>
    /// <param name="Body">Empty for none.</param>
    internal sealed record Request(string Line, byte[] Body);
}
