using System.Threading.Channels;

namespace Deploy.Tui.Screen.Real;

/// <summary>The terminal of a dashboard: bytes in, bytes out, and what befalls it. One thread writes; <see cref="Restore"/> may be called by any.</summary>
internal interface ITerminal
{
    /// <summary>Now; 80 and 24 where it does not tell.</summary>
    (int Columns, int Rows) Size { get; }

    /// <summary>In their order; never completed.</summary>
    ChannelReader<TerminalEvent> Events { get; }

    /// <summary>Writes all of it; dropped while the dashboard is not in front, and once the terminal is restored or gone.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when it goes on. Nothing of what was drawn is there then.</summary>
    void Suspend();

    /// <summary>After <see cref="TerminalEvent.Continued"/>: takes the terminal again.</summary>
    /// <returns>False where the process goes on in the background: then it is called again later.</returns>
    bool Resume();

    /// <summary>Leaves the terminal as it was found, once; then nothing is written any more.</summary>
    void Restore();
}
