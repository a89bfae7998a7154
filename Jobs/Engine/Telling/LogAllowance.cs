using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine.Telling;

/// <summary>How much of what a host prints is told as it comes, so that an order which prints without end does not cost its host the stream. What is kept comes with the end, up to a cap of its own.</summary>
/// <param name="time">The clock.</param>
internal sealed class LogAllowance(TimeProvider time)
{
    // Both well below what a reader grants a stream: RemoteSettings.StreamBytes and StreamBytesPerSecond.
    private const long AtOnce = 2 * 1024 * 1024;
    private const long ASecond = 48 * 1024;

    private const int LineBytes = 400; // of an event, beside its text
    private const int EscapeBytes = 6; // \u001b

    private static readonly LogLine More = new("stderr", "deploy: more is printed than is told as it comes; what is kept of it comes with the end");

    private readonly Lock gate = new();
    private readonly long since = time.GetTimestamp();
    private long told;
    private bool said;

    /// <summary>What to tell in place of a line: itself, once a word that some are left out, or null for nothing.</summary>
    public LogLine? Of(LogLine line)
    {
        lock (gate)
        {
            // What prints without end must not cost a look at each letter: the thread is that of all children.
            long room = AtOnce + (long)(time.GetElapsedTime(since).TotalSeconds * ASecond) - told;
            if (LineBytes + line.Text.Length <= room && Cost(line) is var cost && cost <= room)
            {
                told += cost;
                said = false;
                return line;
            }

            if (said)
            {
                return null;
            }

            said = true;
            return More;
        }
    }

    private static long Cost(LogLine line) =>
        LineBytes + line.Text.Sum(unit => char.IsAsciiLetterOrDigit(unit) || unit is ' ' or '.' or '-' or '_' or '/' or ':' or ',' ? 1 : EscapeBytes);
}
