using Deploy.Modes.Binding.Toml;
using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Output;

namespace Deploy.Modes.Files;

/// <summary><c>deploy convert</c>: prints the TOML that means what an INI file of the original means.</summary>
internal static class ConvertCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var file = new Argument<string>("FILE") { Description = "an INI file of the original" };
        var kind = CheckCommand.KindOption();
        var command = new Command("convert", "Print the TOML that means the same as an INI file, with comments where the meaning changed. Secrets are not printed, but for the SHA-256 of API keys: keep that file 0600. Nothing is changed.") { file, kind };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            if (TomlFile.IsNamed(path))
            {
                throw new UserError($"{SafeText.Of(path)} is TOML already", ExitCodes.Usage, "convert takes an INI file of the original, e.g. deploy_agent.ini");
            }

            string toml = new IniConverter(RegularFile.Read, Surroundings.HostName).Convert(path, CheckCommand.ParseKind(parsed.GetValue(kind)));
            terminal.Out.Write(toml);
            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy convert [OPTION...] FILE")
        {
            Groups = [new HelpGroup("Options", [kind])],
            Examples =
            [
                ("deploy convert /etc/deploy/deploy_agent.ini > agent.toml", "then read its comments, and: deploy check agent.toml"),
                ("umask 077; deploy convert /etc/deploy/deploy_proxy.ini > proxy.toml", "has hashes of API keys"),
            ],
        };
        return command;
    }
}
