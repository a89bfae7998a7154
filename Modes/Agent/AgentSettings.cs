using System.Net;
using Deploy.Jobs;
using Deploy.Jobs.Commands;
using Deploy.Jobs.Syncs;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Modes.Agent;

/// <summary>Everything that an agent is made from. Immutable; a SIGHUP makes a new one.</summary>
internal sealed record AgentSettings
{
    /// <summary>Port of the original's agent. // original: deploy-agent --port</summary>
    public const int DefaultPort = 3440;

    /// <summary>Connections waiting to be accepted; the kernel lowers it to net.core.somaxconn, 4096 since Linux 5.4. // original: SOMAXCONN</summary>
    public const int DefaultBacklog = 4096;

    /// <summary>The key_cipher of an agent that has none; everybody knows it. // original: Agent.pm</summary>
    public const string DefaultKeyCipher = Security.LegacyKey.DefaultCipher;

    /// <summary>The defaults on a host of this name, short or full.</summary>
    public static AgentSettings Of(string hostName)
    {
        string shortName = hostName.Split('.')[0];
        return new AgentSettings { Names = shortName == hostName ? [hostName] : [shortName, hostName] };
    }

    /// <summary>What orders may call this host; default: the host name, short and full.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Where it listens. // original: addr 0.0.0.0, port 3440</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [new IPEndPoint(IPAddress.Any, DefaultPort)];

    public int Backlog { get; init; } = DefaultBacklog;

    /// <summary>Longest wait for a connection's next byte. // original: 5 s</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one request may take; null is without limit. // original: max_process_timeout 0</summary>
    public TimeSpan? MaxProcessTimeout { get; init; }

    /// <summary>Longest time a command may run. // ours: 5 min</summary>
    public TimeSpan MaxCommandTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much of a command's output is kept, bytes; the rest is dropped and the answer says so. // ours: 1 MiB</summary>
    public int OutputCapBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a stop waits for what runs. // ours: 30 s</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names, addresses and CIDRs as written; empty denies every host.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Roots below which targets may lie, as written; empty denies every path.</summary>
    public IReadOnlyList<string> AllowedPaths { get; init; } = [];

    /// <summary>Whether an order may name an origin and a target of its own, below <see cref="AllowedPaths"/>. // original: yes</summary>
    public bool AllowsFreeForm { get; init; } = true;

    /// <summary>From where orders of the original's wire are taken, of those in <see cref="AllowedHosts"/>; null means all of these. // original: null</summary>
    public IReadOnlyList<string>? LegacyPeers { get; init; }

    /// <summary>The file that <see cref="KeyCipher"/> was read from, or null.</summary>
    public string? KeyCipherFile { get; init; }

    /// <summary>The legacy password; null where the file has none.</summary>
    public Secret? KeyCipher { get; init; }

    /// <summary>The password in force.</summary>
    public Secret KeyCipherOrDefault => KeyCipher ?? new Secret(DefaultKeyCipher);

    /// <summary>True for a key_cipher that is there and empty or <c>0</c>: then every key is invalid. // original: Agent.pm, a false value in Perl</summary>
    public bool KeyCipherIsInvalid => KeyCipher?.Reveal() is "" or "0";

    /// <summary>Takes the legacy encrypted form and nothing else of the legacy wire.</summary>
    public bool Ssl { get; init; }

    /// <summary>Path of its RSA key, PEM; set when <see cref="Ssl"/> is.</summary>
    public string? SslPrivateKey { get; init; }

    /// <summary>Sync groups by name.</summary>
    public IReadOnlyDictionary<string, SyncGroup> Groups { get; init; } = new Dictionary<string, SyncGroup>();

    /// <summary>Commands by name, disabled ones included.</summary>
    public IReadOnlyDictionary<string, CommandEntry> Commands { get; init; } = new Dictionary<string, CommandEntry>();

    /// <summary>Name or number to become after binding; null stays. // original: 0</summary>
    public string? User { get; init; }

    /// <summary>Name or number; null stays. // original: 0</summary>
    public string? Group { get; init; }

    /// <summary>TCP_DEFER_ACCEPT on the listening socket. // original: off</summary>
    public bool AcceptFilter { get; init; }

    /// <summary>Whether the log files are written. // original: off</summary>
    public bool LogWrite { get; init; }

    /// <summary>The least urgent level that is kept. // original: info</summary>
    public LogLevel LogErrorLevel { get; init; } = LogLevel.Info;

    /// <summary>strftime in the name; a path with <c>syslog</c> in it means syslog. // original</summary>
    public string LogErrorPath { get; init; } = "/var/log/deploy/error.log";

    /// <summary>As <see cref="LogErrorPath"/>. // original</summary>
    public string LogAccessPath { get; init; } = "/var/log/deploy/access.log";

    /// <summary>What the process list shows first. // original: deploy::agent:</summary>
    public string ProcessName { get; init; } = "deploy::agent:";
}
