using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Deploy.Logs;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>The options that an agent and a proxy share, with the defaults of the original. Each beats the file.</summary>
internal sealed class DaemonOptions
{
    private const int LongestSeconds = 7 * 24 * 3600;
    private const string NoEffect = "no effect: connections are served by one process";

    private readonly string daemon;
    private readonly string tomlPath;
    private readonly string legacyPath;

    private readonly Option<string?> config;
    private readonly Option<string?> stateDirectory;
    private readonly Option<string?> pidFile = OptionKinds.Text("--pid-file", "FILE", "keep the daemon's pid there while it runs");

    private readonly Option<bool> printPin = new("--print-pin") { Description = "print the pin of the host key, for deploy client trust, and start nothing" };

    private readonly Option<IPAddress?> address = OptionKinds.Address("--addr", "address to listen on; 0.0.0.0");
    private readonly Option<int?> port;
    private readonly Option<int?> backlog = OptionKinds.Number("--backlog", "N", "connections that may wait to be accepted; what the kernel allows", 1, 65535);
    private readonly Option<OnOff?> acceptFilter = OptionKinds.Switch("--socket-accept-filter", "wake up for a connection once it has sent something (TCP_DEFER_ACCEPT); off");
    private readonly Option<string?> user = OptionKinds.Text("--user", "USER", "what to become after binding, by name or number; 0, which stays");
    private readonly Option<string?> group = OptionKinds.Text("--group", "GROUP", "likewise; the user's own");

    private readonly Option<TimeSpan?> socketTimeout = OptionKinds.Seconds("--socket-timeout", "longest wait for a request's next byte; 5", 1, LongestSeconds);
    private readonly Option<TimeSpan?> processTimeout = OptionKinds.Seconds("--max-process-timeout", "longest time for one request; 0, which is none", 0, LongestSeconds);
    private readonly Option<TimeSpan?> shutdownGrace = OptionKinds.Seconds("--shutdown-grace", "how long a stop waits for what runs; 30", 0, 24 * 3600);

    private readonly Option<string?> sslPrivateKey = OptionKinds.Text("--ssl-private-key", "FILE", "the RSA key (PEM) where the file has ssl on");

    private readonly Option<OnOff?> unsignedLoopback = OptionKinds.Switch("--unsigned-loopback", "answer v1 to programs of this host without TLS and signature: each of its users may then give every order; for trying out; off");

    private readonly Option<OnOff?> logWrite = OptionKinds.Switch("--log-write", "write the logs named below; off in INI files, which then go to stderr");
    private readonly Option<LogLevel?> logErrorLevel = OptionKinds.Level("--log-error-level", "the least urgent level that is kept: emerg to debug, or 0 to 7; info");
    private readonly Option<string?> logErrorPath = OptionKinds.Text("--log-error-path", "PATH", "a path, with strftime in its name, stderr or syslog; /var/log/deploy/error.log");
    private readonly Option<string?> logAccessPath = OptionKinds.Text("--log-access-path", "PATH", "likewise, a line for each request; /var/log/deploy/access.log");
    private readonly Option<bool> debug = new("--debug") { Description = "log everything; under the original's name stay in the foreground, too" };

    private readonly Option<string?> maxPrefork = OptionKinds.Text("--max-prefork", "N", NoEffect);
    private readonly Option<string?> maxRequests = OptionKinds.Text("--max-requests-per-child", "N", NoEffect);

    /// <param name="daemon"><c>agent</c> or <c>proxy</c>.</param>
    /// <param name="defaultPort">The original's.</param>
    /// <param name="tomlPath">The configuration where none is named.</param>
    /// <param name="legacyPath">The same where that is not there.</param>
    public DaemonOptions(string daemon, int defaultPort, string tomlPath, string legacyPath)
    {
        this.daemon = daemon;
        this.tomlPath = tomlPath;
        this.legacyPath = legacyPath;
        config = OptionKinds.Text("--config", "FILE", $"TOML where its name ends in .toml, else the original's INI; {tomlPath}, else {legacyPath}", "--path");
        stateDirectory = OptionKinds.Text("--state-dir", "DIR", $"where state is kept; $STATE_DIRECTORY, else /var/lib/deploy/{daemon}-ADDRESS-PORT");
        port = OptionKinds.Number("--port", "PORT", $"port to listen on; {defaultPort}", 0, IPEndPoint.MaxPort);
    }

    /// <summary>Options of one daemon alone, by what they are about.</summary>
    public IReadOnlyList<HelpGroup> Own { get; init; } = [];

    /// <summary>Those of <see cref="Own"/> whose value is a secret.</summary>
    public IReadOnlyList<Option> Secrets { get; init; } = [];

    /// <summary>Those whose value is the path of a file.</summary>
    public IReadOnlyList<Option> Files { get; init; } = [];

    /// <summary>Those that do nothing.</summary>
    public IReadOnlyList<Option> WithoutEffect { get; init; } = [];

    /// <summary>All of them, by what they are about.</summary>
    public IReadOnlyList<HelpGroup> Groups =>
    [
        new("Configuration", [config, stateDirectory, pidFile, printPin]),
        new("Listening", [address, port, backlog, acceptFilter, user, group, sslPrivateKey, unsignedLoopback]),
        new("Time", [socketTimeout, processTimeout, shutdownGrace]),
        new("Logs", [logWrite, logErrorLevel, logErrorPath, logAccessPath, debug]),
        .. Own,
        new("Taken from old command lines", [maxPrefork, maxRequests, .. WithoutEffect]),
    ];

    /// <summary>What was said of the settings, put into <paramref name="overrides"/>.</summary>
    public TOverrides Over<TOverrides>(ParseResult parsed, TOverrides overrides)
        where TOverrides : DaemonOverrides => overrides with
        {
            Addr = parsed.GetValue(address),
            Port = parsed.GetValue(port),
            Backlog = parsed.GetValue(backlog),
            AcceptFilter = IsOn(parsed.GetValue(acceptFilter)),
            User = parsed.GetValue(user),
            Group = parsed.GetValue(group),
            SocketTimeout = parsed.GetValue(socketTimeout),
            MaxRequestTime = parsed.GetValue(processTimeout),
            ShutdownGrace = parsed.GetValue(shutdownGrace),
            LogWrite = IsOn(parsed.GetValue(logWrite)),
            LogErrorLevel = parsed.GetValue(debug) ? LogLevel.Debug : parsed.GetValue(logErrorLevel),
            LogErrorPath = LogPlace(parsed.GetValue(logErrorPath)),
            LogAccessPath = LogPlace(parsed.GetValue(logAccessPath)),
            SslPrivateKey = Absolute(parsed.GetValue(sslPrivateKey)),
            UnsignedLoopback = IsOn(parsed.GetValue(unsignedLoopback)),
        };

    /// <summary>Whether the pin is all that is wanted.</summary>
    public bool PrintsPin(ParseResult parsed) => parsed.GetValue(printPin);

    /// <summary>What was said of the process.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="legacyName">The link's name where it is the original's; null for <c>deploy agent</c> and <c>deploy proxy</c>.</param>
    public DaemonLaunch Launch(ParseResult parsed, string? legacyName)
    {
        string path = Path.GetFullPath(parsed.GetValue(config) ?? (File.Exists(tomlPath) ? tomlPath : legacyPath));
        return new DaemonLaunch
        {
            Daemon = daemon,
            Program = legacyName ?? "deploy",
            Config = path,
            PassedOver = path == tomlPath && File.Exists(legacyPath) ? legacyPath : null,
            StateDirectory = Absolute(parsed.GetValue(stateDirectory)),
            PidFile = Absolute(parsed.GetValue(pidFile)),
            InBackground = legacyName is not null && !parsed.GetValue(debug),
            WithoutEffect = [.. WithoutEffect.Concat([maxPrefork, maxRequests]).Where(option => Given(parsed, option) is not null || HandedSecrets.Of(option.Name) is not null).Select(option => option.Name)],
            Arguments = [.. legacyName is null ? [daemon] : Array.Empty<string>(), $"{config.Name}={path}", .. Again(parsed)],
            Secrets = Secrets.Where(option => Given(parsed, option) is not null).ToDictionary(option => option.Name, option => Given(parsed, option)!.Tokens[^1].Value),
        };
    }

    /// <summary>What was given, option by option, but for the configuration and secrets.</summary>
    private IEnumerable<string> Again(ParseResult parsed)
    {
        Option[] files = [stateDirectory, pidFile, sslPrivateKey, .. Files];
        foreach (var option in parsed.CommandResult.Command.Options.Except(Secrets).Where(option => option != config))
        {
            if (Given(parsed, option) is { } given)
            {
                yield return given.Tokens is not [.., { Value: var value }] ? option.Name
                    : files.Contains(option) ? $"{option.Name}={Absolute(value)}"
                    : option == logErrorPath || option == logAccessPath ? $"{option.Name}={LogPlace(value)}"
                    : $"{option.Name}={value}";
            }
        }
    }

    private static bool? IsOn(OnOff? value) => value is null ? null : value == OnOff.On;

    private static OptionResult? Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false } given ? given : null;

    /// <summary>The daemon's directory is not that of who starts it.</summary>
    public static string? Absolute(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string? LogPlace(string? place) =>
        place is null or "stderr" || place.Contains("syslog", StringComparison.OrdinalIgnoreCase) ? place : Path.GetFullPath(place);
}
