using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Daemon.Starting;
using Deploy.Output;

namespace Deploy.Modes.LegacyNames;

/// <summary>A daemon under the original's name: the options of its mode, in the manner of Perl's Getopt::Long; to the background unless <c>--debug</c>.</summary>
internal static class LegacyDaemonCommand
{
    private const int UsageExit = 1; // original

    /// <summary>Options that the original did not have: they take no prefix from its own.</summary>
    private static readonly string[] Ours = ["--config", "--state-dir", "--pid-file", "--shutdown-grace", "--max-command-time", "--key-cipher-file", "--client-key-cipher-file"];

    /// <summary>Runs it to its exit code.</summary>
    public static async Task<int> RunAsync(IDaemonCommand daemon, IReadOnlyList<string> arguments, Terminal terminal)
    {
        var command = daemon.Parser(daemon.LegacyName, daemon.LegacyName);
        var given = Getopt(command).Parse(arguments);
        foreach (string warning in given.Warnings)
        {
            terminal.Error.WriteLine(warning);
        }

        string usage = new HelpPrinter(terminal, new Dictionary<Command, HelpPage> { [command] = new($"{daemon.LegacyName} [OPTION...]") { Groups = daemon.Groups } }).Render(command);
        if (given.Values.ContainsKey("help"))
        {
            terminal.Out.Write(usage);
            return ExitCodes.Ok;
        }

        var parsed = command.Parse([.. Canonical(command, given)], new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            terminal.WriteError(SafeText.Of(parsed.Errors[0].Message.TrimEnd('.')));
            terminal.Error.Write(usage);
            return UsageExit;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error });
    }

    /// <summary>The reader of its command line.</summary>
    internal static GetoptLong Getopt(Command command) => new(
    [
        .. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name).Select(name => new GetoptOption(name[2..], option is not Option<bool>, Ours.Contains(name)))),
        new("help", TakesValue: false),
    ]);

    /// <summary>What it read, as the mode takes it.</summary>
    internal static IEnumerable<string> Canonical(Command command, GetoptResult given)
    {
        foreach (var option in command.Options)
        {
            string? value = option.Aliases.Prepend(option.Name).Select(name => given.Values.GetValueOrDefault(name[2..])).FirstOrDefault(value => value is not null);
            if (value is not null)
            {
                // In one word where it may begin with a dash; in two where it is empty, or would be none.
                foreach (string word in option is Option<bool> ? [option.Name] : value.Length == 0 ? [option.Name, value] : new[] { $"{option.Name}={value}" })
                {
                    yield return word;
                }
            }
        }
    }
}
