using System.CommandLine;
using Deploy.Modes.Files.Printing;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Toml;
using Deploy.Modes.Files.Checking;
using Deploy.Modes.Proxy;
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
        var report = new FileChecker(RegularFile.Read, Surroundings.HostName, AgentCommand.FromEnvironment()).Check(path, asKind);
        if (report.Errors.Count > 0)
        {
            throw new UserError($"{SafeText.Of(path)} has mistakes, so nothing of it is in force", ExitCodes.Configuration, $"deploy check {SafeText.Of(path)}");
        }

        return $"# deploy {report.Kind!.Value.Word()}, from {SafeText.Of(path)}\n" + report.Kind switch
        {
            FileKind.Agent => Agent(path),
            FileKind.Proxy when ProxyFile.Read(path, ProxyOverrides.None, RegularFile.Read) is ProxyConfig.Valid valid =>
                new ProxyPrinter(valid.Settings, Sources(SettingPlaces.Of(path, IniFileKind.Proxy, valid.Places)), showHashes: false).Print(),
            FileKind.Client when ClientTomlFile.Read(path, RegularFile.Read) is ClientConfig.Valid valid => new ClientPrinter(valid.Defaults, Sources(valid.Places)).Print(),
            _ => throw new UserError($"{SafeText.Of(path)} is read by way of another file", ExitCodes.Usage, "show the agent's or the proxy's file that names it"),
        };
    }

    private static string Agent(string path)
    {
        if (AgentFile.Read(path, AgentCommand.FromEnvironment(), Surroundings.HostName, RegularFile.Read) is not AgentConfig.Valid valid)
        {
            throw new UserError($"{SafeText.Of(path)} changed while it was read", ExitCodes.Failed, "try again");
        }

        string key = valid.Settings switch
        {
            { KeyCipherFile: not null } => string.Empty,
            { KeyCipher: null } => $"# the shared key is the default, {AgentSettings.DefaultKeyCipher}, which everybody knows\n",
            _ when valid.Places.TryGetValue("server.key_cipher", out var at) => $"# the shared key is not shown; it stands at {SafeText.Of(at.ToString())}\n",
            _ => "# the shared key is not shown; it is $DEPLOY_KEY_CIPHER\n",
        };
        return key + new AgentPrinter(valid.Settings, Sources(SettingPlaces.Of(path, IniFileKind.Agent, valid.Places))).Print();
    }

    /// <summary>Every setting, with the place that sets it behind.</summary>
    private static Func<string, SettingLine> Sources(IReadOnlyDictionary<string, Position> places) =>
        name => new SettingLine(true, places.TryGetValue(name, out var at) ? at.ToString() : "default");
}
