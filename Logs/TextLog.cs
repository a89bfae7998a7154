using System.Globalization;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Logs;

/// <summary>Lines of text to one stream, <c>2026-11-22T13:00:00.123Z info message</c>; for stderr, which a service manager collects.</summary>
/// <remarks>Every message is made safe to print here, whoever composed it. A stream that cannot be written to never stops an order: the line is lost, and how many were is said with the next line that goes out.</remarks>
internal sealed class TextLog(Stream stream, TimeProvider time) : ILog
{
    private readonly Lock gate = new();
    private long lost;

    /// <summary>The least urgent level that is kept; a reload may change it.</summary>
    public LogLevel Threshold { get; set; } = LogLevel.Info;

    public bool IsEnabled(LogLevel level) => level <= Threshold;

    public void Write(LogLevel level, string message)
    {
        if (!IsEnabled(level))
        {
            return;
        }

        string stamp = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string line = $"{stamp} {Word(level)} {SafeText.Of(message)}\n";
        lock (gate)
        {
            try
            {
                if (lost > 0)
                {
                    stream.Write(Encoding.UTF8.GetBytes($"{stamp} warning {lost} log lines were lost\n"));
                    lost = 0;
                }

                stream.Write(Encoding.UTF8.GetBytes(line));
                stream.Flush();
            }
            catch (IOException)
            {
                lost++;
            }
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Emergency => "emerg",
        LogLevel.Alert => "alert",
        LogLevel.Critical => "crit",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Notice => "notice",
        LogLevel.Info => "info",
        _ => "debug",
    };
}
