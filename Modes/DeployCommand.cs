using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Audit;
using Deploy.Modes.Client;
using Deploy.Modes.Daemon.Starting;
using Deploy.Modes.Doctor;
using Deploy.Modes.Files;
using Deploy.Modes.Keys;
using Deploy.Modes.LegacyNames;
using Deploy.Modes.Proxy;
using Deploy.Modes.Proxy.Keys;
using Deploy.Modes.SetUp;
using Deploy.Modes.Tui;
using Deploy.Output;

namespace Deploy.Modes;

/// <summary>The command line of <c>deploy</c>: its modes are subcommands.</summary>
internal static class DeployCommand
{
    /// <summary>Parses and runs to the exit code.</summary>
    /// <exception cref="UserError">A mistake in the command line, or one that a mode found.</exception>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, TimeProvider time)
    {
        var pages = new Dictionary<Command, HelpPage>();
        var root = new RootCommand("Put a tree of files on many hosts: show what would change, change it, say for every host what happened.");
        root.Options.Clear(); // its own help also answers to /h and /?, which are paths here
        root.Add(new HelpOption("--help", "-h") { Description = "show help; also behind a mode or an order", Action = new HelpPrinter(terminal, pages) });
        var verbose = new Option<bool>("--verbose") { Description = "with --version: what is linked in, too" };
        var version = new VersionOption("--version") { Description = "show the version", Action = new PrintVersion(terminal, verbose) };
        verbose.Validators.Add(result =>
        {
            if (!result.Implicit && result.GetResult(version) is null)
            {
                result.AddError("--verbose before a mode goes with --version alone");
            }
        });
        root.Add(version);
        root.Add(verbose);
        root.Add(ClientCommand.Create(terminal, time, pages));
        root.Add(new AgentCommand().Mode(pages, AgentInit.Create(terminal, time, pages)));
        root.Add(new ProxyCommand().Mode(pages, ProxyInit.Create(terminal, time, pages), KeysCommand.Create(terminal, time, pages)));
        root.Add(TuiCommand.Create(terminal, time, pages));
        root.Add(CheckCommand.Create(terminal, pages));
        root.Add(DoctorCommand.Create(terminal, time, pages));
        root.Add(AuditCommand.Create(terminal, time, pages));
        root.Add(ConvertCommand.Create(terminal, pages));
        root.Add(ShowCommand.Create(terminal, pages));
        root.Add(InstallLinksCommand.Create(terminal, pages));
        root.Add(KeygenCommand.Create(terminal, pages));
        root.Add(CompletionCommand.Create(terminal, pages));
        pages[root] = new HelpPage("deploy MODE [OPTION...]")
        {
            Groups = [new HelpGroup("Options", [.. root.Options])],
            Examples =
            [
                ("deploy client status site --hosts web1,web2", "what would change on two hosts"),
                ("deploy agent --config /etc/deploy/deploy_agent.ini", "take orders on this host"),
                ("deploy proxy --config /etc/deploy/deploy_proxy.ini", "take orders here for many hosts"),
                ("deploy tui --via proxy-01", "watch a proxy's hosts and jobs on one screen, and order from it"),
                ("deploy client --help", "the client's orders and options"),
            ],
        };
        if (arguments.TakeWhile(word => word != "--").FirstOrDefault(word => word.Length > 3 && word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) == word.Length - 1) is { } empty)
        {
            // The parser would take the next word for the value.
            throw new UserError($"{SafeText.Of(empty)} has no value", ExitCodes.Usage, "an unset variable? give it a value, or leave it out");
        }

        // Without response files: an argument that starts with @ is an argument.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpPrinter or PrintVersion))
        {
            throw new UserError(Message(parsed), ExitCodes.Usage, $"see {Help(parsed.CommandResult.Command)}");
        }

        return parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false, // Program has the one top-level catch
            ProcessTerminationTimeout = null, // modes handle signals themselves
            Output = terminal.Out,
            Error = terminal.Error,
        });
    }

    /// <summary>The number, for <c>--version</c> and the proxy's Server header; no peer decides by it.</summary>
    public static string Version => typeof(DeployCommand).Assembly.GetName().Version!.ToString(3);

    private static string Message(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count == 0 ? "no mode"
        : Mistyped(parsed) is { } option ? $"'{SafeText.Of(option)}' is no option here{(NearestName.Find(option, Options(parsed.CommandResult)) is { } near ? $"; did you mean {near}?" : string.Empty)}"
        : parsed.UnmatchedTokens is [var first, ..] ? $"'{SafeText.Of(first)}' is no option or command here"
        : SafeText.Of(parsed.Errors[0].Message.TrimEnd('.'));

    /// <summary>A word that looks like an option and was read as an argument, before any <c>--</c>: the values behind it are not to be blamed.</summary>
    private static string? Mistyped(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type != TokenType.Option && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value.Split('=')[0];

    private static IEnumerable<string> Options(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            foreach (var option in (at as CommandResult)?.Command.Options ?? [])
            {
                yield return option.Name;
            }
        }
    }

    private static string Help(Command command)
    {
        var names = new List<string> { command.Name };
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Insert(0, parent.Name);
        }

        names[0] = "deploy"; // the root has the executable's name
        return string.Join(' ', names) + " --help";
    }

    private sealed class PrintVersion(Terminal terminal, Option<bool> verbose) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine("deploy " + Version);
            foreach (string line in parseResult.GetValue(verbose) ? VersionReport.Lines() : [])
            {
                terminal.Out.WriteLine(line);
            }

            return ExitCodes.Ok;
        }
    }
}
