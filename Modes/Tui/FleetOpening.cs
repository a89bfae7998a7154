using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Modes.Tui.Live;
using Deploy.Tui.Wishes;

namespace Deploy.Modes.Tui;

/// <summary>From a command line to the fleet that it means, checked as far as that can be before anything is drawn: who may be asked, and that there is a key to sign with.</summary>
/// <param name="context">What the client's commands work with.</param>
internal sealed class FleetOpening(ClientContext context)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>The place; nothing is asked yet.</summary>
    /// <exception cref="UserError">None is named, or two are.</exception>
    public JobPlace Place(ParseResult parsed, ClientDefaults file)
    {
        var options = context.Options;
        bool hosts = OptionKinds.IsGiven(parsed, options.Hosts);
        if (hosts && OptionKinds.IsGiven(parsed, options.Via))
        {
            throw new UserError("--hosts and --via do not go together here", ExitCodes.Usage, "--hosts looks at agents themselves, --via at all that a proxy has");
        }

        if (hosts)
        {
            return Places.Here(parsed, context, file);
        }

        return Places.Open(parsed, context, file) is ProxyPlace proxy ? proxy
            : throw new UserError("no hosts", ExitCodes.Usage, "say where to look: --via PROXY, --hosts web-001,web-002, or --demo for a made-up fleet");
    }

    /// <summary>Checks and asks: a proxy has to answer, of agents some may be down.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="place">Its place.</param>
    /// <param name="orders">Whether jobs may be given from what is shown: else this user's own are not opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">It cannot be asked. Beside it what asking fails with: <see cref="IOException"/>.</exception>
    public async Task<FleetPlace> OpenAsync(ParseResult parsed, JobPlace place, bool orders, CancellationToken cancellationToken)
    {
        await place.CheckAsync(cancellationToken).ConfigureAwait(false);
        if (place is ProxyPlace proxy)
        {
            await proxy.Daemon.Within(AnswerTime).SelfAsync(cancellationToken).ConfigureAwait(false);
            return new FleetPlace(place, [new Followed(place.Name, proxy.Daemon, IsProxy: true)]);
        }

        var hosts = await ChosenHosts.OfAsync(new HostWords { Hosts = parsed.GetValue(context.Options.Hosts) }, place, cancellationToken).ConfigureAwait(false);
        var agents = await ((JournalPlace)place).AgentsAsync(hosts.Names, hosts.Ports, orders, cancellationToken).ConfigureAwait(false);
        return new FleetPlace(place, [.. agents.Select(agent => new Followed(agent.Peer.Name, agent, IsProxy: false))]);
    }

    /// <summary>What a command line says to come here again, with a blank in front; nothing where client.toml says it.</summary>
    public string Option(ParseResult parsed, JobPlace place) =>
        (parsed.GetValue(context.Options.Hosts) is { } hosts ? $" --hosts {ShellQuote.Of(hosts)}" : place.Option)
        + Given(parsed, context.Options.Identity) + Given(parsed, context.Options.KnownAgents) + Given(parsed, context.Options.Config);

    private static string Given(ParseResult parsed, Option<string> option) =>
        OptionKinds.IsGiven(parsed, option) && parsed.GetValue(option) is { } value ? $" {option.Name} {ShellQuote.Of(value)}" : string.Empty;
}
