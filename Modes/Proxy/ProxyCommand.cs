using System.CommandLine;
using System.Net;
using Deploy.Model;
using Deploy.Modes.Daemon;
using Deploy.Modes.Daemon.Starting;

namespace Deploy.Modes.Proxy;

/// <summary><c>deploy proxy</c>, and <c>deploy-proxy</c>: its options, and what they come to.</summary>
internal sealed class ProxyCommand : IDaemonCommand
{
    private const int LongestSeconds = 24 * 3600;

    private readonly Option<int?> clientPort = OptionKinds.Number("--client-port", "PORT", "the agents' port, where a host names none itself; 3440", 1, IPEndPoint.MaxPort);
    private readonly Option<TimeSpan?> clientThreadTimeout = OptionKinds.Seconds("--client-thread-timeout", "the whole wait for one host; 10", 1, LongestSeconds);
    private readonly Option<TimeSpan?> clientSocketTimeout = OptionKinds.Seconds("--client-socket-timeout", "the wait for a host's next byte; 5", 1, LongestSeconds);
    private readonly Option<string?> clientKeyCipherFile = OptionKinds.Text("--client-key-cipher-file", "FILE", "a file whose first line is the agents' shared key");
    private readonly Option<string?> clientKeyCipher = new("--client-key-cipher") { HelpName = "KEY", Description = "the key itself: others see it in the process list until it is written over" };
    private readonly Option<string?> clientSslPublicKey = OptionKinds.Text("--client-ssl-public-key", "FILE", "the agents' RSA key (PEM), where the file has ssl on for them");

    private readonly Option<string?> keyCipher = new("--key-cipher") { HelpName = "KEY", Description = "no effect: clients give an API key" };
    private readonly Option<string?> workerMethod = OptionKinds.Text("--client-worker-method", "NAME", "no effect: hosts are asked by one process");
    private readonly Option<string?> ipcPath = OptionKinds.Text("--client-ipc-path", "PATH", "likewise");
    private readonly DaemonOptions shared;

    public ProxyCommand() => shared = new DaemonOptions("proxy", ProxySettings.DefaultPort, ProxyFile.TomlPath, ProxyFile.LegacyPath)
    {
        Own = [new HelpGroup("How agents are asked", [clientPort, clientThreadTimeout, clientSocketTimeout, clientKeyCipherFile, clientKeyCipher, clientSslPublicKey])],
        Secrets = [clientKeyCipher, keyCipher],
        Files = [clientKeyCipherFile, clientSslPublicKey],
        WithoutEffect = [keyCipher, workerMethod, ipcPath],
    };

    /// <summary>The secret of an option that whoever started this process again handed down; <see cref="HandedSecrets"/>.</summary>
    public Func<string, string?> Handed { get; init; } = HandedSecrets.Of;

    public string LegacyName => "deploy-proxy";

    public string Description => "Take orders for many agents, from the clients and by the API keys that its configuration allows, and pass them on.";

    public IReadOnlyList<HelpGroup> Groups => shared.Groups;

    public IReadOnlyList<(string Line, string What)> Examples =>
    [
        ("deploy proxy", $"with {ProxyFile.TomlPath} or {ProxyFile.LegacyPath}, in the foreground; the log goes to stderr"),
        ("deploy proxy --config site.toml --addr 127.0.0.2 --state-dir /run/deploy-2", "another one beside it, for trying out"),
    ];

    /// <summary>What the command line says of the settings.</summary>
    /// <exception cref="UserError">A key's file cannot be read.</exception>
    public ProxyOverrides Overrides(ParseResult parsed)
    {
        _ = Secrets.OfCommandLine(parsed.GetValue(keyCipher), null); // hides it
        return shared.Over(parsed, ProxyOverrides.None) with
        {
            ClientPort = parsed.GetValue(clientPort),
            ClientThreadTimeout = parsed.GetValue(clientThreadTimeout),
            ClientSocketTimeout = parsed.GetValue(clientSocketTimeout),
            ClientKeyCipher = Secrets.OfCommandLine(parsed.GetValue(clientKeyCipher) ?? Handed(clientKeyCipher.Name), parsed.GetValue(clientKeyCipherFile)),
            ClientSslPublicKey = DaemonOptions.Absolute(parsed.GetValue(clientSslPublicKey)),
        };
    }

    public DaemonLaunch Launch(ParseResult parsed, string? legacyName) => shared.Launch(parsed, legacyName);

    public Task<int> RunAsync(ParseResult parsed, string? legacyName)
    {
        var launch = Launch(parsed, legacyName);
        var overrides = Overrides(parsed);
        if (shared.PrintsPin(parsed))
        {
            return PinPrinting.RunAsync(parsed, (ProxyFile.Read(launch.Config, overrides, RegularFile.Read) as ProxyConfig.Valid)?.Settings, launch.Config, launch.Daemon);
        }

        return DaemonProgram.RunAsync<ProxySettings>(
            launch,
            read => ProxyFile.Read(launch.Config, overrides, read) switch
            {
                ProxyConfig.Valid valid when AgentPins.Load(valid.Settings) is var settings => new(
                    SslKeyFile.Load(SslKeyFile.LoadHosts(settings, valid.Places), valid.Places),
                    [],
                    [.. valid.Warnings, .. AgentPins.Warnings(settings, launch.Config), .. SslKeyFile.Warnings(valid.Settings, valid.Places, overrides, launch.Config), .. SslKeyFile.HostWarnings(valid.Settings, overrides, launch.Config)]),
                ProxyConfig.Invalid invalid => new(null, invalid.Errors, invalid.Warnings),
                _ => throw new InvalidOperationException(),
            },
            (settings, parts) => new ProxyDaemon(settings, parts.StateDirectory, TimeProvider.System, parts.Log, parts.Ended) { Inherited = parts.Inherited });
    }
}
