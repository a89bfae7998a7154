using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Pins;
using Deploy.Security.Channel;

namespace Deploy.Modes.Client.Trust;

/// <summary><c>deploy client trust</c>: makes the keys of daemons known.</summary>
/// <param name="context">What it works with.</param>
internal sealed class TrustCommand(ClientContext context)
{
    private readonly ClientOptions options = context.Options;

    /// <summary>The command, for the client's.</summary>
    public Command Create()
    {
        var words = new Argument<string[]>("host") { HelpName = "HOST[:PORT]... [PIN]", Description = "daemons, by name or address; and the pin of one, as it prints it: deploy agent --print-pin", Arity = ArgumentArity.ZeroOrMore };
        var replace = new Option<bool>("--replace") { Description = "the key of a daemon that is known has changed, and that is right: take the new one" };
        var next = OptionKinds.Text("--next", "PIN", "take this one too, from when the daemon has it: before its key is changed");
        var list = new Option<bool>("--list") { Description = "print what is known, of these hosts or of all" };
        var remove = new Option<bool>("--remove") { Description = "forget these hosts" };
        var command = new Command("trust", "Make the keys of daemons known: who is asked, and sent orders, must have them.") { words, replace, next, list, remove };
        command.SetAction((parsed, cancellationToken) =>
        {
            options.RefuseLegacyForm(parsed);
            options.RefuseOthers(command, context.Pages, parsed);
            var file = ClientFile.Load(parsed.GetValue(options.Config));
            string? named = parsed.GetValue(options.KnownAgents);
            var places = new KnownAgentsPlaces(named is null ? file.KnownAgents : Path.GetFullPath(named), named is not null);
            bool json = options.Showing(parsed, context.Terminal, file.Output ?? Printing.Text).As == ShowAs.Json;
            var ask = Ask(parsed.GetValue(words) ?? [], file) with { Replaces = parsed.GetValue(replace), Next = parsed.GetValue(next) is { } text ? PinOf(text) : null };
            var trusting = new Trusting(places, context.Terminal, context.Time, json);
            return (parsed.GetValue(list), parsed.GetValue(remove), ask.Next is not null, ask.Replaces) switch
            {
                (true, false, false, false) when ask.Pin is null => trusting.ListAsync(ask),
                (false, true, false, false) when ask is { Pin: null, Hosts.Count: > 0 } => trusting.RemoveAsync(ask, cancellationToken),
                (false, false, true, false) when ask is { Pin: null, Hosts.Count: 1 } => trusting.PlanAsync(ask, cancellationToken),
                (false, false, false, _) when ask.Hosts.Count > 0 && (ask.Pin is null || ask.Hosts.Count == 1) => trusting.TrustAsync(ask, cancellationToken),
                (false, false, false, _) when ask.Hosts.Count == 0 => throw new UserError("no host", ExitCodes.Usage, "say whose key, e.g. deploy client trust web-001; what is known: deploy client trust --list"),
                (false, false, _, false) => throw new UserError("a pin belongs to one host", ExitCodes.Usage, "name one: deploy client trust web-001 PIN; of many at once each is shown and asked about"),
                _ => throw new UserError("these do not go together", ExitCodes.Usage, "see deploy client trust --help"),
            };
        });
        context.Pages[command] = new HelpPage("deploy client trust HOST[:PORT]... [OPTION...]\n       deploy client trust HOST[:PORT] PIN [--replace]\n       deploy client trust HOST[:PORT] --next PIN\n       deploy client trust --list|--remove [HOST[:PORT]...]")
        {
            Groups =
            [
                new HelpGroup("Keys", [replace, next, list, remove]),
                new HelpGroup("Hosts", [options.Port]),
                new HelpGroup("Output", [options.Json, options.NoColor, options.Debug]),
                new HelpGroup("Configuration", [options.KnownAgents, options.Config]),
            ],
            Examples =
            [
                ("deploy client trust web-001", "shows its pin and asks; compare it with what it printed itself"),
                ("deploy client trust web-001 deploy1-…", "asks nothing where that is its pin, and takes no other"),
                ("deploy client trust proxy-01:3441 --replace", "its key was made anew: shows both pins and asks"),
                ("deploy client trust web-[001-040] --known-agents /etc/deploy/known_agents", "for a proxy on this host; then reload it"),
            ],
        };
        return command;

        TrustAsk Ask(string[] given, ClientDefaults file)
        {
            var pin = given is [.., var last] && last.StartsWith(Pin.Prefix.TrimEnd('-'), StringComparison.OrdinalIgnoreCase) ? PinOf(last) : null;
            string[] hosts = pin is null ? given : given[..^1];
            return new TrustAsk(hosts.Length == 0 ? [] : HostAddress.ParseList(string.Join(',', hosts), file.Port ?? AgentSettings.DefaultPort, ExitCodes.Usage), pin);
        }
    }

    private static Pin PinOf(string text) =>
        Pin.TryParse(text, out var pin, out string? why) ? pin : throw new UserError($"that is no pin: {why}", ExitCodes.Usage, "copy it whole, as the daemon prints it: deploy agent --print-pin; nothing was asked");
}

/// <summary>What is to be done with which keys.</summary>
/// <param name="Hosts">Whose.</param>
/// <param name="Pin">The one that it must be; null asks.</param>
internal sealed record TrustAsk(IReadOnlyList<HostAddress> Hosts, Pin? Pin)
{
    /// <summary>Whether a known key may be replaced.</summary>
    public bool Replaces { get; init; }

    /// <summary>The key that one is going to have; null for none.</summary>
    public Pin? Next { get; init; }
}
