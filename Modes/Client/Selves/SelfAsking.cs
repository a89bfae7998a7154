using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Journal;
using Deploy.Output;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Selves;

/// <summary>Asks daemons what they tell of themselves, all at once: the agents of <c>--hosts</c>, or the proxy of <c>--via</c>.</summary>
/// <param name="options">The client's.</param>
/// <param name="terminal">What is to be said of their keys is said there.</param>
/// <param name="time">The clock.</param>
internal sealed class SelfAsking(ClientOptions options, Terminal terminal, TimeProvider time)
{
    /// <summary>An answer for each, in natural order.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">What client.toml says. A proxy that it names counts where there is no <c>--hosts</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">Nobody is named, or there is no key to sign with.</exception>
    public async Task<IReadOnlyList<SelfAnswer>> RunAsync(ParseResult parsed, ClientDefaults file, CancellationToken cancellationToken)
    {
        var peers = Peers(parsed, file);
        var (known, signing) = Places.Trusted(parsed, options, file, time);
        var keys = known.Open(terminal.Error.WriteLine, signing);
        if (peers.Any(keys.Knows))
        {
            await signing.SignerAsync(cancellationToken).ConfigureAwait(false); // said once, not of each host
        }

        using var wire = new V1Wire(time, new HostNames(), keys.Secure);
        var answers = new SelfAnswer[peers.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Places.FanOut(parsed, options, file), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, peers.Count, parallel, async (place, token) => answers[place] = await AskAsync(wire, peers[place], token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. answers.OrderBy(one => one.Host, HostOrder.Natural)];
    }

    private IReadOnlyList<V1Peer> Peers(ParseResult parsed, ClientDefaults file)
    {
        string? hosts = parsed.GetValue(options.Hosts);
        bool viaGiven = OptionKinds.IsGiven(parsed, options.Via);
        if (hosts is not null && viaGiven)
        {
            throw new UserError("--hosts and --via do not go together here", ExitCodes.Usage, "--hosts asks agents themselves, --via the proxy; what a proxy knows of its agents: deploy client hosts --via PROXY");
        }

        return hosts is not null ? [.. HostAddress.ParseList(hosts, Places.AgentPort(parsed, options, file), ExitCodes.Usage).Select(host => new V1Peer(host.Name, host.Address, host.Port))]
            : (parsed.GetValue(options.Via) ?? file.Via) is { } via ? [Places.ProxyPeer(via)]
            : throw new UserError("no hosts", ExitCodes.Usage, "say whom to ask: --hosts web-001,web-002, or --via PROXY");
    }

    private async Task<SelfAnswer> AskAsync(V1Wire wire, V1Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            var asked = time.GetUtcNow();
            long begun = time.GetTimestamp();
            var self = await new V1Client(wire, peer).SelfAsync(cancellationToken).ConfigureAwait(false);
            return new SelfAnswer(peer.Name) { Self = self, Skew = self.Time - asked - (time.GetElapsedTime(begun) / 2) };
        }
        catch (V1Failure failure)
        {
            bool isKey = failure.Problem?.Type is ProblemTypes.Unauthenticated or ProblemTypes.ClockSkew || failure.IsOtherKey;
            return new SelfAnswer(peer.Name)
            {
                Error = failure.Problem?.Detail ?? failure.Why,
                Hint = failure.Problem?.Hint,
                ExitCode = isKey ? ExitCodes.Authentication : failure.Problem is not null ? ExitCodes.Refused : ExitCodes.HostUnreachable,
            };
        }
    }
}
