using Deploy.Logs;

namespace Deploy.Modes.Client.Journal;

/// <summary>For rooms that log: a client has no log, what it has to say it says itself.</summary>
internal sealed class SilentLog : ILog
{
    public bool IsEnabled(LogLevel level) => false;

    public void Write(LogLevel level, string message)
    {
    }
}
