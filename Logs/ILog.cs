using System.Net;

namespace Deploy.Logs;

/// <summary>Levels of syslog (RFC 5424), the numbers that the original's log_error_level takes.</summary>
internal enum LogLevel
{
    Emergency = 0,
    Alert = 1,
    Critical = 2,
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
    Debug = 7,
}

/// <summary>Where a room says what happened: the one interface of Logs, which every room may use.</summary>
/// <remarks>The log makes each message safe to print. Writing never throws and never blocks an order for long.</remarks>
internal interface ILog
{
    /// <summary>True when entries of this level are kept; ask before composing an expensive message.</summary>
    bool IsEnabled(LogLevel level);

    /// <summary>Writes one entry, one line; a line break or another control character inside the message is made visible, never written.</summary>
    void Write(LogLevel level, string message);

    /// <summary>Writes one entry about what a peer did, which it can do as often as it likes: a daemon's log bounds them (Security/Rates/PeerLog).</summary>
    /// <param name="level">Its level.</param>
    /// <param name="peer">Whose doing it was; null for nobody's in particular.</param>
    /// <param name="message">As above.</param>
    void Write(LogLevel level, IPAddress? peer, string message) => Write(level, message);

    /// <summary>Writes one line of the access log, where one is kept.</summary>
    void Write(AccessEntry request)
    {
        // Logs of one kind keep none.
    }
}

/// <summary>Names for the levels in use.</summary>
internal static class LogExtensions
{
    public static void Error(this ILog log, string message) => log.Write(LogLevel.Error, message);

    public static void Warning(this ILog log, string message) => log.Write(LogLevel.Warning, message);

    public static void Notice(this ILog log, string message) => log.Write(LogLevel.Notice, message);

    public static void Info(this ILog log, string message) => log.Write(LogLevel.Info, message);

    public static void Debug(this ILog log, string message)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            log.Write(LogLevel.Debug, message);
        }
    }
}
