namespace Deploy.Logs;

/// <summary>How a line of a log is written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>Where a daemon's logs go. The defaults are the original's.</summary>
internal sealed record LogSettings
{
    /// <summary>The place that is no file.</summary>
    public const string StandardError = "stderr";

    /// <summary>The host's syslog daemon.</summary>
    public const string Syslog = "syslog";

    /// <summary>Whether the places below are written; off, errors go to stderr and there is no access log. // original: log_write, off</summary>
    public bool Write { get; init; }

    /// <summary>The least urgent level that is kept. // original: info</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>A path, strftime in the name; <c>stderr</c>; with <c>syslog</c> in it, syslog. // original</summary>
    public string ErrorPath { get; init; } = "/var/log/deploy/error.log";

    /// <summary>As <see cref="ErrorPath"/>; empty keeps no access log. // original</summary>
    public string AccessPath { get; init; } = "/var/log/deploy/access.log";

    public LogFormat Format { get; init; }

    /// <summary>Where the error log goes, all said: <see cref="StandardError"/>, <see cref="Syslog"/>, or a path.</summary>
    public string ErrorPlace => Write ? PlaceOf(ErrorPath) : StandardError;

    /// <summary>The same of the access log; null where none is kept.</summary>
    public string? AccessPlace => Write && AccessPath.Length > 0 ? PlaceOf(AccessPath) : null;

    private static string PlaceOf(string path) => path is "" or StandardError ? StandardError
        : path.Contains(Syslog, StringComparison.OrdinalIgnoreCase) ? Syslog // original: /syslog/i
        : Path.Combine("/", path); // original: it went to the root directory before it opened anything
}
