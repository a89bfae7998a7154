using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes;
using Deploy.Modes.Agent;
using Deploy.Modes.Client;
using Deploy.Modes.LegacyNames;
using Deploy.Modes.Proxy;
using Deploy.Output;

namespace Deploy;

/// <summary>Arguments to mode to exit code.</summary>
internal static class Program
{
    /// <summary>The way to a child first, before anything of the runtime is set up for a program that is about to be replaced.</summary>
    private static int Main(string[] arguments) => HiddenExec.IsAsked(arguments) ? HiddenExec.Run() : RunAsync(arguments).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(string[] arguments)
    {
        CLibrary.KeepToItself();
        CLibrary.TrustNoRoots();
        var commandLine = CommandLine.Read(arguments);
        var terminal = Terminal.Open();
        try
        {
            int exitCode = await RunAsync(commandLine, terminal).ConfigureAwait(false);
            return Flush(terminal) ? exitCode : ExitCodes.Failed;
        }
        catch (UserError error)
        {
            terminal.WriteError(error.Message, error.Hint);
            return error.ExitCode;
        }
        catch (Exception error)
        {
            bool debug = commandLine.Arguments.Contains("--debug");
            terminal.WriteError(debug ? error.ToString() : $"{SafeText.Of(error.Message)} (this is a bug; --debug shows where)");
            return ExitCodes.Failed;
        }
    }

    /// <summary>What is still to be written, e.g. help; false, and said, where that is not possible.</summary>
    private static bool Flush(Terminal terminal)
    {
        try
        {
            terminal.Out.Flush();
            return true;
        }
        catch (IOException)
        {
            terminal.WriteError("standard output cannot be written to");
            return false;
        }
    }

    /// <summary>The name that it was called by decides the command line: links keep the original programs' own.</summary>
    private static Task<int> RunAsync(CommandLine commandLine, Terminal terminal) => commandLine.Name switch
    {
        "deploy-agent" => LegacyDaemonCommand.RunAsync(new AgentCommand(), commandLine.Arguments, terminal),
        "deploy-proxy" => LegacyDaemonCommand.RunAsync(new ProxyCommand(), commandLine.Arguments, terminal),
        "deploy-client" => LegacyClientCommand.RunAsync(commandLine.Arguments, terminal, TimeProvider.System),
        _ => DeployCommand.RunAsync(commandLine.Arguments, terminal, TimeProvider.System),
    };
}
