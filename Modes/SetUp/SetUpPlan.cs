namespace Deploy.Modes.SetUp;

/// <summary>The files of one daemon, and what is to be in those that are not there yet.</summary>
/// <param name="Daemon"><c>agent</c> or <c>proxy</c>.</param>
/// <param name="Config">Its configuration, absolute.</param>
internal sealed record SetUpPlan(string Daemon, string Config)
{
    /// <summary>What the configuration is to say; null where it is there.</summary>
    public string? NewConfig { get; init; }

    public required string HostKey { get; init; }

    public required string Operators { get; init; }

    public IReadOnlyList<OperatorLine> Lines { get; init; } = [];

    /// <summary>A proxy's own key; null for an agent.</summary>
    public string? OwnKey { get; init; }

    /// <summary>What others call the daemon.</summary>
    public required string Name { get; init; }

    /// <summary>Name or address under which it is asked, and its port.</summary>
    public required (string Host, int Port) At { get; init; }

    /// <summary>What is odd in the configuration, each a line.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Who the daemon runs as, to whom the keys are given; null where that is whoever makes them.</summary>
    public string? Account { get; init; }

    /// <summary>True where the daemon reads this configuration when it is told of none.</summary>
    public bool IsUsual { get; init; }
}

/// <summary>What became of one file.</summary>
/// <param name="Path">Which.</param>
/// <param name="Made">New, or with something added.</param>
/// <param name="What">What is in it, for people; empty for nothing to say.</param>
internal sealed record SetUpFile(string Path, bool Made, string What);

/// <summary>What is there when a set-up has ended.</summary>
/// <param name="Files">In the order in which they were made.</param>
/// <param name="Pin">Of the host key.</param>
/// <param name="OwnLine">The line for the agents' authorized_operators; null for an agent.</param>
/// <param name="Warnings">Each a line.</param>
internal sealed record SetUpResult(IReadOnlyList<SetUpFile> Files, string Pin, string? OwnLine, IReadOnlyList<string> Warnings);
