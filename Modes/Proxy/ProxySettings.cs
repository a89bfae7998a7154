using System.Net;
using Deploy.Logs;
using Deploy.Model.Hosts;

namespace Deploy.Modes.Proxy;

/// <summary>Everything that a proxy is made from. Immutable.</summary>
internal sealed record ProxySettings
{
    /// <summary>Port of the original's proxy. // original: deploy-proxy --port</summary>
    public const int DefaultPort = 3441;

    /// <summary>Connections waiting to be accepted; the kernel lowers it to net.core.somaxconn, 4096 since Linux 5.4. // original: SOMAXCONN</summary>
    public const int DefaultBacklog = 4096;

    /// <summary>Where it listens. // original: addr 0.0.0.0, port 3441</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [new IPEndPoint(IPAddress.Any, DefaultPort)];

    public int Backlog { get; init; } = DefaultBacklog;

    /// <summary>TCP_DEFER_ACCEPT on the listening socket. // original: off</summary>
    public bool AcceptFilter { get; init; }

    /// <summary>Name or number to become after binding; null stays. // original: 0</summary>
    public string? User { get; init; }

    /// <summary>Name or number; null stays. // original: 0</summary>
    public string? Group { get; init; }

    /// <summary>Longest wait for a client's next byte. // original: 5 s</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one request may take; null is without limit. // original: max_process_timeout 0</summary>
    public TimeSpan? MaxRequestTime { get; init; }

    /// <summary>How long a stop waits for what runs. // ours: 30 s</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hosts asked at once. // ours: 256, a quarter of the usual 1024 open files</summary>
    public int FanOut { get; init; } = 256;

    /// <summary>The whole wait for one host's answer; a sync has its own. // original: [client] thread_timeout 10 s</summary>
    public TimeSpan HostTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait for a host's next byte, within <see cref="HostTimeout"/>. // original: [client] socket_timeout 5 s</summary>
    public TimeSpan HostSocketTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Names, addresses and blocks as written; empty denies every client.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>From where orders of the original's wire are taken, of those in <see cref="AllowedHosts"/>; null means all of these. // original: null</summary>
    public IReadOnlyList<string>? LegacyPeers { get; init; }

    /// <summary>Takes the legacy encrypted form from clients and nothing else of the legacy wire.</summary>
    public bool Ssl { get; init; }

    /// <summary>Path of its RSA key, PEM; set when <see cref="Ssl"/> is.</summary>
    public string? SslPrivateKey { get; init; }

    /// <summary>Every host that can be reached, by the name that orders use; looked up in any case.</summary>
    public IReadOnlyDictionary<string, ProxyHost> Hosts { get; init; } = new Dictionary<string, ProxyHost>(HostName.Comparer);

    /// <summary>The groups' hosts, each of them in <see cref="Hosts"/>.</summary>
    public IReadOnlyDictionary<string, HostSet> Groups { get; init; } = new Dictionary<string, HostSet>();

    /// <summary>Groups, of <see cref="Groups"/>, that a person is asked about once more before their hosts change.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Who may order what; empty denies every order.</summary>
    public IReadOnlyList<ApiKey> ApiKeys { get; init; } = [];

    /// <summary>Whether the log files are written. // original: off</summary>
    public bool LogWrite { get; init; }

    /// <summary>The least urgent level that is kept. // original: info</summary>
    public LogLevel LogErrorLevel { get; init; } = LogLevel.Info;

    /// <summary>strftime in the name; a path with <c>syslog</c> in it means syslog. // original</summary>
    public string LogErrorPath { get; init; } = "/var/log/deploy/error.log";

    /// <summary>As <see cref="LogErrorPath"/>. // original</summary>
    public string LogAccessPath { get; init; } = "/var/log/deploy/access.log";

    /// <summary>What the process list shows first. // original: deploy::proxy:</summary>
    public string ProcessName { get; init; } = "deploy::proxy:";
}
