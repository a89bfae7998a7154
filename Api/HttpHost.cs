using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Protocol.Sniffing;
using Deploy.Security.Rates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Deploy.Api;

/// <summary>The HTTP server of one daemon: Kestrel without the web host, the sniffer in front, one handler behind.</summary>
internal sealed class HttpHost : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    private readonly KestrelServer server;
    private readonly KestrelLog kestrelLog;
    private readonly Func<IFeatureCollection, Task> handler;
    private readonly ILog log;
    private readonly Listening listening;
    private IReadOnlyList<Socket> inherited = [];
    private readonly ConcurrentDictionary<string, IPEndPoint> peers = new(); // connections of which no fault has been said yet
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="listening">Where to listen, and how.</param>
    /// <param name="sniffer">Looks at each connection first.</param>
    /// <param name="handler">Answers one request.</param>
    /// <param name="log">Takes what goes wrong on connections.</param>
    public HttpHost(Listening listening, ConnectionSniffer sniffer, Func<IFeatureCollection, Task> handler, ILog log)
    {
        this.handler = handler;
        this.log = log;
        this.listening = listening;
        var options = new KestrelServerOptions { AddServerHeader = false };
        var digits = new DigitsAlone();
        options.RequestHeaderEncodingSelector = name => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? digits : null;
        options.Limits.MaxRequestBodySize = Limits.BodyBytes;
        options.Limits.MaxRequestHeadersTotalSize = Limits.HeadBytes;
        options.Limits.MaxRequestLineSize = Limits.HeadBytes / 2;
        options.Limits.MaxConcurrentConnections = Limits.Connections;
        options.Limits.RequestHeadersTimeout = Limits.HeadTime;
        options.Limits.KeepAliveTimeout = Limits.HeadTime;
        options.Limits.MinResponseDataRate = new MinDataRate(Limits.AnswerBytesPerSecond, Limits.BodyGrace);
        options.Limits.MinRequestBodyDataRate = new MinDataRate(Limits.BodyBytesPerSecond, Limits.BodyGrace);
        foreach (var endPoint in listening.At)
        {
            options.Listen(endPoint, on =>
            {
                on.Protocols = HttpProtocols.Http1;
                on.Use(http => connection => RunAsync(connection, sniffer, http));
            });
        }

        kestrelLog = new KestrelLog(log, SayBad, () => log.Write(LogLevel.Warning, null, $"a connection was closed: all {Limits.Connections} places are taken"));
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = listening.Backlog, CreateBoundListenSocket = endPoint => Bind((IPEndPoint)endPoint) }), kestrelLog);
        server = new KestrelServer(Options.Create(options), transport, kestrelLog);
    }

    /// <summary>How many connections one address may hold that have not shown who they are.</summary>
    public ConnectionShares Shares { get; init; } = new();

    /// <summary>Called after each connection's end, from any thread.</summary>
    public Action? ConnectionEnded { get; init; }

    /// <summary>Binds. Peers may connect from here on, and wait for <see cref="Open"/>.</summary>
    /// <param name="bound">Sockets that listen already, taken in place of those that would be bound to the same addresses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">An address cannot be bound; names it.</exception>
    public async Task StartAsync(IReadOnlyList<Socket> bound, CancellationToken cancellationToken)
    {
        inherited = bound;
        try
        {
            await server.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new UserError($"cannot listen on {string.Join(", ", listening.At)}: {e.GetBaseException().Message}", ExitCodes.Failed, e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied } ? "a port below 1024 takes root, or CAP_NET_BIND_SERVICE" : "does another one run here, or is the address not this host's? see: ss -ltnp");
        }
    }

    /// <summary>Serves those that wait and those that come.</summary>
    public void Open() => open.TrySetResult();

    /// <summary>Where it listens, free ports filled in; after the start.</summary>
    public IReadOnlyList<IPEndPoint> Bound => [.. server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(text =>
    {
        var address = new Uri(text);
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    })];

    /// <summary>Connections that are open; of those whose fault was said, not.</summary>
    public int Connections => peers.Count;

    /// <summary>Stops accepting at once, lets requests under way end until the token fires, then aborts them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException bad)
        {
            // The body broke a limit or ended early.
            SayBad(context.GetRequiredFeature<IHttpConnectionFeature>().ConnectionId, bad.Message);
            var response = context.GetRequiredFeature<IHttpResponseFeature>();
            if (!response.HasStarted)
            {
                response.StatusCode = bad.StatusCode;
                response.Headers.Connection = "close";
                response.Headers.ContentLength = 0;
            }
        }
        catch (Exception e) when (e is ConnectionResetException or OperationCanceledException)
        {
            SayBad(context.GetRequiredFeature<IHttpConnectionFeature>().ConnectionId, "the peer reset it before its request was whole");
        }
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        if (exception is not null and not OperationCanceledException)
        {
            // A bug: the connection got a 500 from Kestrel; the trace is for us.
            log.Error($"a request failed inside the daemon: {exception.ToString().ReplaceLineEndings(" | ")}");
        }
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        kestrelLog.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One line for each connection whose request cannot be taken, whoever notices first.</summary>
    private void SayBad(string connectionId, string why)
    {
        if (peers.TryRemove(connectionId, out var peer))
        {
            log.Write(LogLevel.Notice, peer.Address, $"connection from {peer} closed: not a request that this port takes ({why.Split(':')[0]})"); // what the server says after a colon is the peer's text: it may be a key that went astray
        }
    }

    private Socket Bind(IPEndPoint endPoint)
    {
        var socket = inherited.FirstOrDefault(given => endPoint.Equals(given.LocalEndPoint)) ?? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listening.Prepare(socket, endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionSniffer sniffer, ConnectionDelegate http)
    {
        var peer = connection.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        using var place = Shares.Take(peer.Address);
        if (place is null)
        {
            log.Write(LogLevel.Warning, peer.Address, $"connection from {peer} closed: its address has as many as it may that have not shown who they are ({Limits.AddressShare})");
            ConnectionEnded?.Invoke();
            return;
        }

        connection.Features.Set(place);
        peers[connection.ConnectionId] = peer;
        try
        {
            await open.Task.WaitAsync(connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!open.Task.IsCompletedSuccessfully)
            {
                return; // gone again before orders are taken
            }

            await sniffer.RunAsync(connection, http).ConfigureAwait(false);
        }
        finally
        {
            peers.TryRemove(connection.ConnectionId, out _);
            ConnectionEnded?.Invoke();
        }
    }
}
