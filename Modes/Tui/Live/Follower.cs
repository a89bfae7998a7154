using System.Globalization;
using System.Threading.Channels;
using Deploy.Model.Jobs;
using Deploy.Protocol.V1;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>Follows one daemon by one stream for as long as the dashboard is up: lost, it is asked again, and goes on behind the last event where that is still known there.</summary>
/// <param name="daemon">Whom.</param>
/// <param name="whole">Reads what is shown of it, and tells it; asked once the stream has begun, so that nothing falls between, and again behind a gap.</param>
/// <param name="take">Takes events, in order, and tells them.</param>
/// <param name="messages">Takes what is told.</param>
/// <param name="time">The clock.</param>
internal sealed class Follower(Followed daemon, Func<CancellationToken, Task> whole, Func<IReadOnlyList<JobEvent>, CancellationToken, Task> take, ChannelWriter<Message> messages, TimeProvider time)
{
    private const int MostSilent = 2; // questions in a row without an answer while the stream says nothing either

    private static readonly TimeSpan AskPace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(5);

    private readonly Pauses pauses = new();
    private string? since;
    private string? epoch;
    private long heard;

    /// <summary>Called with what the daemon tells of itself, and how far its clock is ahead; null for nobody.</summary>
    public Func<DaemonSelf, TimeSpan, CancellationToken, Task>? Told { get; init; }

    /// <summary>Called when it was lost; null for nobody.</summary>
    public Func<V1Failure, CancellationToken, Task>? WasLost { get; init; }

    /// <summary>Until it is cancelled; ends by itself where asking again does not help.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            V1Failure lost;
            try
            {
                await ConnectAsync(cancellationToken).ConfigureAwait(false);
                lost = new V1Failure(V1Fault.Lost, daemon.Client.Peer, "it ended its stream: it stops, or is restarted");
            }
            catch (V1Failure failure)
            {
                lost = failure;
            }

            bool isOver = Followed.IsForGood(lost);
            var wait = pauses.Next();
            await messages.WriteAsync(new Message.Lost(daemon.Name, Followed.Line(lost), isOver ? null : time.GetUtcNow() + wait), cancellationToken).ConfigureAwait(false);
            if (WasLost is { } wasLost)
            {
                await wasLost(lost, cancellationToken).ConfigureAwait(false);
            }

            if (isOver)
            {
                return;
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var (self, latency) = await AskAsync(cancellationToken).ConfigureAwait(false);
        await messages.WriteAsync(new Message.Connected(daemon.Name, self, latency), cancellationToken).ConfigureAwait(false);
        heard = time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskOnAsync(either);
        try
        {
            await Batching.RunAsync(daemon.Client.EventsAsync(null, since, either.Token), events => TakeAsync(events, either.Token), time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new V1Failure(V1Fault.Lost, daemon.Client.Peer, "it does not answer");
        }
        finally
        {
            await either.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        heard = time.GetTimestamp();
        var told = new List<JobEvent>(events.Count);
        bool isQuiet = false;
        string? behind = since; // not gone on behind before all is told: what fails meanwhile is told again
        foreach (var what in events)
        {
            switch (what.Type)
            {
                case EventType.Hello:
                    pauses.Reset();
                    if (since is null || epoch != what.Epoch)
                    {
                        epoch = what.Epoch;
                        since = behind = null;
                        await messages.WriteAsync(new Message.Happened(daemon.Name, [what]), cancellationToken).ConfigureAwait(false); // first: of another epoch lower numbers count
                        await whole(cancellationToken).ConfigureAwait(false);
                    }

                    isQuiet = true;
                    break;
                case EventType.Gap:
                    since = behind = null;
                    await FlushAsync().ConfigureAwait(false);
                    await whole(cancellationToken).ConfigureAwait(false);
                    break;
                case EventType.Bookmark:
                    isQuiet = true;
                    break;
                default:
                    told.Add(what);
                    break;
            }

            behind = what.Seq > 0 && what.Type != EventType.Hello ? string.Create(CultureInfo.InvariantCulture, $"{what.Epoch}:{what.Seq}") : behind;
        }

        await FlushAsync().ConfigureAwait(false);
        since = behind;
        if (isQuiet)
        {
            await messages.WriteAsync(new Message.Heard(daemon.Name), cancellationToken).ConfigureAwait(false);
        }

        async Task FlushAsync()
        {
            if (told.Count > 0)
            {
                await take([.. told], cancellationToken).ConfigureAwait(false);
                told.Clear();
            }
        }
    }

    /// <summary>Asks every 10 s how long an answer takes; ends the stream where neither it nor the answer comes.</summary>
    private async Task AskOnAsync(CancellationTokenSource stream)
    {
        for (int silent = 0; ;)
        {
            await Task.Delay(AskPace, time, stream.Token).ConfigureAwait(false);
            try
            {
                var (_, latency) = await AskAsync(stream.Token).ConfigureAwait(false);
                silent = 0;
                await messages.WriteAsync(new Message.Heard(daemon.Name, latency), stream.Token).ConfigureAwait(false);
            }
            catch (V1Failure) when (!stream.IsCancellationRequested)
            {
                if (time.GetElapsedTime(heard) > AskPace && ++silent >= MostSilent)
                {
                    await stream.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
    }

    private async Task<(DaemonSelf Self, TimeSpan Latency)> AskAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        long begun = time.GetTimestamp();
        var self = await daemon.Client.Within(AskTime).SelfAsync(cancellationToken).ConfigureAwait(false);
        var latency = time.GetElapsedTime(begun);
        if (Told is { } told)
        {
            await told(self, self.Time - asked - (latency / 2), cancellationToken).ConfigureAwait(false);
        }

        return (self, latency);
    }
}
