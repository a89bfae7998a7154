using System.CommandLine;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>The command line of a daemon, the same for its mode and for the original's name.</summary>
internal interface IDaemonCommand
{
    /// <summary>The original's program, e.g. <c>deploy-agent</c>; its mode is what stands behind the dash.</summary>
    string LegacyName { get; }

    string Description { get; }

    /// <summary>Every option.</summary>
    IReadOnlyList<HelpGroup> Groups { get; }

    /// <summary>Of the mode.</summary>
    IReadOnlyList<(string Line, string What)> Examples { get; }

    /// <summary>Runs it to its exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="legacyName">The name that it was called by, where that is the original's.</param>
    Task<int> RunAsync(ParseResult parsed, string? legacyName);
}
