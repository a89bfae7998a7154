using Deploy.Jobs.Relay;
using Deploy.Jobs.Relay.Judging;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Modes.Client;

/// <summary>Asks all hosts of an order and judges what comes.</summary>
internal sealed class FanOut(ClientSettings settings, LegacyExchange exchange, TimeProvider time)
{
    /// <summary>One result a host, in the order asked. Cancellation ends the waiting; every host has a result all the same.</summary>
    /// <param name="ended">Told of each host as it ends, from any thread.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="AggregateException">Bugs, after all hosts have ended; the results are in <paramref name="results"/>.</exception>
    public Task RunAsync(HostRun?[] results, Action<HostRun> ended, CancellationToken cancellationToken)
    {
        var judge = new Judge(settings.Order, settings.Args, settings.Options, settings.NoKeyGiven) { Encoding = settings.Encoding, NoApiKey = settings.ApiKey.Reveal().Length == 0, Encrypted = settings.SslKey is not null };
        return new LegacyFanOut(exchange, settings.Parallel).RunAsync(settings.Hosts.Count, place => Request(settings.Hosts[place]), EndedAsync, cancellationToken);

        Task EndedAsync(int place, LegacyOutcome outcome)
        {
            var run = HostRun.Of(settings.Hosts[place], judge.Of(settings.Hosts[place].Name, outcome));
            results[place] = run;
            ended(run);
            return Task.CompletedTask;
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
            settings.Encoding),
        Ssl = settings.SslKey,
        ThreadTimeout = settings.ThreadTimeout,
        SocketTimeout = settings.SocketTimeout,
    };
}
