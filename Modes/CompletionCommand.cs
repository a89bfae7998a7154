using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;

namespace Deploy.Modes;

/// <summary><c>deploy completion SHELL</c>: prints the script that completes our command lines in a shell; packages install the same files, packaging/completions.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Shells[..^1]) + " or " + Shells[^1] };
        shell.CompletionSources.Add(Shells);
        var command = new Command("completion", "Print the script that completes command lines in a shell.") { shell };
        command.SetAction(parsed =>
        {
            terminal.Out.Write(Script(parsed.GetRequiredValue(shell)));
            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy completion SHELL")
        {
            Examples =
            [
                (". <(deploy completion bash)", "in ~/.bashrc"),
                ("deploy completion zsh >~/.zfunc/_deploy", "with ~/.zfunc in $fpath"),
                ("deploy completion fish | source", "in ~/.config/fish/config.fish"),
            ],
        };
        return command;
    }

    /// <summary>A shell's script.</summary>
    /// <exception cref="UserError">There is none for it.</exception>
    internal static string Script(string shell)
    {
        using var script = Shells.Contains(shell) ? typeof(CompletionCommand).Assembly.GetManifestResourceStream("completion." + shell) : null;
        if (script is null)
        {
            throw new UserError($"there is no completion for '{SafeText.Of(shell)}'", ExitCodes.Usage, $"deploy completion {string.Join('|', Shells)}");
        }

        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
