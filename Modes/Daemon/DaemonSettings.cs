using System.Net;
using Deploy.Logs;
using Deploy.Protocol.Ssl;
using Deploy.Security.Channel;

namespace Deploy.Modes.Daemon;

/// <summary>What an agent and a proxy are both made from. Immutable; a SIGHUP makes a new one.</summary>
internal abstract record DaemonSettings
{
    /// <summary>Connections waiting to be accepted; the kernel lowers it to net.core.somaxconn, 4096 since Linux 5.4. // original: SOMAXCONN</summary>
    public const int DefaultBacklog = 4096;

    /// <param name="port">The port of the original's program.</param>
    /// <param name="processName">What its process list showed.</param>
    protected DaemonSettings(int port, string processName)
    {
        Listen = [new IPEndPoint(IPAddress.Any, port)];
        ProcessName = processName;
    }

    /// <summary>Where it listens. // original: addr 0.0.0.0, port 3440 or 3441</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; }

    public int Backlog { get; init; } = DefaultBacklog;

    /// <summary>TCP_DEFER_ACCEPT on the listening socket. // original: off</summary>
    public bool AcceptFilter { get; init; }

    /// <summary>Name or number to become after binding; null stays. // original: 0</summary>
    public string? User { get; init; }

    /// <summary>The number of <see cref="User"/>; null where that stays, or is nobody's.</summary>
    public uint? UserId => User is null ? null : Privileges.Find(User)?.User;

    /// <summary>Name or number; null stays. // original: 0</summary>
    public string? Group { get; init; }

    /// <summary>Longest wait for a connection's next byte. // original: 5 s</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one request may take; null is without limit. // original: max_process_timeout 0</summary>
    public TimeSpan? MaxRequestTime { get; init; }

    /// <summary>How long a stop waits for what runs. // ours: 30 s</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names, addresses and blocks as written; empty denies every peer.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>From where orders of the original's wire are taken, of those in <see cref="AllowedHosts"/>; null means all of these. // original: null</summary>
    public IReadOnlyList<string>? LegacyPeers { get; init; }

    /// <summary>Whether they come from an INI file of the original's: it names no agent, and its daemons ran without a record of orders.</summary>
    public bool IsOriginals { get; init; }

    /// <summary>Whether orders of the original's wire are taken from anybody; else they need no keys.</summary>
    public bool TakesLegacy => LegacyPeers is not { Count: 0 };

    /// <summary>Takes the legacy encrypted form and nothing else of the legacy wire.</summary>
    public bool Ssl { get; init; }

    /// <summary>Path of its RSA key, PEM; set when <see cref="Ssl"/> is.</summary>
    public string? SslPrivateKey { get; init; }

    /// <summary>The key out of that file, which the daemon mode reads at the start and at each reload; null where <see cref="Ssl"/> is off, and until then.</summary>
    public PrivateKey? SslKey { get; init; }

    /// <summary>What connections are opened with; null is the plain form.</summary>
    /// <exception cref="InvalidOperationException">Ssl is on and its key was not read: never plain instead.</exception>
    public PrivateKey? SslKeyInForce => Ssl == (SslKey is not null) ? SslKey : throw new InvalidOperationException("ssl without its key");

    /// <summary>The file of the key that TLS is spoken with; null speaks none.</summary>
    public string? HostKeyFile { get; init; }

    /// <summary>The key out of that file, which the daemon mode reads, or makes, at the start, and reads at each reload; null until then, and where it could not be had.</summary>
    public HostKey? HostKey { get; init; }

    /// <summary>The file that says whose orders are taken; null takes nobody's.</summary>
    public string? OperatorsFile { get; init; }

    /// <summary>Whether v1 is answered without TLS and signature to programs of this host; for trying out. // ours: off</summary>
    public bool UnsignedLoopback { get; init; }

    public LogSettings Log { get; init; } = new();

    /// <summary>What the process list shows first. // original: deploy::agent: or deploy::proxy:</summary>
    public string ProcessName { get; init; }

    /// <summary>Says what a reload brought that stays as it was until a restart.</summary>
    /// <param name="atStart">What the daemon was set up with.</param>
    /// <param name="log">Takes the one warning.</param>
    public void WarnOfRestart(DaemonSettings atStart, ILog log)
    {
        string[] late =
        [
            .. Listen.SequenceEqual(atStart.Listen) ? Array.Empty<string>() : [$"addr and port ({string.Join(", ", atStart.Listen)} stays)"],
            .. (Backlog, AcceptFilter) == (atStart.Backlog, atStart.AcceptFilter) ? Array.Empty<string>() : ["backlog and accept_filter"],
            .. (User, Group) == (atStart.User, atStart.Group) ? Array.Empty<string>() : ["user and group"],
            .. ProcessName == atStart.ProcessName ? Array.Empty<string>() : ["process_name"],
        ];
        if (late.Length > 0)
        {
            log.Warning($"what was changed of these needs a restart: {string.Join("; ", late)}");
        }
    }
}
