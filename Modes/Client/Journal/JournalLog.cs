using System.Collections.Concurrent;
using Deploy.Logs;
using Deploy.Model.Text;

namespace Deploy.Modes.Client.Journal;

/// <summary>For rooms that log: a client has no log, so what goes wrong inside is said to whoever sits in front, each thing once; how hosts ended is shown anyway.</summary>
/// <param name="say">Takes a line.</param>
internal sealed class JournalLog(Action<string> say) : ILog
{
    private readonly ConcurrentDictionary<string, bool> said = new(StringComparer.Ordinal);

    public bool IsEnabled(LogLevel level) => level <= LogLevel.Warning;

    public void Write(LogLevel level, string message)
    {
        if (IsEnabled(level) && said.TryAdd(message, true))
        {
            say(SafeText.Of(message));
        }
    }
}
