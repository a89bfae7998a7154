using System.Globalization;
using System.Text;
using Deploy.Model.Text;

namespace Deploy.Logs;

/// <summary>Lines of text to one stream, <c>2026-11-22T13:00:00.123Z info message</c>; for stderr, which a service manager collects.</summary>
/// <remarks>
/// Every message is made safe to print here, whoever composed it. A thread of its own writes: a reader that stalls, or a stream that cannot be
/// written, never stops an order. Lines that find no room are dropped and counted, and the count is said with the next line that goes out.
/// </remarks>
internal sealed class TextLog : ILog, IDisposable
{
    /// <summary>Lines that wait to be written; a burst of a thousand connections has one each.</summary>
    private const int WaitingLines = 2048;

    /// <summary>Characters of one message; a list of pids or a rsync error fits, a hostile name of a megabyte does not.</summary>
    private const int MessageLength = 4096;

    /// <summary>How long the end waits for what is still to be written.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    private readonly Queue<string> waiting = new(); // guarded by itself; a monitor, whose wait does not spin first as a task's does
    private readonly Stream stream;
    private readonly TimeProvider time;
    private readonly Thread writer;
    private long lost;
    private bool closed;
    private bool isWriting;

    /// <param name="stream">Takes the lines; may block.</param>
    /// <param name="time">Stamps them.</param>
    public TextLog(Stream stream, TimeProvider time)
    {
        this.stream = stream;
        this.time = time;
        writer = new Thread(Run) { Name = "log", IsBackground = true };
        writer.Start();
    }

    /// <summary>The least urgent level that is kept; a reload may change it.</summary>
    public LogLevel Threshold { get; set; } = LogLevel.Info;

    public bool IsEnabled(LogLevel level) => level <= Threshold;

    public void Write(LogLevel level, string message)
    {
        if (!IsEnabled(level))
        {
            return;
        }

        string line = $"{Stamp()} {level.Word()} {SafeText.Of(message, MessageLength)}\n";
        lock (waiting)
        {
            if (closed || waiting.Count == WaitingLines)
            {
                lost++;
                return;
            }

            waiting.Enqueue(line);
            Monitor.Pulse(waiting);
        }
    }

    /// <summary>Waits until all that was said is written, for a second at most.</summary>
    public void Flush()
    {
        long end = Environment.TickCount64 + (long)FlushTime.TotalMilliseconds;
        lock (waiting)
        {
            while ((waiting.Count > 0 || isWriting) && Environment.TickCount64 < end)
            {
                Monitor.Wait(waiting, 10);
            }
        }
    }

    /// <summary>Writes what waits, for a second at most.</summary>
    public void Dispose()
    {
        lock (waiting)
        {
            closed = true;
            Monitor.Pulse(waiting);
        }

        writer.Join(FlushTime);
    }

    private void Run()
    {
        while (Next() is { } line)
        {
            try
            {
                stream.Write(Encoding.UTF8.GetBytes(line));
                stream.Flush();
            }
            catch (IOException)
            {
                lock (waiting)
                {
                    lost++;
                }
            }
        }
    }

    /// <summary>Waits for the next line, which says first how many were lost; null when the end has come and nothing waits.</summary>
    private string? Next()
    {
        lock (waiting)
        {
            isWriting = false;
            while (waiting.Count == 0)
            {
                if (closed)
                {
                    return null;
                }

                Monitor.Wait(waiting);
            }

            isWriting = true;
            string line = waiting.Dequeue();
            if (lost > 0)
            {
                line = $"{Stamp()} warning {lost} log lines were lost\n{line}";
                lost = 0;
            }

            return line;
        }
    }

    private string Stamp() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
