namespace Deploy.Logs.Places;

/// <summary>Where lines go: stderr, a file, syslog. Used by one thread at a time; nothing of it throws or waits for a reader, but for stderr.</summary>
internal interface ILogPlace : IDisposable
{
    /// <summary>True where time and level of a line are kept beside it, so that the text need not have them.</summary>
    bool KeepsTimeAndLevel { get; }

    /// <summary>Writes one line.</summary>
    /// <param name="time">When it was said; a file is named by it.</param>
    /// <param name="level">How urgent it is.</param>
    /// <param name="line">Safe to print, without a line break.</param>
    /// <returns>Null, or why it is lost: what was tried, on what, and what the system said.</returns>
    string? Write(DateTimeOffset time, LogLevel level, string line);

    /// <summary>Opens it (again), as the next line would.</summary>
    /// <param name="time">Now.</param>
    /// <returns>Null, or why it cannot be opened.</returns>
    string? Reopen(DateTimeOffset time);

    /// <summary>Gives what this place has made to the user that the daemon becomes; -1 (all bits set) leaves a part as it is.</summary>
    void GiveTo(uint user, uint group);
}
