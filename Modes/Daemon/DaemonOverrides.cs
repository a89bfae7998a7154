using System.Net;
using Deploy.Logs;

namespace Deploy.Modes.Daemon;

/// <summary>What the command line of an agent or a proxy says; a member that is not null beats the file. The command line checks its own values.</summary>
internal abstract record DaemonOverrides
{
    public IPAddress? Addr { get; init; }

    /// <summary>0 takes a free port; only here, never in a file.</summary>
    public int? Port { get; init; }

    public int? Backlog { get; init; }

    public bool? AcceptFilter { get; init; }

    public string? User { get; init; }

    public string? Group { get; init; }

    public TimeSpan? SocketTimeout { get; init; }

    /// <summary>Zero is without limit.</summary>
    public TimeSpan? MaxRequestTime { get; init; }

    public TimeSpan? ShutdownGrace { get; init; }

    public bool? LogWrite { get; init; }

    public LogLevel? LogErrorLevel { get; init; }

    public string? LogErrorPath { get; init; }

    public string? LogAccessPath { get; init; }

    public string? SslPrivateKey { get; init; }

    public bool? UnsignedLoopback { get; init; }

    /// <summary>These settings with what both daemons can be told put over them.</summary>
    protected TSettings OverBoth<TSettings>(TSettings settings)
        where TSettings : DaemonSettings => settings with
        {
            Listen = [.. settings.Listen.Select(at => new IPEndPoint(Addr ?? at.Address, Port ?? at.Port)).Distinct()],
            Backlog = Backlog ?? settings.Backlog,
            AcceptFilter = AcceptFilter ?? settings.AcceptFilter,
            User = User ?? settings.User,
            Group = Group ?? settings.Group,
            SocketTimeout = SocketTimeout ?? settings.SocketTimeout,
            MaxRequestTime = MaxRequestTime == TimeSpan.Zero ? null : MaxRequestTime ?? settings.MaxRequestTime,
            ShutdownGrace = ShutdownGrace ?? settings.ShutdownGrace,
            Log = settings.Log with
            {
                Write = LogWrite ?? settings.Log.Write,
                Level = LogErrorLevel ?? settings.Log.Level,
                ErrorPath = LogErrorPath ?? settings.Log.ErrorPath,
                AccessPath = LogAccessPath ?? settings.Log.AccessPath,
            },
            SslPrivateKey = SslPrivateKey ?? settings.SslPrivateKey,
            UnsignedLoopback = UnsignedLoopback ?? settings.UnsignedLoopback,
        };
}
