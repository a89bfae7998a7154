using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>
/// The lines of one job as they are printed. The stream of all that moves has none (2 MiB a host would drown it), so while a running job's log is in front, and only then, its own stream is read beside.
/// </summary>
/// <param name="view">Who knows the job.</param>
/// <param name="messages">Takes the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class LogFollowing(IView view, ChannelWriter<Message> messages, TimeProvider time)
{
    private const int MostStreams = 8; // ours: of a job of somebody else on agents, each agent has its own; the other lines are read when they end

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>Follows what is wished for, the newest wish at a time, until it is cancelled.</summary>
    public async Task RunAsync(ChannelReader<JobId?> wishes, CancellationToken cancellationToken)
    {
        var (following, stop) = (Task.CompletedTask, new CancellationTokenSource());
        try
        {
            await foreach (var wish in wishes.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await EndAsync(following, stop).ConfigureAwait(false);
                stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                following = wish is { } job ? FollowAsync(job, stop.Token) : Task.CompletedTask;
            }
        }
        finally
        {
            await EndAsync(following, stop).ConfigureAwait(false);
        }
    }

    private static async Task EndAsync(Task following, CancellationTokenSource stop)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await following.ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            // It was to end.
        }
        finally
        {
            stop.Dispose();
        }
    }

    private async Task FollowAsync(JobId job, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var known = await view.WhoKnowsAsync(job, null, cancellationToken).ConfigureAwait(false);
                await Task.WhenAll(known.Take(MostStreams).Select(at => Batching.RunAsync(LinesAsync(at, job, cancellationToken), TellAsync, time, cancellationToken))).ConfigureAwait(false);
                return; // the job has ended
            }
            catch (IOException)
            {
                // The stream of the daemon itself says that it is lost.
            }

            await Task.Delay(Again, time, cancellationToken).ConfigureAwait(false);
        }

        Task TellAsync(IReadOnlyList<JobEvent> lines) => messages.WriteAsync(new Message.Printed(lines), cancellationToken).AsTask();
    }

    private static async IAsyncEnumerable<JobEvent> LinesAsync(KnownJob at, JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var one in at.Jobs.EventsAsync(job, null, cancellationToken).ConfigureAwait(false))
        {
            if (one is { Type: EventType.HostLog, Host: not null, Log: not null })
            {
                yield return at.Host is null ? one : one with { Host = at.Host };
            }
        }
    }
}
