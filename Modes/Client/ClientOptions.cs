using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;

namespace Deploy.Modes.Client;

/// <summary>The options of <c>deploy client</c>; those that its orders share are recursive.</summary>
internal sealed class ClientOptions
{
    public Option<string> Hosts { get; } = Shared("--hosts", "LIST", "whom to ask: NAME, NAME:PORT, web-[01-20], !NAME leaves one out; parted by commas");

    public Option<string> Via { get; } = Shared("--via", "PROXY", "the proxy that passes the order on, NAME or NAME:PORT (3441); without it the agents are asked themselves");

    public Option<bool> Direct { get; } = Flag("--direct", "ask the agents themselves, though client.toml names a proxy");

    public Option<bool> Legacy { get; } = Flag("--legacy", "speak the original's protocol; so does whoever gives a key. `--legacy false` where $DEPLOY_KEY_CIPHER or the file has one");

    public Option<string> Port { get; } = Shared("--port", "PORT", "where a host names none, without --via; 3440, in the legacy form 3441");

    public Option<string> Parallel { get; } = Shared("--parallel", "N", "hosts asked at once, without --via and but for rollouts; 256");

    public Option<string> ThreadTimeout { get; } = Shared("--thread-timeout", "SECONDS", "the whole wait for one host, with a key; 60, in the legacy form 5");

    public Option<string> SocketTimeout { get; } = Shared("--socket-timeout", "SECONDS", "the wait for each next byte, with a key; 60, in the legacy form 5; for the connection at most 5");

    public Option<string> KeyCipherFile { get; } = Shared("--key-cipher-file", "FILE", "a file whose first line is the agents' key_cipher; or $DEPLOY_KEY_CIPHER");

    public Option<string> ApiKeyFile { get; } = Shared("--api-key-file", "FILE", "a file whose first line is a proxy's API key; or $DEPLOY_API_KEY");

    public Option<string> KeyCipher { get; } = Shared("--key-cipher", "KEY", "the key itself: others see it in the process list until it is written over");

    public Option<string> ApiKey { get; } = Shared("--api-key", "KEY", "likewise");

    public Option<string> SslPublicKey { get; } = Shared("--ssl-public-key", "FILE", "the hosts' RSA key (PEM): ask in the original's ssl form");

    public Option<string> Config { get; } = Shared("--config", "FILE", "defaults for these options; otherwise ~/.config/deploy/client.toml, else /etc/deploy/client.toml");

    /// <summary>The key that signs.</summary>
    public Option<string> Identity { get; } = Shared("--identity", "FILE", "the SSH key that signs orders, or its .pub to choose one of ssh-agent's; otherwise ssh-agent's first Ed25519 key, then ~/.ssh/id_ed25519");

    public Option<string> KnownAgents { get; } = Shared("--known-agents", "FILE", "the hosts' pins; otherwise ~/.config/deploy/known_agents, then /etc/deploy/known_agents");

    public Option<bool> Json { get; } = Flag("--json", "print JSON: the job with all its hosts; with a key the original client's. `--json false` where the file asks for it");

    public Option<bool> Ndjson { get; } = Flag("--ndjson", "print what happens as it happens, one JSON a line");

    public Option<bool> All { get; } = Flag("--all", "leave nothing out for length");

    public Option<bool> Quiet { get; } = Flag("--quiet", "print only hosts that are not ok");

    public Option<bool> NoColor { get; } = Flag("--no-color", "no colours; so does $NO_COLOR");

    public Option<bool> Debug { get; } = Flag("--debug", "show where, when deploy itself fails");

    public Option<string> Order { get; } = new("--order") { HelpName = "ORDER", Description = "status, rlist, rsync, rkill or exec" };

    public Option<string> Options { get; } = new("--options") { HelpName = "TEXT", Description = "a sync group; ORIGIN,TARGET; or NAME,ARG,ARG" };

    public Option<string> Args { get; } = new("--args") { HelpName = "TEXT", Description = "through a proxy: hosts:A,B or groups:G,H" };

    public Option<bool> OriginalProxy { get; } = new("--original-proxy") { Description = "the proxy is the Perl one: encode options twice" };

    public Option<string> IpcPath { get; } = new("--ipc-path") { HelpName = "PATH", Description = "no effect: of the original's process model" };

    public Option<string> WorkerMethod { get; } = new("--worker-method") { HelpName = "NAME", Description = "likewise" };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "say which options have no effect" };

    /// <summary>The options that every order has, by what they are about.</summary>
    public IReadOnlyList<HelpGroup> SharedGroups =>
    [
        new("Hosts", [Hosts, Via, Direct, Port, Parallel]),
        new("The original's protocol", [Legacy, KeyCipherFile, ApiKeyFile, KeyCipher, ApiKey, SslPublicKey, ThreadTimeout, SocketTimeout]),
        new("Output", [Json, Ndjson, Quiet, All, NoColor, Debug]),
        new("Configuration", [Identity, KnownAgents, Config]),
    ];

    /// <summary>The options of the form without a subcommand.</summary>
    public HelpGroup LegacyGroup => new("Legacy form", [Order, Options, Args, OriginalProxy, Verbose, IpcPath, WorkerMethod]);

    /// <summary>A subcommand has no options of the form without one.</summary>
    /// <exception cref="UserError">There is one.</exception>
    public void RefuseLegacyForm(ParseResult parsed)
    {
        if (LegacyGroup.Options.FirstOrDefault(option => OptionKinds.IsGiven(parsed, option)) is { } legacy)
        {
            throw new UserError($"{legacy.Name} belongs to the form without a subcommand", ExitCodes.Usage, "say either `deploy client status GROUP` or `deploy client --order=status --options=GROUP`");
        }
    }

    /// <summary>The client's options are recursive: of those, a command has what its page lists. One that had no effect would be taken for a choice of hosts, or worse.</summary>
    /// <exception cref="UserError">Another one is given.</exception>
    public void RefuseOthers(Command command, IReadOnlyDictionary<Command, HelpPage> pages, ParseResult parsed)
    {
        var own = pages[command].Groups.SelectMany(group => group.Options).ToHashSet();
        if (SharedGroups.SelectMany(group => group.Options).FirstOrDefault(option => !own.Contains(option) && OptionKinds.IsGiven(parsed, option)) is { } other)
        {
            throw new UserError($"{other.Name} is no option of deploy client {command.Name}", ExitCodes.Usage, $"nothing was asked; see deploy client {command.Name} --help");
        }
    }

    /// <summary>What was typed, but for the order and its options.</summary>
    public ClientInput Input(ParseResult parsed) => new()
    {
        Hosts = parsed.GetValue(Hosts),
        Port = parsed.GetValue(Port),
        Parallel = parsed.GetValue(Parallel),
        ThreadTimeout = parsed.GetValue(ThreadTimeout),
        SocketTimeout = parsed.GetValue(SocketTimeout),
        KeyCipher = parsed.GetValue(KeyCipher),
        KeyCipherFile = parsed.GetValue(KeyCipherFile),
        ApiKey = parsed.GetValue(ApiKey),
        ApiKeyFile = parsed.GetValue(ApiKeyFile),
        SslPublicKey = parsed.GetValue(SslPublicKey),
    };

    /// <summary>How a job is shown.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where it is printed.</param>
    /// <param name="unasked">How, where the command line says nothing.</param>
    public Showing Showing(ParseResult parsed, Terminal terminal, Printing unasked) => new()
    {
        As = parsed.GetValue(Ndjson) ? ShowAs.Events : Printed(parsed, unasked) == Printing.Json ? ShowAs.Json : ShowAs.Text,
        Quiet = parsed.GetValue(Quiet),
        Color = HasColor(parsed, terminal),
        IsDumb = IsDumb,
        All = parsed.GetValue(All),
    };

    /// <summary>The settings with the way of printing that was asked for.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where it is printed.</param>
    /// <param name="unasked">How, where the command line says nothing.</param>
    public ClientSettings Printed(ClientSettings settings, ParseResult parsed, Terminal terminal, Printing unasked) => settings with
    {
        Printing = Printed(parsed, unasked),
        Quiet = parsed.GetValue(Quiet),
        Progress = !parsed.GetValue(Quiet),
        Color = HasColor(parsed, terminal),
    };

    private Printing Printed(ParseResult parsed, Printing unasked) => parsed.GetResult(Json) is not { Implicit: false } ? unasked : parsed.GetValue(Json) ? Printing.Json : Printing.Text;

    private bool HasColor(ParseResult parsed, Terminal terminal) =>
        terminal.OutIsTerminal && !parsed.GetValue(NoColor) && Surroundings.Variable("NO_COLOR") is null && !IsDumb;

    private static bool IsDumb => Surroundings.Variable("TERM") is "dumb";

    private static Option<string> Shared(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description, Recursive = true };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, Recursive = true };
}
