using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// A connection whose peer may close its sending side once its request is out, as old clients do: the end is hidden while bytes of the request
/// remain, and no token fires for it. Kestrel would take a half-close for a client that went away and drop the answer.
/// </summary>
internal sealed class HalfCloseConnection : ConnectionContext, IDuplexPipe
{
    private readonly ConnectionContext inner;

    public HalfCloseConnection(ConnectionContext inner)
    {
        this.inner = inner;
        Input = new PatientReader(inner.Transport.Input);
        Transport = this;
    }

    public PipeReader Input { get; }

    public PipeWriter Output => inner.Transport.Output;

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }

    public override IFeatureCollection Features => inner.Features;

    public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }

    public override System.Net.EndPoint? LocalEndPoint { get => inner.LocalEndPoint; set => inner.LocalEndPoint = value; }

    public override System.Net.EndPoint? RemoteEndPoint { get => inner.RemoteEndPoint; set => inner.RemoteEndPoint = value; }

    public override CancellationToken ConnectionClosed { get; set; } = CancellationToken.None;

    public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

    /// <summary>Hides the end while the reader makes headway: once it consumed nothing of what was there, it hears of the end, or it would ask for ever.</summary>
    private sealed class PatientReader(PipeReader inner) : PipeReader
    {
        private long left = long.MaxValue;

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Hide(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

        public override bool TryRead(out ReadResult result)
        {
            bool read = inner.TryRead(out result);
            result = Hide(result);
            return read;
        }

        private ReadResult Hide(ReadResult read)
        {
            if (!read.IsCompleted || read.Buffer.IsEmpty || read.Buffer.Length >= left)
            {
                return read;
            }

            left = read.Buffer.Length;
            return new ReadResult(read.Buffer, read.IsCanceled, false);
        }
    }
}
