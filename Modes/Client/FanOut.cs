using Deploy.Modes.Client.Judging;
using Deploy.Output;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Modes.Client;

/// <summary>Asks all hosts, so many at once, each for itself: no host's failure touches another's result.</summary>
internal sealed class FanOut(ClientSettings settings, LegacyExchange exchange, TimeProvider time)
{
    /// <summary>One result a host, in the order asked. Cancellation ends the waiting; every host has a result all the same.</summary>
    /// <param name="ended">Told of each host as it ends, from any thread.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="AggregateException">Bugs, after all hosts have ended; the results are in <paramref name="results"/>.</exception>
    public async Task RunAsync(HostRun?[] results, Action<HostRun> ended, CancellationToken cancellationToken)
    {
        var judge = new Judge(settings.Order, settings.Args, settings.Options, settings.NoKeyGiven);
        using var window = new SemaphoreSlim(settings.Parallel);
        var all = Task.WhenAll(settings.Hosts.Select((host, place) => AskAsync(host, place)));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } bugs)
        {
            throw bugs;
        }

        async Task AskAsync(HostAddress host, int place)
        {
            LegacyOutcome outcome = new Interrupted(false);
            if (await EnterAsync(window, cancellationToken))
            {
                try
                {
                    outcome = await exchange.SendAsync(Request(host), cancellationToken);
                }
                finally
                {
                    window.Release();
                }
            }

            var run = judge.Of(host, outcome);
            results[place] = run;
            ended(run);
        }
    }

    /// <summary>The key is made when its host's turn comes: it is good for a minute only.</summary>
    private LegacyRequest Request(HostAddress host) => new()
    {
        Host = host.Address,
        Port = host.Port,
        Order = settings.Order,
        Body = LegacyForm.Encode(
            new LegacyFields(LegacyKey.Make(settings.KeyCipher, time.GetUtcNow()), settings.Options, settings.Args, settings.ApiKey),
            settings.OriginalProxy),
        ThreadTimeout = settings.ThreadTimeout,
        SocketTimeout = settings.SocketTimeout,
    };

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
}
