using System.CommandLine;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>The commands of a daemon: its mode, and the one behind the original's name.</summary>
internal static class DaemonCommands
{
    /// <summary>The mode, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    /// <param name="daemon">Which.</param>
    /// <param name="pages">Takes it.</param>
    /// <param name="subcommands">What can be done beside running it; not under the original's name.</param>
    public static Command Mode(this IDaemonCommand daemon, Dictionary<Command, HelpPage> pages, params ReadOnlySpan<Command> subcommands)
    {
        string name = daemon.LegacyName["deploy-".Length..];
        var command = daemon.Parser(name, null);
        foreach (var subcommand in subcommands)
        {
            command.Add(subcommand);
        }

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
