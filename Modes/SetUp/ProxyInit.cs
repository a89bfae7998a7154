using System.CommandLine;
using System.Text;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Printing;
using Deploy.Modes.Proxy;
using Deploy.Output;

namespace Deploy.Modes.SetUp;

/// <summary><c>deploy proxy init</c>: configuration, host key, own key and authorized_operators of a proxy, and what comes next. Nothing that is there is changed.</summary>
internal sealed class ProxyInit
{
    /// <summary>The account that the package's unit runs the proxy as. // packaging/systemd/deploy-proxy.service</summary>
    private const string UnitAccount = "deploy-proxy";

    /// <summary>Whom the packaged unit runs a proxy as whose configuration names nobody, where there is that unit; null else, and where that is of no account.</summary>
    public static uint? UnitUser => Privileges.IsRoot && NextSteps.HasUnit("proxy") ? Privileges.Find(UnitAccount)?.User : null;

    private readonly InitOptions options = new(ProxyFile.TomlPath, ProxySettings.DefaultPort);
    private readonly Option<string[]> host = InitOptions.Several("--host", "NAME=ADDRESS[:PORT]", "an agent, and where it is; NAME alone where that is its address too");
    private readonly Option<string[]> hosts = InitOptions.Several("--hosts", "PATTERN", "agents whose names are their addresses: web-[001-040]");

    /// <summary>The command, for the proxy's; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) => new ProxyInit().Make(terminal, time, pages);

    private Command Make(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        HelpGroup[] groups =
        [
            new("Who may order", [options.Allow, options.AllowFile]),
            new("A new configuration", [options.Config, options.Listen, options.From, host, hosts]),
        ];
        var command = new Command("init", "Set up a proxy here: its configuration, its host key, its own key, and who may order. What is there stays as it is; keys are added.");
        foreach (var option in groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (plan, settings) = Plan(parsed, Surroundings.HostName);
            if (plan.NewConfig is null && InitOptions.Unwritten(parsed, [options.Listen, options.From, host, hosts]) is { Length: > 0 } idle)
            {
                terminal.WriteWarning($"{SafeText.Of(plan.Config)} is there already and stays as it is: {idle} {(idle.Contains(',', StringComparison.Ordinal) ? "are" : "is")} not written into it");
            }

            var result = await new DaemonSetUp(time).RunAsync(plan, cancellationToken);
            NextSteps.Print(terminal, plan, result, [.. Agents(settings, result)]);
            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy proxy init [OPTION...]")
        {
            Groups = groups,
            Examples =
            [
                ("deploy proxy init --allow \"$(cat alice.pub)\" --hosts 'web-[001-040]'", "a proxy of forty agents; the next steps are printed"),
                ("deploy proxy init --host db-1=10.2.0.7 --host db-2=10.2.0.8:3450", "agents by address"),
                ("deploy proxy init", "again: prints the pin and its key"),
            ],
        };
        return command;
    }

    /// <summary>What makes the proxy and its agents know each other.</summary>
    private static IEnumerable<(string Line, string What)> Agents(ProxySettings settings, SetUpResult result)
    {
        string[] asked = [.. settings.Hosts.Values.Where(one => one.Wire == HostWire.V1).Select(one => Pins.KnownAgentsPlaces.Shown(one.Address, one.Port))];
        string whom = asked.Length == 0 ? "HOST..." : SafeText.Of(HostFold.Fold(asked));
        yield return ($"deploy agent init --proxy '{SafeText.Of(result.OwnLine!["orders=\"read\" ".Length..])}'", "on each agent");
        yield return ($"deploy client trust --known-agents {SafeText.Of(settings.KnownAgentsFile!)} '{whom}'", "here, once they run; then reload the proxy");
    }

    /// <summary>What is to be made; all of the command line is checked.</summary>
    private (SetUpPlan Plan, ProxySettings Settings) Plan(ParseResult parsed, string hostName)
    {
        InitOptions.RefuseOthers(parsed, "proxy");
        var (path, isUsual) = options.Place(parsed, ProxyFile.TomlPath, ProxyFile.LegacyPath);
        var lines = options.Lines(parsed, []);
        string? text = File.Exists(path) ? null : Text(parsed);
        FileContent Read(string file) => text is not null && file == path ? new FileContent.Read(Encoding.UTF8.GetBytes(text)) : RegularFile.Read(file);
        var settings = ProxyFile.Read(path, ProxyOverrides.None, Read) switch
        {
            ProxyConfig.Valid valid => valid.Settings,
            ProxyConfig.Invalid invalid when text is not null => throw new UserError(string.Join("\ndeploy: error: ", invalid.Errors.Select(error => error.What)), ExitCodes.Usage, "nothing was written; see deploy proxy init --help"),
            ProxyConfig.Invalid invalid => throw new UserError(string.Join("\ndeploy: error: ", invalid.Errors), ExitCodes.Configuration, "nothing was written; mend the file first, see deploy check"),
            _ => throw new InvalidOperationException(),
        };
        string name = hostName.Split('.')[0];
        return (new SetUpPlan("proxy", path)
        {
            NewConfig = text,
            HostKey = settings.HostKeyFile!,
            Operators = settings.OperatorsFile!,
            OwnKey = settings.ProxyKeyFile ?? Binding.Toml.SecureTable.Beside(path).ProxyKey,
            Lines = lines,
            Name = name,
            At = InitOptions.At(settings, name),
            Account = settings.User is { } user ? user is "0" or "root" ? null : user
                : isUsual && UnitUser is not null ? UnitAccount : null,
            IsUsual = isUsual,
        }, settings);
    }

    /// <summary>A new proxy.toml.</summary>
    private string Text(ParseResult parsed)
    {
        var writer = InitOptions.Begin("proxy");
        writer.Table("proxy");
        InitOptions.WriteOrExample(writer, "listen", parsed.GetValue(options.Listen) ?? [], ["0.0.0.0:3441"], "the default");
        options.WriteAllow(writer, parsed);
        InitOptions.WriteLegacy(writer);
        writer.Table("hosts");
        string[] patterns = parsed.GetValue(hosts) ?? [];
        string[] single = parsed.GetValue(host) ?? [];
        foreach (string pattern in patterns)
        {
            writer.Value(pattern, "{}");
        }

        foreach (string one in single)
        {
            string[] sides = one.Split('=', 2);
            var (address, port) = HostName.Split(sides[^1]);
            if (sides.Any(side => side.Length == 0) || address.Length == 0)
            {
                throw new UserError($"--host takes NAME=ADDRESS or NAME=ADDRESS:PORT, not '{SafeText.Of(one)}'", ExitCodes.Usage, "nothing was written");
            }

            string[] keys = [.. sides.Length > 1 ? [$"address = {TomlWriter.Text(address)}"] : Array.Empty<string>(), .. port > 0 ? [$"port = {TomlWriter.Number(port)}"] : Array.Empty<string>()];
            writer.Value(sides.Length > 1 ? sides[0] : address, keys.Length == 0 ? "{}" : $"{{ {string.Join(", ", keys)} }}");
        }

        if (patterns.Length + single.Length == 0)
        {
            writer.Comment("\"web-[001-040]\" = {}");
            writer.Comment("\"db-001\" = { address = \"10.2.0.7\" }");
        }

        writer.Blank();
        writer.Comment("Names for hosts, `deploy client … --via PROXY --group web`:");
        writer.Comment("[groups]");
        writer.Comment("web = \"web-[001-040]\"");
        return writer.ToString();
    }
}
