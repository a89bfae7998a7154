using System.Net;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Modes.Agent;

/// <summary>What the command line says; a member that is not null beats the file. The command line checks its own values.</summary>
internal sealed record AgentOverrides
{
    public static readonly AgentOverrides None = new();

    public IReadOnlyList<string>? Names { get; init; }

    public IPAddress? Addr { get; init; }

    /// <summary>0 takes a free port; only here, never in a file.</summary>
    public int? Port { get; init; }

    public int? Backlog { get; init; }

    public TimeSpan? SocketTimeout { get; init; }

    /// <summary>Zero is without limit.</summary>
    public TimeSpan? MaxProcessTimeout { get; init; }

    public TimeSpan? MaxCommandTime { get; init; }

    public TimeSpan? ShutdownGrace { get; init; }

    public bool? AcceptFilter { get; init; }

    public string? User { get; init; }

    public string? Group { get; init; }

    public bool? LogWrite { get; init; }

    public LogLevel? LogErrorLevel { get; init; }

    public string? LogErrorPath { get; init; }

    public string? LogAccessPath { get; init; }

    public Secret? KeyCipher { get; init; }

    /// <summary>From the environment: in force where neither the command line nor the file has one.</summary>
    public Secret? KeyCipherIfAbsent { get; init; }

    public string? SslPrivateKey { get; init; }

    /// <summary>These settings with what is set here put over them.</summary>
    public AgentSettings Over(AgentSettings settings) => settings with
    {
        Names = Names ?? settings.Names,
        Listen = [.. settings.Listen.Select(at => new IPEndPoint(Addr ?? at.Address, Port ?? at.Port)).Distinct()],
        Backlog = Backlog ?? settings.Backlog,
        SocketTimeout = SocketTimeout ?? settings.SocketTimeout,
        MaxProcessTimeout = MaxProcessTimeout == TimeSpan.Zero ? null : MaxProcessTimeout ?? settings.MaxProcessTimeout,
        MaxCommandTime = MaxCommandTime ?? settings.MaxCommandTime,
        ShutdownGrace = ShutdownGrace ?? settings.ShutdownGrace,
        AcceptFilter = AcceptFilter ?? settings.AcceptFilter,
        User = User ?? settings.User,
        Group = Group ?? settings.Group,
        LogWrite = LogWrite ?? settings.LogWrite,
        LogErrorLevel = LogErrorLevel ?? settings.LogErrorLevel,
        LogErrorPath = LogErrorPath ?? settings.LogErrorPath,
        LogAccessPath = LogAccessPath ?? settings.LogAccessPath,
        KeyCipher = KeyCipher ?? settings.KeyCipher ?? KeyCipherIfAbsent,
        SslPrivateKey = SslPrivateKey ?? settings.SslPrivateKey,
    };
}
