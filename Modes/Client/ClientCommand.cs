using System.CommandLine;
using System.CommandLine.Parsing;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary><c>deploy client</c>: an order a subcommand, and the legacy form with <c>--order</c>.</summary>
internal sealed class ClientCommand
{
    private const int AgentPort = 3440; // original: deploy-agent
    private const int LegacyPort = 3441; // original: deploy-client, which meant a proxy

    private readonly ClientOptions options = new();
    private readonly Terminal terminal;
    private readonly TimeProvider time;
    private readonly Dictionary<Command, HelpPage> pages;

    private ClientCommand(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        this.terminal = terminal;
        this.time = time;
        this.pages = pages;
    }

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) =>
        new ClientCommand(terminal, time, pages).Create();

    private Command Create()
    {
        var client = new Command("client", "Give an order to many hosts at once, and say for every host what happened.");
        foreach (var option in options.SharedGroups.Append(options.LegacyGroup).SelectMany(group => group.Options))
        {
            client.Add(option);
        }

        client.Add(Sync(Order.Status, "What a sync would change: how much. Changes nothing."));
        client.Add(Sync(Order.Rlist, "What a sync would change: name by name. Changes nothing."));
        client.Add(Sync(Order.Rsync, "Start the sync on every host. It goes on there when this command has ended."));
        client.Add(Sync(Order.Rkill, "Stop the sync that runs, on every host."));
        client.Add(Exec());
        client.SetAction((parsed, _) => RunAsync(parsed, LegacyInput(parsed), LegacyPort));
        pages[client] = new HelpPage("deploy client ORDER ... --hosts LIST [OPTION...]\n       deploy client --order=ORDER --hosts=LIST [--options=TEXT] [--args=TEXT] [OPTION...]")
        {
            Groups = [.. options.SharedGroups, options.LegacyGroup],
            Examples =
            [
                ("deploy client status site --hosts web1,web2", "how much would change on two hosts"),
                ("deploy client rsync site --hosts web1,web2", "change it"),
                ("deploy client exec nginx reload --hosts web1", "run a command of the agents' files"),
                ("deploy client --order=status --options=site --hosts=proxy1 --args=groups:web", "through a proxy"),
            ],
        };
        return client;
    }

    private Command Sync(Order order, string description)
    {
        string word = order.Word();
        var what = new Argument<string[]>("what")
        {
            HelpName = "GROUP, or ORIGIN TARGET",
            Description = "a sync group of the agents; or what is read and which directory is written",
            Arity = new ArgumentArity(1, 2),
        };
        var command = new Command(word, description) { what };
        command.SetAction((parsed, _) =>
        {
            RefuseMistypedOptions(parsed, parsed.GetRequiredValue(what));
            return RunAsync(parsed, Input(parsed, order, SyncText(parsed.GetRequiredValue(what))), AgentPort);
        });
        pages[command] = new HelpPage($"deploy client {word} GROUP --hosts LIST [OPTION...]\n       deploy client {word} ORIGIN TARGET --hosts LIST [OPTION...]")
        {
            Groups = options.SharedGroups,
            Examples =
            [
                ($"deploy client {word} site --hosts web1,web2:3440", "the agents' group `site`"),
                ($"deploy client {word} origin::www/ /srv/www --hosts web1", "an origin and a target that the agent allows"),
            ],
        };
        return command;
    }

    private Command Exec()
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "a command of the agents' agent.toml or jobs file" };
        var rest = new Argument<string[]>("arguments") { HelpName = "ARG...", Description = "what stands for its parameters or its %s; put -- before those that start with a dash", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("exec", "Run a command that the agents' agent.toml or jobs file names, on every host, and print what it said.") { name, rest };
        command.SetAction((parsed, _) =>
        {
            string[] words = [parsed.GetRequiredValue(name), .. parsed.GetValue(rest) ?? []];
            RefuseMistypedOptions(parsed, words);
            return RunAsync(parsed, Input(parsed, Order.Exec, Joined(words)), AgentPort);
        });
        pages[command] = new HelpPage("deploy client exec NAME [ARG...] --hosts LIST [OPTION...]")
        {
            Groups = options.SharedGroups,
            Examples = [("deploy client exec nginx reload --hosts web1,web2", "the command `nginx` with one argument")],
        };
        return command;
    }

    private ClientInput Input(ParseResult parsed, Order order, string text)
    {
        if (options.LegacyGroup.Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } legacy)
        {
            throw new UserError($"{legacy.Name} belongs to the form without a subcommand", ExitCodes.Usage, "say either `deploy client status GROUP` or `deploy client --order=status --options=GROUP`");
        }

        return options.Input(parsed) with { Order = order.Word(), Options = text };
    }

    private ClientInput LegacyInput(ParseResult parsed)
    {
        if (parsed.GetValue(options.Verbose) && (parsed.GetValue(options.IpcPath) ?? parsed.GetValue(options.WorkerMethod)) is not null)
        {
            terminal.WriteWarning("--ipc-path and --worker-method have no effect");
        }

        return options.Input(parsed) with
        {
            Order = parsed.GetValue(options.Order),
            Options = parsed.GetValue(options.Options),
            Args = parsed.GetValue(options.Args),
            Encoding = parsed.GetValue(options.OriginalProxy) ? FieldEncoding.OptionsTwice : FieldEncoding.Once,
        };
    }

    /// <summary>The parser takes an option that it does not know for an argument: a mistyped one must not become a target directory.</summary>
    private static void RefuseMistypedOptions(ParseResult parsed, string[] words)
    {
        var tokens = parsed.Tokens;
        int dashes = tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Count();
        int meant = Math.Max(0, tokens.Count - dashes - 1); // what stands behind `--` is meant
        if (words.SkipLast(meant).FirstOrDefault(word => word.StartsWith('-')) is { } mistyped)
        {
            throw new UserError($"'{SafeText.Of(mistyped)}' is no option here", ExitCodes.Usage, "see --help; an argument that starts with a dash stands behind --");
        }
    }

    /// <summary>A group stands as it is: it may be the legacy <c>ORIGIN,TARGET</c> itself.</summary>
    private static string SyncText(string[] what)
    {
        string text = what.Length == 1 ? what[0] : Joined(what);
        if (what.Length == 2 && !(what[1].StartsWith('/') && what[0].Contains(':', StringComparison.Ordinal)))
        {
            throw new UserError(
                $"'{SafeText.Of(what[0])}' and '{SafeText.Of(what[1])}' are no origin and target",
                ExitCodes.Usage,
                "say one GROUP, or an origin host::module/path and a target from / on; hosts are parted by commas: --hosts A,B");
        }

        return text;
    }

    private static string Joined(string[] words)
    {
        foreach (string word in words)
        {
            if (word.AsSpan().IndexOfAny(',', '|') >= 0)
            {
                throw new UserError($"'{SafeText.Of(word)}' holds ',' or '|', which part arguments on this wire", ExitCodes.Usage, "nothing was sent: the agent would have taken it for two");
            }
        }

        return string.Join(',', words);
    }

    private Task<int> RunAsync(ParseResult parsed, ClientInput input, int defaultPort)
    {
        var file = ClientFile.Load(parsed.GetValue(options.Config));
        var settings = defaultPort == AgentPort
            ? input.ToSettings(defaultPort, ExitCodes.Usage, ClientInput.OrderSeconds, file)
            : input.ToSettings(defaultPort, ExitCodes.Usage, ClientInput.LegacySeconds, file with { Port = null }); // the file's is the agents'
        return new ClientRun(options.Printed(settings, parsed, terminal, file.Output ?? Printing.Text), terminal, time).RunAsync();
    }
}
