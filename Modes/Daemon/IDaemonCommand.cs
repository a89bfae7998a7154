using System.CommandLine;

namespace Deploy.Modes.Daemon;

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

/// <summary>The same for each of them.</summary>
internal static class DaemonCommands
{
    /// <summary>The mode, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Mode(this IDaemonCommand daemon, Dictionary<Command, HelpPage> pages)
    {
        string name = daemon.LegacyName["deploy-".Length..];
        var command = daemon.Parser(name, null);
        pages[command] = new HelpPage($"deploy {name} [OPTION...]") { Groups = daemon.Groups, Examples = daemon.Examples };
        return command;
    }

    /// <summary>A command with every option.</summary>
    public static Command Parser(this IDaemonCommand daemon, string name, string? legacyName)
    {
        var command = new Command(name, legacyName is null ? daemon.Description : daemon.Description + " Goes to the background once it is ready, unless --debug.");
        foreach (var option in daemon.Groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) => daemon.RunAsync(parsed, legacyName));
        return command;
    }
}
