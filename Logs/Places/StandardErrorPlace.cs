using System.Text;

namespace Deploy.Logs.Places;

/// <summary>Stderr, which a service manager collects. The journal gets each line's level in front, as sd-daemon(3) has it: <c>&lt;4&gt;message</c>.</summary>
/// <param name="stream">Takes the lines; may block. Not closed here.</param>
/// <param name="isJournal">True when it leads to journald.</param>
internal sealed class StandardErrorPlace(Stream stream, bool isJournal) : ILogPlace
{
    public bool KeepsTimeAndLevel => isJournal;

    public string? Write(DateTimeOffset time, LogLevel level, string line)
    {
        try
        {
            stream.Write(Encoding.UTF8.GetBytes(isJournal ? $"<{(int)level}>{line}\n" : line + "\n"));
            stream.Flush();
            return null;
        }
        catch (IOException e)
        {
            return $"stderr cannot be written: {e.Message}";
        }
    }

    public string? Reopen(DateTimeOffset time) => null;

    public void GiveTo(uint user, uint group)
    {
        // It was handed to us.
    }

    public void Dispose()
    {
        // It was handed to us.
    }
}
