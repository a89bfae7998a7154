using System.IO.Pipelines;
using Deploy.Logs;
using Microsoft.AspNetCore.Http.Features;

namespace Deploy.Api.V1;

/// <summary>The body of an answer on its way to a peer that may be slow: what it does not take waits, within the server's 64 KiB, and a peer that takes nothing for too long is cut off.</summary>
/// <param name="context">The request's.</param>
/// <param name="patience">How long nothing may be taken.</param>
/// <param name="time">The clock.</param>
/// <param name="peer">For the log.</param>
/// <param name="log">Says who was cut off.</param>
internal sealed class PatientOutput(IFeatureCollection context, TimeSpan patience, TimeProvider time, string peer, ILog log)
{
    private readonly PipeWriter writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;

    /// <summary>Where to write; <see cref="FlushAsync"/> sends it.</summary>
    public PipeWriter Writer => writer;

    /// <summary>Sends what was written; false where nobody takes it any more.</summary>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => SendAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <summary>Sends these bytes, behind what was written; false where nobody takes them any more.</summary>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = bytes.IsEmpty ? writer.FlushAsync(limit.Token) : writer.WriteAsync(bytes, limit.Token);
        if (sending.IsCompletedSuccessfully)
        {
            return !sending.Result.IsCompleted; // as nearly always: no timer
        }

        return await WaitAsync(sending, limit).ConfigureAwait(false);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<FlushResult> sending, CancellationTokenSource limit)
    {
        bool late = false; // the token may have fired too by then: an aborted connection ends its request
        void End(object? state)
        {
            Volatile.Write(ref late, true);
            CutOff(limit);
        }

        using var timer = time.CreateTimer(End, null, patience, Timeout.InfiniteTimeSpan);
        try
        {
            if (!(await sending.ConfigureAwait(false)).IsCompleted)
            {
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        }

        if (Volatile.Read(ref late))
        {
            log.Notice($"{peer} has taken nothing of its answer for {patience.TotalSeconds:0.###} s: cut off");
        }

        return false;
    }

    /// <summary>On a timer's thread, where an exception would end the process.</summary>
    private static void CutOff(CancellationTokenSource limit)
    {
        try
        {
            limit.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was sent at the last moment.
        }
    }
}
