using System.Threading.Channels;
using Deploy.Model.Jobs;

namespace Deploy.Modes.Tui.Live;

/// <summary>Events, put together: at once where it was quiet, else every 50 ms; so many at once at most, for else the stream waits, and its daemon keeps the newest of each host.</summary>
internal static class Batching
{
    private const int Most = 2000; // ours: of 10,000 hosts five batches

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads events until they end.</summary>
    /// <param name="events">The events.</param>
    /// <param name="take">Takes a batch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it, with <see cref="OperationCanceledException"/>.</param>
    public static async Task RunAsync(IAsyncEnumerable<JobEvent> events, Func<IReadOnlyList<JobEvent>, Task> take, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<JobEvent>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(events, channel.Writer, stop.Token);
        try
        {
            long last = time.GetTimestamp() - time.TimestampFrequency;
            while (await channel.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false))
            {
                var left = Pace - time.GetElapsedTime(last);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, time, stop.Token).ConfigureAwait(false);
                }

                var batch = new List<JobEvent>();
                while (batch.Count < Most && channel.Reader.TryRead(out var what))
                {
                    batch.Add(what);
                }

                await take(batch).ConfigureAwait(false);
                last = time.GetTimestamp();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // told through the channel
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<JobEvent> events, ChannelWriter<JobEvent> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var what in events.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await writer.WriteAsync(what, cancellationToken).ConfigureAwait(false);
            }

            writer.TryComplete();
        }
        catch (Exception error)
        {
            writer.TryComplete(error); // the reader throws it behind the last event
            throw;
        }
    }
}
