using System.CommandLine;
using System.Net;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Pins;
using Deploy.Modes.Proxy;
using Deploy.Modes.Signing;
using Deploy.Protocol.V1;
using Deploy.Security.Keys;
using Deploy.Security.Signatures;

namespace Deploy.Modes.Client.Journal;

/// <summary>Where the jobs of a command line are: <c>--via</c>, or the proxy that client.toml names, or this machine.</summary>
internal static class Places
{
    /// <summary>The place; nothing is asked or opened yet.</summary>
    /// <exception cref="UserError">It is no proxy's name.</exception>
    public static JobPlace Open(ParseResult parsed, ClientContext context, ClientDefaults file)
    {
        var options = context.Options;
        var (known, signing) = Trusted(parsed, options, file, context.Time);
        bool given = OptionKinds.IsGiven(parsed, options.Via);
        if (given && parsed.GetValue(options.Direct))
        {
            throw new UserError("--via and --direct do not go together", ExitCodes.Usage, "--direct is for a proxy that client.toml names");
        }

        if ((given ? parsed.GetValue(options.Via) : parsed.GetValue(options.Direct) ? null : file.Via) is { } via)
        {
            if (new Option[] { options.Port, options.Parallel }.FirstOrDefault(option => OptionKinds.IsGiven(parsed, option)) is { } idle)
            {
                throw new UserError(
                    $"{idle.Name} is for hosts that are asked without a proxy, and {(given ? "--via" : "client.toml")} names one",
                    ExitCodes.Usage,
                    idle == options.Port ? "the proxy knows its hosts' ports; its own stands behind its name: --via NAME:PORT" : "at a proxy: --max-parallel N");
            }

            return new ProxyPlace(ProxyPeer(via), given, known, signing, context.Terminal, context.Time);
        }

        return Here(parsed, context, file);
    }

    /// <summary>This machine, whatever proxy client.toml names.</summary>
    public static JournalPlace Here(ParseResult parsed, ClientContext context, ClientDefaults file)
    {
        var options = context.Options;
        var (known, signing) = Trusted(parsed, options, file, context.Time);
        return new JournalPlace(new JournalSettings
        {
            Directory = JournalSettings.Place(Surroundings.Variable("XDG_STATE_HOME"), Surroundings.Home),
            Port = AgentPort(parsed, options, file),
            FanOut = FanOut(parsed, options, file),
        }, known, signing, context.Terminal, context.Time);
    }

    /// <summary>Whose keys are known, and what signs.</summary>
    public static (KnownAgentsPlaces Known, RequestSigning Signing) Trusted(ParseResult parsed, ClientOptions options, ClientDefaults file, TimeProvider time)
    {
        string? named = parsed.GetValue(options.KnownAgents);
        var identity = new IdentityChoice(parsed.GetValue(options.Identity) ?? file.Identity, Surroundings.Variable("SSH_AUTH_SOCK"), Surroundings.Home);
        return (new KnownAgentsPlaces(named is null ? file.KnownAgents : Path.GetFullPath(named), named is not null), new RequestSigning(identity.OpenAsync, SignatureTags.Order, time));
    }

    /// <summary>The proxy of <c>--via</c>.</summary>
    /// <exception cref="UserError">It is no proxy's name.</exception>
    public static V1Peer ProxyPeer(string via)
    {
        var (host, port) = Proxy(via);
        return new V1Peer(via, host, port == 0 ? ProxySettings.DefaultPort : port);
    }

    /// <summary>The port of agents that name none.</summary>
    /// <exception cref="UserError">It is none.</exception>
    public static int AgentPort(ParseResult parsed, ClientOptions options, ClientDefaults file) =>
        parsed.GetValue(options.Port) is not { } given ? file.Port ?? AgentSettings.DefaultPort
            : HostName.ParsePort(given) is > 0 and var read ? read : throw new UserError($"--port takes 1 to 65535, not '{SafeText.Of(given)}'", ExitCodes.Usage);

    /// <summary>Hosts asked at once, without a proxy.</summary>
    /// <exception cref="UserError">It is no number.</exception>
    public static int FanOut(ParseResult parsed, ClientOptions options, ClientDefaults file) =>
        ClientInput.Number("--parallel", parsed.GetValue(options.Parallel), ClientInput.MaxParallel, ExitCodes.Usage) ?? file.Parallel ?? ClientInput.DefaultParallel;

    /// <summary>Refuses whoever is not on this machine and whose key is not known, before anything is sent to anybody.</summary>
    /// <param name="names">Looks names up.</param>
    /// <param name="keys">What is known.</param>
    /// <param name="peers">Who is going to be asked. One that is not found is passed over: it is unreachable, and says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">There is one.</exception>
    public static async Task RefuseElsewhereAsync(HostNames names, KnownKeys keys, IEnumerable<V1Peer> peers, CancellationToken cancellationToken)
    {
        foreach (var peer in peers.Where(peer => !keys.Knows(peer)))
        {
            try
            {
                if ((await names.FindAsync(peer.Host, cancellationToken).ConfigureAwait(false)).Any(address => !IPAddress.IsLoopback(address)))
                {
                    throw new UserError(
                        $"{SafeText.Of(peer.Shown)} is not on this machine, and its key is not known",
                        ExitCodes.Refused,
                        $"nothing was sent; {keys.HowToTrust(peer)}. The original's protocol goes there without: --key-cipher-file FILE, or --legacy for agents without a key of their own");
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Whoever asks it says so.
            }
        }
    }

    private static (string Host, int Port) Proxy(string via) =>
        HostExpression.TryParse(via, ports: true, out var expression, out _) && expression.Terms is [{ Sign: HostSign.Add, Pattern: { Count: 1 } host }] && host.Contains(via)
            ? HostName.Split(via)
            : throw new UserError($"--via takes one host, NAME or NAME:PORT, not '{SafeText.Of(via)}'", ExitCodes.Usage, "e.g. --via proxy-01, or --via proxy-01:3441");
}
