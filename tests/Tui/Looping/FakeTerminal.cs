using System.Text;
using System.Threading.Channels;
using Deploy.Tests.Tui.Screen;
using Deploy.Tui.Screen.Real;

namespace Deploy.Tests.Tui.Looping;

/// <summary>A terminal without one: what is written goes into an emulator.</summary>
internal sealed class FakeTerminal(TimeProvider time, int columns = 40, int rows = 5) : ITerminal
{
    private readonly Lock gate = new();
    private readonly Channel<TerminalEvent> events = Channel.CreateUnbounded<TerminalEvent>();
    private readonly List<string> writes = [];
    private TerminalEmulator screen = new(columns, rows);

    public (int Columns, int Rows) Size { get; private set; } = (columns, rows);

    public ChannelReader<TerminalEvent> Events => events.Reader;

    public int Restored { get; private set; }

    public int Suspended { get; private set; }

    /// <summary>Whether the process is in front after a SIGCONT.</summary>
    public bool IsInFront { get; set; } = true;

    /// <summary>Each write, without those to the clipboard in <see cref="Clipboard"/>.</summary>
    public int Frames
    {
        get
        {
            lock (gate)
            {
                return writes.Count;
            }
        }
    }

    public string? Clipboard { get; private set; }

    public string Last
    {
        get
        {
            lock (gate)
            {
                return writes.LastOrDefault() ?? string.Empty;
            }
        }
    }

    public string Line(int row)
    {
        lock (gate)
        {
            return screen.Line(row);
        }
    }

    public void Type(string keys) => events.Writer.TryWrite(new TerminalEvent.Typed(Encoding.UTF8.GetBytes(keys), time.GetTimestamp()));

    public void Happen(TerminalEvent what) => events.Writer.TryWrite(what);

    public void Resize(int columns, int rows)
    {
        lock (gate)
        {
            (Size, screen) = ((columns, rows), new TerminalEmulator(columns, rows));
        }

        Happen(new TerminalEvent.Resized());
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            string text = Encoding.UTF8.GetString(bytes);
            if (text.StartsWith("\e]52;", StringComparison.Ordinal))
            {
                Clipboard = text;
            }
            else
            {
                writes.Add(text);
                screen.Write(bytes);
            }
        }
    }

    public void Suspend() => Suspended++;

    public bool Resume() => IsInFront;

    public void Restore() => Restored++;
}
