namespace Deploy.Modes.Client.Journal;

/// <summary>Where this user's jobs are kept, and how their hosts are asked.</summary>
internal sealed record JournalSettings
{
    /// <summary>The directory; null where the environment names none.</summary>
    public required string? Directory { get; init; }

    /// <summary>The agents' port, where a host names none.</summary>
    public required int Port { get; init; }

    /// <summary>Hosts asked at once.</summary>
    public required int FanOut { get; init; }

    /// <summary>The journal's directory of a user; null where neither is an absolute path. // XDG Base Directory Specification 0.8</summary>
    /// <param name="stateHome">$XDG_STATE_HOME or null.</param>
    /// <param name="home">$HOME or null.</param>
    public static string? Place(string? stateHome, string? home) =>
        stateHome is ['/', ..] ? Path.Combine(stateHome, "deploy") : home is ['/', ..] ? Path.Combine(home, ".local", "state", "deploy") : null;
}
