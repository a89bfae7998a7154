namespace Deploy.Logs;

/// <summary>The levels by the names and numbers that people write.</summary>
internal static class LogLevels
{
    /// <summary>What <see cref="Parse"/> takes, for messages.</summary>
    public const string Known = "emerg, alert, crit, error, warning, notice, info, debug or 0 to 7";

    /// <summary>The level of this name or number (RFC 5424, and the short names of the original's log module), or null.</summary>
    public static LogLevel? Parse(string text) => text.ToLowerInvariant() switch
    {
        "0" or "emerg" or "emergency" or "panic" => LogLevel.Emergency,
        "1" or "alert" => LogLevel.Alert,
        "2" or "crit" or "critical" => LogLevel.Critical,
        "3" or "err" or "error" => LogLevel.Error,
        "4" or "warn" or "warning" => LogLevel.Warning,
        "5" or "notice" => LogLevel.Notice,
        "6" or "info" => LogLevel.Info,
        "7" or "debug" => LogLevel.Debug,
        _ => null,
    };

    /// <summary>The level's own name.</summary>
    public static string Word(this LogLevel level) => level switch
    {
        LogLevel.Emergency => "emerg",
        LogLevel.Alert => "alert",
        LogLevel.Critical => "crit",
        _ => level.ToString().ToLowerInvariant(),
    };
}
