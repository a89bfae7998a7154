using System.CommandLine;
using System.Net;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Proxy;
using Deploy.Protocol.V1;

namespace Deploy.Modes.Client.Journal;

/// <summary>Where the jobs of a command line are: <c>--via</c>, or the proxy that client.toml names, or this machine.</summary>
internal static class Places
{
    /// <summary>The place; nothing is asked or opened yet.</summary>
    /// <exception cref="UserError">It is no proxy's name.</exception>
    public static JobPlace Open(ParseResult parsed, ClientContext context, ClientDefaults file)
    {
        var options = context.Options;
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

            var (host, port) = Proxy(via);
            return new ProxyPlace(new V1Peer(via, host, port == 0 ? ProxySettings.DefaultPort : port), given, context.Time);
        }

        string? port0 = parsed.GetValue(options.Port);
        int agentPort = port0 is null ? file.Port ?? AgentSettings.DefaultPort : HostName.ParsePort(port0) is > 0 and var read ? read : throw new UserError($"--port takes 1 to 65535, not '{SafeText.Of(port0)}'", ExitCodes.Usage);
        return new JournalPlace(new JournalSettings
        {
            Directory = JournalSettings.Place(Surroundings.Variable("XDG_STATE_HOME"), Surroundings.Variable("HOME")),
            Port = agentPort,
            FanOut = ClientInput.Number("--parallel", parsed.GetValue(options.Parallel), ClientInput.MaxParallel, ExitCodes.Usage) ?? file.Parallel ?? ClientInput.DefaultParallel,
        }, context.Terminal, context.Time);
    }

    /// <summary>Refuses what is not on this machine, before anything is sent.</summary>
    /// <param name="names">Looks names up.</param>
    /// <param name="hosts">Each a name as it is shown and the one that is asked. One that is not found is passed over: it is unreachable, and says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">One is elsewhere.</exception>
    public static async Task RefuseElsewhereAsync(HostNames names, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        foreach (string host in hosts)
        {
            try
            {
                if ((await names.FindAsync(host, cancellationToken).ConfigureAwait(false)).Any(address => !IPAddress.IsLoopback(address)))
                {
                    throw new UserError(
                        $"{SafeText.Of(host)} is not on this machine: v1 goes no further until it has its secure mode",
                        ExitCodes.Refused,
                        "nothing was sent; the original's protocol goes there: --key-cipher-file FILE, or --legacy for agents without a key of their own");
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
            : throw new UserError($"--via takes one host, NAME or NAME:PORT, not '{SafeText.Of(via)}'", ExitCodes.Usage);
}
