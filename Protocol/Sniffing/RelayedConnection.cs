using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Protocol.Sniffing;

/// <summary>A connection as the HTTP server sees it, where that is not what goes over the wire; no token fires when the peer closes its side.</summary>
/// <param name="peer">The connection itself.</param>
/// <param name="input">What the server reads instead.</param>
/// <param name="output">Where it writes.</param>
internal class RelayedConnection(ConnectionContext peer, PipeReader input, PipeWriter output) : ConnectionContext, IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    public override IDuplexPipe Transport { get => this; set => throw new NotSupportedException(); }

    public override string ConnectionId { get => peer.ConnectionId; set => peer.ConnectionId = value; }

    public override IFeatureCollection Features => peer.Features;

    public override IDictionary<object, object?> Items { get => peer.Items; set => peer.Items = value; }

    public override System.Net.EndPoint? LocalEndPoint { get => peer.LocalEndPoint; set => peer.LocalEndPoint = value; }

    public override System.Net.EndPoint? RemoteEndPoint { get => peer.RemoteEndPoint; set => peer.RemoteEndPoint = value; }

    public override CancellationToken ConnectionClosed { get; set; } = CancellationToken.None;

    public override void Abort(ConnectionAbortedException abortReason) => peer.Abort(abortReason);
}
