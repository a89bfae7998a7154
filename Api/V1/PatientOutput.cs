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

        using var timer = time.CreateTimer(static limit => CutOff((CancellationTokenSource)limit!), limit, patience, Timeout.InfiniteTimeSpan);
        try
        {
            return !(await sending.ConfigureAwait(false)).IsCompleted;
        }
        catch (OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                log.Notice($"{peer} has taken nothing of its answer for {patience.TotalSeconds:0.###} s: cut off");
            }

            context.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
            return false;
        }
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
