using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Deploy.Protocol.Sniffing;

/// <summary>
/// A connection whose peer may close its sending side once its request is out, as old clients do: the end is hidden while bytes of the request
/// remain, and no token fires for it. Kestrel would take a half-close for a client that went away and drop the answer.
/// </summary>
internal sealed class HalfCloseConnection(ConnectionContext peer) : RelayedConnection(peer, new PatientReader(peer.Transport.Input), peer.Transport.Output)
{
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
