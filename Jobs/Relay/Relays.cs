using Deploy.Jobs.Engine;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Protocol;
using Deploy.Security;

namespace Deploy.Jobs.Relay;

/// <summary>Where a proxy's orders come in: each is one job on many hosts. It is checked, sent to every host on the legacy wire, and comes to one answer.</summary>
/// <param name="rules">The rules in force, asked for each order, so that a reload changes the next one.</param>
/// <param name="jobs">Takes each as a job.</param>
/// <param name="memory">What all orders of the proxy share.</param>
/// <param name="names">Looks hosts up.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes what could not be read of an agent's answer.</param>
internal sealed class Relays(Func<RelayRules> rules, JobEngine jobs, RelayMemory memory, HostNames names, TimeProvider time, ILog log)
{
    /// <summary>Runs one order to its end. A client that has left meanwhile changes nothing: what was ordered goes on, as at the original's proxy.</summary>
    /// <param name="request">What and for whom.</param>
    /// <param name="cancellationToken">Ends the waiting for hosts; each has a result all the same.</param>
    public async Task<RelayOutcome> RunAsync(RelayRequest request, CancellationToken cancellationToken)
    {
        var inForce = rules();
        if (!HostList.TryParse(request.Args, out var list))
        {
            return new RelayOutcome.NotUnderstood();
        }

        var key = inForce.Keys.Find(request.ApiKey);
        var hosts = inForce.Resolve(key, list, out string? refused);
        if (key is null || refused is not null)
        {
            return new RelayOutcome.NotAllowed(refused ?? list.Names[0]);
        }

        if (hosts.Count == 0)
        {
            return new RelayOutcome.NoHosts(list.Names[0]);
        }

        request.Proved?.Invoke();
        var order = new AdoptedOrder(request.Order.Order, request.Order.Subject, [.. hosts.Select(host => host.Name)], new Asker(request.Order.Peer, $"API key {key.Name}")) { Begins = HostState.Connecting };
        var job = await jobs.AdoptAsync(order).ConfigureAwait(false);
        try
        {
            return await RunAsync(request.Order, hosts, inForce, job, $"{hosts.Count} {(hosts.Count == 1 ? "host" : "hosts")} by the API key {key.Name}", cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await job.EndBrokenAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<RelayOutcome.Relayed> RunAsync(OrderRequest order, IReadOnlyList<RelayHost> hosts, RelayRules inForce, AdoptedJob job, string whom, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(inForce.MaxRequestTime ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var answer = new RelayAnswer(order.Order, hosts.Count, memory);
        var tally = new RelayTally(order.Order);
        try
        {
            await new LegacyFanOut(new LegacyExchange(time, memory.Budget, names), inForce.FanOut, memory.Room)
                .RunAsync(hosts.Count, place => Ask(order, hosts[place], inForce), EndedAsync, either.Token).ConfigureAwait(false);
        }
        catch
        {
            answer.Drop();
            throw;
        }

        await job.EndAsync(tally.State, $"{whom}: {tally}").ConfigureAwait(false);
        return new RelayOutcome.Relayed(job, answer.Pieces(), answer.Drop);

        async Task EndedAsync(int place, LegacyOutcome outcome)
        {
            (LegacyOutcome Added, IReadOnlyList<string> Problems) all;
            try
            {
                all = await answer.AddAsync(place, hosts[place].Name, Ended(place, outcome), either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                all = await answer.AddAsync(place, hosts[place].Name, Ended(place, new Interrupted(true)), CancellationToken.None).ConfigureAwait(false);
            }

            var state = tally.Add(all.Added);
            string? why = Why(all.Added, all.Problems);
            Say(job, hosts[place], why);
            await job.EndAsync(place, new HostEnd(state, why is null ? null : SafeText.Of(why))).ConfigureAwait(false);
        }

        // What the client reads: the host as it was named, not where the proxy finds it (original: Proxy.pm); and what ended the waiting.
        LegacyOutcome Ended(int place, LegacyOutcome outcome) => outcome switch
        {
            NotReached not => not with { Host = HostName.Split(hosts[place].Name).Address },
            Interrupted stop when !cancellationToken.IsCancellationRequested => new TimedOut(inForce.MaxRequestTime!.Value, stop.Sent, "the whole request may take no longer"),
            _ => outcome,
        };
    }

    /// <summary>The key is made when its host's turn comes: it is good for a minute only. Neither args nor the client's API key go on to an agent, which has no use for them.</summary>
    private LegacyFanOut.Asking Ask(OrderRequest order, RelayHost host, RelayRules inForce) => host.Closed is { } why
        ? new LegacyFanOut.Asking(null, new NotAsked(why))
        : new LegacyRequest
        {
            Host = host.Address,
            Port = host.Port,
            Order = order.Order,
            Body = LegacyForm.Encode(new LegacyFields(LegacyKey.Make(host.KeyCipher, time.GetUtcNow()), order.Options, string.Empty, new Secret(string.Empty))),
            Ssl = host.Ssl,
            ThreadTimeout = inForce.HostTimeout,
            SocketTimeout = inForce.HostSocketTimeout,
        };

    /// <summary>Why a host's answer did not come, or is no JSON: the original's form has no place for it. Null where there is nothing to say.</summary>
    private static string? Why(LegacyOutcome outcome, IReadOnlyList<string> problems) => outcome switch
    {
        NotReached not => not.Why,
        TimedOut late => $"no answer within {late.After.TotalSeconds:0.###} s: {late.Last}",
        NoAnswer no => no.Why,
        Mismatch { PeerEncrypts: true } => "it answers in the ssl form and was asked in the plain one: the proxy needs its ssl_public_key",
        Mismatch => "it answers in the plain form and was asked in the ssl one: set ssl there, or take its ssl_public_key from the proxy",
        NotAsked not => not.Why,
        Answered { Code: 401 } => "the key of its configuration is another one, or its clock and this host's differ by a minute",
        _ when problems.Count > 0 => $"its answer is not valid JSON: {problems[0]}{(problems.Count > 1 ? $" (and {problems.Count - 1} more)" : string.Empty)}",
        _ => null,
    };

    /// <summary>One line for it.</summary>
    private void Say(AdoptedJob job, RelayHost host, string? why)
    {
        if (why is not null)
        {
            log.Notice($"job {job.Id} {job.Order.Word()} {host.Name} ({LegacyRequest.Shown(host.Address, host.Port)}): {SafeText.Of(why)}");
        }
    }
}
