using System.Threading.Channels;

namespace Deploy.Tui.Demo;

/// <summary>A made-up fleet within this process, for a first look, recordings and measuring: hosts, a past, a rollout that goes on, and what the operator orders. Nothing of it is real, and it needs no network.</summary>
/// <param name="time">The clock that it lives by. Two fleets of one seed and one time tell the same.</param>
/// <param name="seed">Decides everything that is left to chance.</param>
/// <param name="hosts">How many.</param>
internal sealed class DemoFleet(TimeProvider time, int seed, int hosts = 500) : IFleet
{
    /// <summary>What happens within it is told together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Effect.OfFleet?> asked = Channel.CreateUnbounded<Effect.OfFleet?>(new UnboundedChannelOptions { SingleReader = true }); // null: the time has come

    /// <summary>Nothing goes on when it is left.</summary>
    public string? Future => "the demo has ended, and its jobs with it";

    public void Ask(Effect.OfFleet question) => asked.Writer.TryWrite(question);

    public async Task RunAsync(ChannelWriter<Message> messages, CancellationToken cancellationToken)
    {
        var world = new DemoWorld(seed, hosts, time.GetUtcNow());
        using var clock = time.CreateTimer(_ => asked.Writer.TryWrite(null), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await TellAsync(world.Greeting(), messages, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var now = time.GetUtcNow();
                await TellAsync(world.Advance(now), messages, cancellationToken).ConfigureAwait(false);
                while (asked.Reader.TryPeek(out var next) && next is null)
                {
                    asked.Reader.TryRead(out _);
                }

                if (asked.Reader.TryRead(out var question))
                {
                    await TellAsync(world.Answer(question!), messages, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var wait = world.Next - now;
                clock.Change(wait > Together ? wait : Together, Timeout.InfiniteTimeSpan);
                await asked.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is left.
        }
    }

    private static async Task TellAsync(IReadOnlyList<Message> told, ChannelWriter<Message> messages, CancellationToken cancellationToken)
    {
        foreach (var message in told)
        {
            await messages.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }
}
