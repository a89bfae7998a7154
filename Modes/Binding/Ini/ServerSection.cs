using System.Net;
using Deploy.Config;
using Deploy.Logs;
using Deploy.Model;
using Deploy.Modes.Binding;

namespace Deploy.Modes.Binding.Ini;

/// <summary>The <c>[server]</c> section that the original's agent and proxy share. Null means: not in the file, the default holds.</summary>
internal sealed record ServerSection
{
    public string? User { get; init; }

    public string? Group { get; init; }

    public IPAddress? Addr { get; init; }

    public int? Port { get; init; }

    public int? Backlog { get; init; }

    public TimeSpan? SocketTimeout { get; init; }

    public bool? AcceptFilter { get; init; }

    /// <summary>Zero is without limit.</summary>
    public TimeSpan? MaxProcessTimeout { get; init; }

    public bool? LogWrite { get; init; }

    public LogLevel? LogErrorLevel { get; init; }

    public string? LogErrorPath { get; init; }

    public string? LogAccessPath { get; init; }

    /// <summary>Possibly empty, which makes every key invalid.</summary>
    public Secret? KeyCipher { get; init; }

    /// <summary>Where key_cipher or ssl stand, or else where the section begins, for what is said of them after the command line had its word.</summary>
    public required Position KeyCipherAt { get; init; }

    public required Position SslAt { get; init; }

    public bool? Ssl { get; init; }

    public string? SslPrivateKey { get; init; }

    public string? ProcessName { get; init; }

    /// <summary>The logs with what the section says of them.</summary>
    public LogSettings Log(LogSettings defaults) => defaults with
    {
        Write = LogWrite ?? defaults.Write,
        Level = LogErrorLevel ?? defaults.Level,
        ErrorPath = LogErrorPath ?? defaults.ErrorPath,
        AccessPath = LogAccessPath ?? defaults.AccessPath,
    };

    /// <summary>Takes every key of the section and reports what is wrong with them.</summary>
    /// <param name="section">The binder of this section; its unknown keys are reported here.</param>
    /// <param name="at">Where the section begins, or the file as a whole.</param>
    /// <param name="report">Takes the errors.</param>
    public static ServerSection Bind(SectionBinder section, Position at, ConfigReport report)
    {
        const string OldModel = "connections are served by one process";
        section.WithoutEffect("max_prefork", OldModel);
        section.WithoutEffect("max_requests_per_child", OldModel);
        var server = new ServerSection
        {
            User = section.Scalar("user")?.Value,
            Group = section.Scalar("group")?.Value,
            Addr = Address(section.Scalar("addr"), report),
            Port = section.Number("port", 1, 65535),
            Backlog = section.Number("backlog", 0, int.MaxValue) is > 0 and var backlog ? backlog : null,
            SocketTimeout = section.Seconds("socket_timeout"),
            AcceptFilter = section.Flag("socket_accept_filter"),
            MaxProcessTimeout = section.Seconds("max_process_timeout"),
            LogWrite = section.Flag("log_write"),
            LogErrorLevel = Level(section.Scalar("log_error_level"), report),
            LogErrorPath = section.Scalar("log_error_path")?.Value,
            LogAccessPath = section.Scalar("log_access_path")?.Value,
            KeyCipher = section.Kept("key_cipher") is { } cipher ? new Secret(cipher.Value) : null,
            KeyCipherAt = section.PlaceOf("key_cipher") ?? at,
            SslAt = section.PlaceOf("ssl") ?? at,
            Ssl = section.Flag("ssl"),
            SslPrivateKey = IniFile.Beside(section.Scalar("ssl_private_key"))?.Value,
            ProcessName = section.Scalar("process_name")?.Value,
        };
        section.WarnOfUnknownKeys();
        return server;
    }

    private static LogLevel? Level(Positioned<string>? value, ConfigReport report)
    {
        if (value is not { } given)
        {
            return null;
        }

        var level = LogLevels.Parse(given.Value);
        if (level is null)
        {
            report.Error(given.Position, $"log_error_level is '{given.Value}': expected {LogLevels.Known}");
        }

        return level;
    }

    private static IPAddress? Address(Positioned<string>? value, ConfigReport report)
    {
        if (value is not { } given)
        {
            return null;
        }

        var address = ListenAddress.ParseAddress(given.Value);
        if (address is null)
        {
            report.Error(given.Position, $"addr is '{given.Value}': expected an IPv4 or IPv6 address, e.g. 0.0.0.0");
        }

        return address;
    }
}
