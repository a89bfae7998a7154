using System.CommandLine;
using Deploy.Modes.Files.Printing;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding.Ini;
using Deploy.Output;

namespace Deploy.Modes.Files;

/// <summary><c>deploy config --show</c>: every setting in force and where it comes from, as TOML; secrets are not in it.</summary>
internal static class ShowCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var files = new Argument<string[]>("FILE") { Description = "configuration files; none means those that the modes would read on this host", Arity = ArgumentArity.ZeroOrMore };
        var show = new Option<bool>("--show") { Description = "print every setting in force and where it comes from", Required = true };
        var kind = CheckCommand.KindOption();
        var command = new Command("config", "Show the configuration in force, defaults and the environment included; secrets are not printed.") { files, show, kind };
        command.SetAction(parsed =>
        {
            foreach (string path in parsed.GetValue(files) is { Length: > 0 } named ? named : ConfiguredFiles.OnThisHost())
            {
                terminal.Out.Write(Show(path, CheckCommand.ParseKind(parsed.GetValue(kind))));
            }

            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy config --show [OPTION...] [FILE...]")
        {
            Groups = [new HelpGroup("Options", [show, kind])],
            Examples = [("deploy config --show", "what the modes would have in force on this host"), ("deploy config --show agent.toml", "what this file would put in force")],
        };
        return command;
    }

    private static string Show(string path, FileKind? asKind)
    {
        var kind = asKind ?? (AgentCommand.ReadRegular(path) is FileContent.Read content ? FileKinds.Tell(path, content.Bytes.Span) : null) ?? FileKind.Agent;
        if (kind != FileKind.Agent)
        {
            throw new UserError($"{SafeText.Of(path)} is no agent's file: this version shows those alone", ExitCodes.Usage);
        }

        var overrides = AgentCommand.FromEnvironment();
        if (AgentFile.Read(path, overrides, Surroundings.HostName, AgentCommand.ReadRegular) is not AgentConfig.Valid valid)
        {
            throw new UserError($"{SafeText.Of(path)} has mistakes, so nothing of it is in force", ExitCodes.Configuration, $"deploy check {SafeText.Of(path)}");
        }

        var places = SettingPlaces.Of(path, IniFileKind.Agent, valid.Places);
        string key = valid.Settings switch
        {
            { KeyCipherFile: not null } => string.Empty,
            { KeyCipher: null } => $"# the shared key is the default, {AgentSettings.DefaultKeyCipher}, which everybody knows\n",
            _ when valid.Places.TryGetValue("server.key_cipher", out var at) => $"# the shared key is not shown; it stands at {SafeText.Of(at.ToString())}\n",
            _ => "# the shared key is not shown; it is $DEPLOY_KEY_CIPHER\n",
        };
        return $"# deploy agent, from {SafeText.Of(path)}\n{key}"
            + new AgentPrinter(valid.Settings, name => new SettingLine(true, places.TryGetValue(name, out var at) ? at.ToString() : "default")).Print();
    }
}
