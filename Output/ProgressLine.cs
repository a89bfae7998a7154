namespace Deploy.Output;

/// <summary>One line on stderr that is written over and erased at the end: <c>12/200 hosts, 3 failed</c>. Writes nothing unless it is enabled.</summary>
internal sealed class ProgressLine(Terminal terminal, bool enabled, int total, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100); // 10 lines a second are enough for an eye
    private readonly Lock gate = new();
    private int done;
    private int failed;
    private long? lastWritten;

    /// <summary>One more host has ended. May be called from any thread.</summary>
    public void HostEnded(bool good)
    {
        lock (gate)
        {
            done++;
            failed += good ? 0 : 1;
            if (enabled && (lastWritten is not { } last || time.GetElapsedTime(last) >= Pace))
            {
                lastWritten = time.GetTimestamp();
                terminal.Error.Write($"\r{ByteSize.Count(done)}/{ByteSize.Count(total)} hosts{(failed > 0 ? $", {ByteSize.Count(failed)} failed" : string.Empty)}\e[K");
                terminal.Error.Flush();
            }
        }
    }

    /// <summary>Erases the line.</summary>
    public void Dispose()
    {
        if (lastWritten is not null)
        {
            terminal.Error.Write("\r\e[K");
            terminal.Error.Flush();
        }
    }
}
