namespace Deploy.Modes.Daemon.Starting;

/// <summary>What the command line says of a daemon's process; what it says of the settings is in <see cref="DaemonOverrides"/>.</summary>
internal sealed record DaemonLaunch
{
    /// <summary>Its name: <c>agent</c> or <c>proxy</c>.</summary>
    public required string Daemon { get; init; }

    /// <summary>What it was called by: <c>deploy</c>, or a link's name.</summary>
    public required string Program { get; init; }

    /// <summary>Absolute path of the configuration.</summary>
    public required string Config { get; init; }

    /// <summary>The original's file, where it is there too and ours, in its usual place, is in force; null else.</summary>
    public string? PassedOver { get; init; }

    /// <summary>Absolute path, or null for the default.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Absolute path of a file to be kept with the daemon's pid while it runs, or null.</summary>
    public string? PidFile { get; init; }

    /// <summary>To the background once it is ready. // original: unless --debug</summary>
    public bool InBackground { get; init; }

    /// <summary>Options that were given and that do nothing.</summary>
    public IReadOnlyList<string> WithoutEffect { get; init; } = [];

    /// <summary>The command line once more, for a process that is to become this daemon: paths absolute, no secrets.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Secrets of the command line by their option's name, for that process; never for its arguments.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
}
