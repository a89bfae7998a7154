using Deploy.Protocol;

namespace Deploy.Jobs.Relay;

/// <summary>Asks many hosts, so many at once, each for itself: no host's failure touches another's outcome. The client's way to its hosts, and a proxy's to its agents.</summary>
/// <param name="exchange">Does each exchange.</param>
/// <param name="atOnce">Hosts of one run that are asked at once.</param>
/// <param name="shared">Room that all runs share, beside <paramref name="atOnce"/>; null where there is but one run.</param>
internal sealed class LegacyFanOut(LegacyExchange exchange, int atOnce, SemaphoreSlim? shared = null)
{
    /// <summary>Every place from 0 to below <paramref name="count"/> comes to an outcome, also when it is cancelled.</summary>
    /// <param name="count">How many.</param>
    /// <param name="ask">What a place is asked, made when its turn comes; or its outcome, where it is not to be asked.</param>
    /// <param name="ended">Takes each outcome as it comes, from any thread; what it throws is a bug.</param>
    /// <param name="cancellationToken">Stops waiting; what has not had its turn is <see cref="Interrupted"/>.</param>
    /// <exception cref="AggregateException">Bugs, after all places have ended.</exception>
    public async Task RunAsync(int count, Func<int, Asking> ask, Func<int, LegacyOutcome, Task> ended, CancellationToken cancellationToken)
    {
        using var window = new SemaphoreSlim(atOnce);
        var all = Task.WhenAll(Enumerable.Range(0, count).Select(AskAsync));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } bugs)
        {
            throw bugs;
        }

        async Task AskAsync(int place)
        {
            LegacyOutcome outcome = new Interrupted(false);
            if (await EnterAsync(window, cancellationToken))
            {
                try
                {
                    outcome = shared is null ? await TurnAsync(place) : await SharedTurnAsync(place, shared);
                }
                finally
                {
                    window.Release();
                }
            }

            await ended(place, outcome);
        }

        async Task<LegacyOutcome> SharedTurnAsync(int place, SemaphoreSlim room)
        {
            if (!await EnterAsync(room, cancellationToken))
            {
                return new Interrupted(false);
            }

            try
            {
                return await TurnAsync(place);
            }
            finally
            {
                room.Release();
            }
        }

        async Task<LegacyOutcome> TurnAsync(int place)
        {
            var asking = ask(place);
            return asking.Request is { } request ? await exchange.SendAsync(request, cancellationToken) : asking.Instead!;
        }
    }

    private static async Task<bool> EnterAsync(SemaphoreSlim window, CancellationToken cancellationToken)
    {
        try
        {
            await window.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>One place's turn: a request, or what stands in its place.</summary>
    internal readonly record struct Asking(LegacyRequest? Request, LegacyOutcome? Instead)
    {
        public static implicit operator Asking(LegacyRequest request) => new(request, null);
    }
}
