using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Protocol.Sniffing;
using Microsoft.AspNetCore.Hosting.Server;
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
    private readonly ConcurrentDictionary<string, string> peers = new();

    /// <param name="listen">Where to listen; port 0 takes a free one.</param>
    /// <param name="backlog">Connections that the kernel holds for us; it caps the number itself.</param>
    /// <param name="sniffer">Looks at each connection first.</param>
    /// <param name="handler">Answers one request.</param>
    /// <param name="log">Takes what goes wrong on connections.</param>
    public HttpHost(IReadOnlyList<IPEndPoint> listen, int backlog, ConnectionSniffer sniffer, Func<IFeatureCollection, Task> handler, ILog log)
    {
        this.handler = handler;
        this.log = log;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = Limits.BodyBytes;
        options.Limits.MaxRequestHeadersTotalSize = Limits.HeadBytes;
        options.Limits.MaxRequestLineSize = Limits.HeadBytes / 2;
        options.Limits.MaxConcurrentConnections = Limits.Connections;
        options.Limits.RequestHeadersTimeout = Limits.HeadTime;
        options.Limits.KeepAliveTimeout = Limits.HeadTime;
        options.Limits.MinRequestBodyDataRate = new MinDataRate(Limits.BodyBytesPerSecond, Limits.BodyGrace);
        foreach (var endPoint in listen)
        {
            options.Listen(endPoint, on =>
            {
                on.Protocols = HttpProtocols.Http1;
                on.Use(http => connection => RunAsync(connection, sniffer, http));
            });
        }

        kestrelLog = new KestrelLog(log, id => peers.GetValueOrDefault(id));
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = backlog }), kestrelLog);
        server = new KestrelServer(Options.Create(options), transport, kestrelLog);
    }

    /// <summary>Binds and starts accepting.</summary>
    /// <exception cref="UserError">An address cannot be bound; names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new UserError($"cannot listen: {e.Message}", ExitCodes.Failed, "is another agent running, or the address not this host's? see: ss -ltnp");
        }
    }

    /// <summary>Stops accepting at once, lets requests under way end until the token fires, then aborts them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public Task ProcessRequestAsync(IFeatureCollection context) => handler(context);

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        if (exception is not null and not Microsoft.AspNetCore.Http.BadHttpRequestException and not OperationCanceledException)
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

    private async Task RunAsync(Microsoft.AspNetCore.Connections.ConnectionContext connection, ConnectionSniffer sniffer, Microsoft.AspNetCore.Connections.ConnectionDelegate http)
    {
        peers[connection.ConnectionId] = ConnectionSniffer.Peer(connection);
        try
        {
            await sniffer.RunAsync(connection, http).ConfigureAwait(false);
        }
        finally
        {
            peers.TryRemove(connection.ConnectionId, out _);
        }
    }
}
