namespace Deploy.Logs;

/// <summary>How a line is written.</summary>
internal enum LogFormat
{
    /// <summary>Lines for people; access lines are the original's.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>What is kept of what a daemon says, and where.</summary>
internal sealed record LogSettings
{
    /// <summary>False: the error log goes to stderr, and there is no access log, whatever the paths say. // original: log_write</summary>
    public bool Write { get; init; } = true;

    /// <summary>The least urgent level of the error log that is kept.</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>A path with strftime in it; <c>stderr</c>; one with <c>syslog</c> in it is syslog.</summary>
    public string ErrorPath { get; init; } = "stderr";

    /// <summary>As <see cref="ErrorPath"/>; empty keeps no access log.</summary>
    public string AccessPath { get; init; } = string.Empty;

    /// <summary>Of both logs.</summary>
    public LogFormat Format { get; init; }
}
