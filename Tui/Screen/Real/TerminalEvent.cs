namespace Deploy.Tui.Screen.Real;

/// <summary>What befalls a terminal.</summary>
internal abstract record TerminalEvent
{
    private TerminalEvent()
    {
    }

    /// <summary>Bytes came in.</summary>
    /// <param name="Bytes">Some, at most 4 KiB.</param>
    /// <param name="Stamp">When they were read, by the clock's <see cref="TimeProvider.GetTimestamp"/>: a loop that was busy must not take that for a gap in the typing.</param>
    internal sealed record Typed(ReadOnlyMemory<byte> Bytes, long Stamp) : TerminalEvent;

    /// <summary>It has another size.</summary>
    internal sealed record Resized : TerminalEvent;

    /// <summary>The process is to stop (SIGTSTP from elsewhere; Ctrl-Z comes as a byte).</summary>
    internal sealed record AskedToStop : TerminalEvent;

    /// <summary>The process was stopped and goes on: another program may have had the terminal.</summary>
    internal sealed record Continued : TerminalEvent;

    /// <summary>It is over.</summary>
    /// <param name="Signal">The number of the signal that said so; 1 (SIGHUP) where the terminal has gone.</param>
    internal sealed record Ended(int Signal) : TerminalEvent;
}
