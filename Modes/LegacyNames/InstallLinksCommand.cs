using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;

namespace Deploy.Modes.LegacyNames;

/// <summary><c>deploy install-links</c>: the original's three names, as links to this program.</summary>
internal static class InstallLinksCommand
{
    /// <summary>The names under which the program is the original's.</summary>
    public static readonly IReadOnlyList<string> Names = ["deploy-agent", "deploy-proxy", "deploy-client"];

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var directory = new Argument<string>("DIR") { Description = "where to, e.g. /usr/local/sbin; it has to be there" };
        var names = new Argument<string[]>("NAME") { Description = "which of the three; default all", Arity = ArgumentArity.ZeroOrMore };
        names.AcceptOnlyFromAmong([.. Names]);
        var command = new Command("install-links", "Make the links deploy-agent, deploy-proxy and deploy-client to this program, for scripts of the original. What is there and is no such link stays, and is an error.") { directory, names };
        command.SetAction(parsed =>
        {
            foreach (string line in Make(parsed.GetRequiredValue(directory), Surroundings.ProgramPath, parsed.GetValue(names) is { Length: > 0 } given ? given : Names))
            {
                terminal.Out.WriteLine(line);
            }

            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy install-links DIR [NAME...]") { Examples = [("deploy install-links /usr/local/sbin", "then old scripts start this program; again after it was moved")] };
        return command;
    }

    /// <summary>Makes those that are not there; a line for each.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="program">Absolute path of the program.</param>
    /// <param name="names">Of <see cref="Names"/>.</param>
    /// <exception cref="UserError">Something else is there: nothing was made. Or a link cannot be made.</exception>
    internal static IReadOnlyList<string> Make(string directory, string program, IReadOnlyList<string> names)
    {
        if (!Directory.Exists(directory))
        {
            throw new UserError($"{SafeText.Of(directory)} is no directory", ExitCodes.Failed, "make it first, or name another");
        }

        string[] links = [.. names.Distinct().Select(name => Path.Combine(Path.GetFullPath(directory), name))];
        string[] inTheWay = [.. links.Select(link => InTheWay(link, program)).OfType<string>()];
        if (inTheWay.Length > 0)
        {
            throw new UserError($"{string.Join("; ", inTheWay)}: nothing was made", ExitCodes.Failed, $"keep it for the way back, then try again: mv {SafeText.Of(links.First(link => InTheWay(link, program) is not null))} SOMEWHERE; or name the links that you want: deploy install-links DIR deploy-agent");
        }

        return [.. links.Select(link => Make(link, program, SafeText.Of($"{link} -> {program}")))];
    }

    private static string Make(string link, string program, string shown)
    {
        if (new FileInfo(link).LinkTarget is not null)
        {
            return $"{shown} was there";
        }

        try
        {
            File.CreateSymbolicLink(link, program); // symlink(2) replaces nothing, whatever came there since
            return shown;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(link)} cannot be made: {SafeText.Of(error.Message)}", ExitCodes.Failed);
        }
    }

    /// <summary>What is there and is no link to the program; null for nothing.</summary>
    private static string? InTheWay(string link, string program)
    {
        var there = new FileInfo(link);
        return there.LinkTarget is { } target
            ? target == program ? null : SafeText.Of($"{link} is a link to {target}")
            : there.Exists || Directory.Exists(link) ? SafeText.Of($"{link} is there and is no link") : null;
    }
}
