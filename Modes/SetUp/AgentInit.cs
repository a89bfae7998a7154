using System.CommandLine;
using System.Net;
using System.Text;
using Deploy.Config;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Text;
using Deploy.Modes.Agent;
using Deploy.Modes.Binding;
using Deploy.Modes.Files.Printing;
using Deploy.Output;

namespace Deploy.Modes.SetUp;

/// <summary><c>deploy agent init</c>: configuration, host key and authorized_operators of an agent, and what comes next. Nothing that is there is changed.</summary>
internal sealed class AgentInit
{
    private readonly InitOptions options = new(AgentFile.TomlPath, AgentSettings.DefaultPort);
    private readonly Option<string[]> proxy = InitOptions.Several("--proxy", "LINE", "a proxy's key, as its own init prints it: it may read here, and passes orders on that their operators have signed");
    private readonly Option<string[]> names = InitOptions.Several("--name", "NAME", "what orders call this host; its host name, short and full. The addresses of --listen come to these");
    private readonly Option<string[]> paths = InitOptions.Several("--path", "DIR", "a directory below which targets may lie; else the target of --group");
    private readonly Option<string?> group = OptionKinds.Text("--group", "NAME", "a sync group, with --origin and --target");
    private readonly Option<string?> origin = OptionKinds.Text("--origin", "ORIGIN", "what it reads: rsync://HOST/MODULE/PATH/, HOST::MODULE/PATH/ or a local path");
    private readonly Option<string?> target = OptionKinds.Text("--target", "DIR", "the directory that it writes");

    /// <summary>The command, for the agent's; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) => new AgentInit().Make(terminal, time, pages);

    private Command Make(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        HelpGroup[] groups =
        [
            new("Who may order", [options.Allow, options.AllowFile, proxy]),
            new("A new configuration", [options.Config, names, options.Listen, options.From, paths]),
            new("Its first sync group", [group, origin, target]),
        ];
        var command = new Command("init", "Set up an agent here: its configuration, its host key, and who may order. What is there stays as it is; keys are added.");
        foreach (var option in groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = Plan(parsed, Surroundings.HostName);
            if (plan.NewConfig is null && InitOptions.Unwritten(parsed, [names, options.Listen, options.From, paths, group, origin, target]) is { Length: > 0 } idle)
            {
                terminal.WriteWarning($"{SafeText.Of(plan.Config)} is there already and stays as it is: {idle} {(idle.Contains(',', StringComparison.Ordinal) ? "are" : "is")} not written into it");
            }

            NextSteps.Print(terminal, plan, await new DaemonSetUp(time).RunAsync(plan, cancellationToken), []);
            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy agent init [OPTION...]")
        {
            Groups = groups,
            Examples =
            [
                ("deploy agent init --allow \"$(cat alice.pub)\"", "the first of three commands; the next are printed"),
                ("deploy agent init --allow-file alice.pub --group site --origin rsync://origin/site/ --target /srv/www/site", "with a sync group"),
                ("deploy agent init --allow 'orders=\"status,rlist\" ssh-ed25519 AAAA… bob'", "one more, who may look"),
                ("deploy agent init", "again: prints the pin"),
            ],
        };
        return command;
    }

    /// <summary>What is to be made; all of the command line is checked.</summary>
    private SetUpPlan Plan(ParseResult parsed, string hostName)
    {
        InitOptions.RefuseOthers(parsed, "agent");
        var (path, isUsual) = options.Place(parsed, AgentFile.TomlPath, AgentFile.LegacyPath);
        var lines = options.Lines(parsed, parsed.GetValue(proxy) ?? []);
        string? text = File.Exists(path) ? null : Text(parsed, hostName);
        FileContent Read(string file) => text is not null && file == path ? new FileContent.Read(Encoding.UTF8.GetBytes(text)) : RegularFile.Read(file);
        var settings = AgentFile.Read(path, AgentCommand.FromEnvironment(), hostName, Read) switch
        {
            AgentConfig.Valid valid => valid.Settings,
            AgentConfig.Invalid invalid when text is not null => throw new UserError(string.Join("\ndeploy: error: ", invalid.Errors.Select(error => error.What)), ExitCodes.Usage, "nothing was written; see deploy agent init --help"),
            AgentConfig.Invalid invalid => throw new UserError(string.Join("\ndeploy: error: ", invalid.Errors), ExitCodes.Configuration, "nothing was written; mend the file first, see deploy check"),
            _ => throw new InvalidOperationException(),
        };
        return new SetUpPlan("agent", path)
        {
            NewConfig = text,
            HostKey = settings.HostKeyFile!,
            Operators = settings.OperatorsFile!,
            Lines = lines,
            Name = settings.Names[0],
            At = InitOptions.At(settings, settings.Names[0], settings.Names),
            Warnings = Unnamed(settings) is { } address
                ? [$"it listens on {address}, which is none of its names: an order to that address is refused; write it into [agent] names, in {SafeText.Of(path)}"] : [],
            Account = settings.User is null or "0" or "root" ? null : settings.User,
            IsUsual = isUsual,
        };
    }

    /// <summary>A loopback address where it listens and that it does not answer to: no other name is sure to lead there. Null for none.</summary>
    private static IPAddress? Unnamed(AgentSettings settings) =>
        settings.Listen.Select(at => at.Address).FirstOrDefault(address => IPAddress.IsLoopback(address) && !settings.Names.Contains(address.ToString(), HostName.Comparer));

    /// <summary>What orders call it: its names, and the addresses that it listens on where they are named. Empty for the host name alone, which needs no line.</summary>
    private string[] Names(ParseResult parsed, string hostName)
    {
        string[] given = parsed.GetValue(names) ?? [];
        string[] addresses = [.. (parsed.GetValue(options.Listen) ?? [])
            .Select(word => ListenAddress.Parse(word, AgentSettings.DefaultPort) is { } at && !InitOptions.IsAny(at.Address) ? at.Address.ToString() : null).OfType<string>()];
        return addresses.Length == 0 ? given : [.. given.Concat(given.Length == 0 ? AgentSettings.Of(hostName).Names : []).Concat(addresses).Distinct(HostName.Comparer)];
    }

    /// <summary>A new agent.toml.</summary>
    private string Text(ParseResult parsed, string hostName)
    {
        string?[] sync = [parsed.GetValue(group), parsed.GetValue(origin), parsed.GetValue(target)];
        if (sync.Any(word => word is null) && sync.Any(word => word is not null))
        {
            throw new UserError("--group, --origin and --target go together", ExitCodes.Usage, "nothing was written; a sync group is --group site --origin rsync://origin/site/ --target /srv/www/site");
        }

        var writer = InitOptions.Begin("agent");
        writer.Table("agent");
        InitOptions.WriteOrExample(writer, "names", Names(parsed, hostName), ["web-001"], "what orders may call this host; default: the host name, short and full");
        InitOptions.WriteOrExample(writer, "listen", parsed.GetValue(options.Listen) ?? [], ["0.0.0.0:3440"], "the default");
        options.WriteAllow(writer, parsed);
        IReadOnlyList<string> roots = parsed.GetValue(paths) is { Length: > 0 } given ? given : sync[2] is { } only ? [only] : [];
        writer.Comment("Directories below which targets may lie.");
        InitOptions.WriteOrExample(writer, "paths", roots, ["/srv/www"], "without it, none");
        InitOptions.WriteLegacy(writer);
        if (sync is [{ } name, { } from, { } to])
        {
            writer.Table("sync", name);
            writer.Value("origin", TomlWriter.Text(from).Toml);
            writer.Value("target", TomlWriter.Text(to).Toml);
        }
        else
        {
            writer.Blank();
            writer.Comment("A sync group, for `deploy client status site`:");
            writer.Comment("[sync.site]");
            writer.Comment("origin = \"rsync://origin.example.net/site/\"");
            writer.Comment("target = \"/srv/www/site\"");
        }

        return writer.ToString();
    }
}
