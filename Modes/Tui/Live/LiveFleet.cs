using System.Threading.Channels;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Tui;

namespace Deploy.Modes.Tui.Live;

/// <summary>A real fleet: follows its daemons by one stream each, and answers what the dashboard asks in the background.</summary>
/// <param name="place">Which.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveFleet(FleetPlace place, TimeProvider time) : IFleet
{
    private const int Readers = 8; // ours: questions at once
    private const int Actors = 4; // ours: orders and acts at once; a cancel may take half a minute
    private const int MostWaiting = 256; // ours: a person asks slower

    private readonly Channel<Effect.OfFleet> questions = Channel.CreateBounded<Effect.OfFleet>(MostWaiting);
    private readonly Channel<Effect.OfFleet> orders = Channel.CreateBounded<Effect.OfFleet>(MostWaiting);
    private readonly Channel<JobId?> logs = Channel.CreateBounded<JobId?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }); // the newest wish counts
    private ChannelWriter<Message>? messages;

    public string? Future => place.IsDirect
        ? "hosts that run end by themselves; this user's jobs start no other host until somebody watches them: deploy client watch ID"
        : $"what runs goes on at {place.Jobs.Name}";

    public void Ask(Effect.OfFleet question)
    {
        if (question is Effect.FollowLog log)
        {
            logs.Writer.TryWrite(log.Job);
        }
        else if (!(question is Effect.Submit or Effect.Act ? orders : questions).Writer.TryWrite(question))
        {
            messages?.TryWrite(question switch
            {
                Effect.Submit submit => new Message.Answered(submit.Ticket, null, "too much is asked at once: nothing was sent"),
                Effect.Act act => new Message.Answered(act.Ticket, null, "too much is asked at once: nothing was sent"),
                _ => new Message.Unanswered(question, "too much is asked at once"),
            });
        }
    }

    public async Task RunAsync(ChannelWriter<Message> messages, CancellationToken cancellationToken)
    {
        this.messages = messages;
        place.Jobs.Says = line => messages.TryWrite(new Message.Said(line, IsTrouble: true)); // nothing else may write to the terminal
        IView view = place.IsDirect ? new AgentsView(place, messages, time) : new ProxyView(place, messages, time);
        var asking = new Asking(place, view, messages, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] all =
        [
            GuardedAsync(view.RunAsync(either.Token), either),
            GuardedAsync(new LogFollowing(view, messages, time).RunAsync(logs.Reader, either.Token), either),
            .. Enumerable.Range(0, Readers).Select(_ => GuardedAsync(asking.RunAsync(questions.Reader, either.Token), either)),
            .. Enumerable.Range(0, Actors).Select(_ => GuardedAsync(asking.RunAsync(orders.Reader, either.Token), either)),
        ];
        try
        {
            await Task.WhenAll(all).ConfigureAwait(false);
        }
        finally
        {
            place.Jobs.Says = null;
        }
    }

    /// <summary>A part of it: what ends one by a bug ends the others.</summary>
    private static async Task GuardedAsync(Task part, CancellationTokenSource all)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            // The dashboard is being left.
        }
        catch
        {
            await all.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
