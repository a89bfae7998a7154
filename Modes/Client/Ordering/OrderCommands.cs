using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Client.Following;

namespace Deploy.Modes.Client.Ordering;

/// <summary>The orders as subcommands: <c>deploy client rsync site --hosts …</c>.</summary>
/// <param name="context">What they work with.</param>
/// <param name="legacy">Gives an order by the original's protocol: the command line, the order, its options as that protocol has them.</param>
internal sealed class OrderCommands(ClientContext context, Func<ParseResult, Order, string, ClientDefaults, Task<int>> legacy)
{
    private const string Chosen = "'web-[001-040],!web-007'";

    /// <summary>All of them, for the client's command.</summary>
    public IEnumerable<Command> Create()
    {
        yield return Sync(Order.Status, "What a sync would change: how much. Changes nothing.");
        yield return Sync(Order.Rlist, "What a sync would change: name by name. Changes nothing.");
        yield return Sync(Order.Rlist, "What a sync would change, kept as a plan that rsync --plan does exactly. Changes nothing.", isPlan: true);
        yield return Sync(Order.Rsync, "Sync every host, and say how each one ended.");
        yield return Sync(Order.Rkill, "Stop the sync that runs, on every host.");
        yield return Exec();
    }

    private Command Sync(Order order, string description, bool isPlan = false)
    {
        string word = isPlan ? "plan" : order.Word();
        var what = new Argument<string[]>("what")
        {
            HelpName = "GROUP, or ORIGIN TARGET",
            Description = "a sync group of the agents; or what is read and which directory is written",
            Arity = new ArgumentArity(1, 2),
        };
        var command = new Command(word, description) { what };
        var options = new OrderOptions(rollout: order == Order.Rsync);
        List<HelpGroup> groups = [options.Choosing];
        if (order == Order.Rsync)
        {
            groups.Add(new HelpGroup("The sync", [options.Plan, options.AllowDelete, options.Changes, options.Reason, options.Wait]));
            groups.Add(options.Rollout);
        }
        else if (isPlan)
        {
            groups.Add(new HelpGroup("The plan", [options.Changes, options.DetailedExitCode, options.Reason]));
        }
        else if (order is Order.Status or Order.Rlist)
        {
            groups.Add(new HelpGroup("The answer", [options.DetailedExitCode]));
        }

        groups.Add(options.Times);
        Add(command, groups, order, isPlan, options, parsed => Words.Sync(parsed, parsed.GetRequiredValue(what)));
        context.Pages[command] = new HelpPage($"deploy client {word} GROUP --hosts LIST [OPTION...]\n       deploy client {word} ORIGIN TARGET --hosts LIST [OPTION...]")
        {
            Groups = [.. groups, .. context.Options.SharedGroups],
            Examples = order == Order.Rsync
                ?
                [
                    ("deploy client rsync site --hosts web1,web2:3440", "the agents' group `site`"),
                    ($"deploy client rsync site --via proxy-01 --hosts {Chosen} --canary 1 --batches 10%,100% --max-failures 2", "a rollout"),
                    ("deploy client rsync site --via proxy-01 --plan 4V6W7Y8Z9A", "what that plan shows, on its hosts, and nothing else"),
                    ("deploy client rsync origin::www/ /srv/www --hosts web1", "an origin and a target that the agent allows"),
                ]
                :
                [
                    ($"deploy client {word} site --hosts web1,web2:3440", "the agents' group `site`"),
                    ($"deploy client {word} site --via proxy-01 --group web --limit 10%", "through a proxy, the first tenth of its group"),
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
        var options = new OrderOptions(rollout: true);
        HelpGroup[] groups = [options.Choosing, new("The command", [options.Reason]), options.Rollout, options.Times];
        Add(command, groups, Order.Exec, false, options, parsed => Words.Exec(parsed, [parsed.GetRequiredValue(name), .. parsed.GetValue(rest) ?? []]));
        context.Pages[command] = new HelpPage("deploy client exec NAME [ARG...] --hosts LIST [OPTION...]")
        {
            Groups = [.. groups, .. context.Options.SharedGroups],
            Examples =
            [
                ("deploy client exec nginx reload --hosts web1,web2", "the command `nginx` with one argument"),
                ($"deploy client exec uptime --via proxy-01 --hosts {Chosen} --pick 5", "on five of them, by chance"),
            ],
        };
        return command;
    }

    private void Add(Command command, IEnumerable<HelpGroup> groups, Order order, bool isPlan, OrderOptions options, Func<ParseResult, IReadOnlyList<string>> words)
    {
        Option[] own = [.. groups.SelectMany(group => group.Options)];
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) =>
        {
            context.Options.RefuseLegacyForm(parsed);
            var file = ClientFile.Load(parsed.GetValue(context.Options.Config));
            var said = words(parsed);
            string? asks = isPlan ? null : Wire.Legacy(parsed, context.Options, file);
            Wire.RefuseOthers(parsed, asks, context.Options, own);
            return asks is not null
                ? legacy(parsed, order, order == Order.Exec ? Words.Joined(said) : Words.SyncText(said), file)
                : RunAsync(parsed, order, isPlan, options, said, file);
        });
    }

    private Task<int> RunAsync(ParseResult parsed, Order order, bool isPlan, OrderOptions options, IReadOnlyList<string> words, ClientDefaults file)
    {
        bool mayRoll = order is Order.Rsync or Order.Exec;
        var ask = new OrderAsk
        {
            Order = order,
            IsPlan = isPlan,
            Words = words,
            Hosts = new HostWords
            {
                Hosts = parsed.GetValue(context.Options.Hosts),
                Group = parsed.GetValue(options.Group),
                Limit = parsed.GetValue(options.Limit),
                Pick = parsed.GetValue(options.Pick),
                Seed = parsed.GetValue(options.Seed),
            },
            Rollout = mayRoll ? options.RolloutOf(parsed) : null,
            HostTimeout = parsed.GetValue(options.HostTimeout),
            Deadline = parsed.GetValue(options.Deadline),
            NotAfter = parsed.GetValue(options.NotAfter),
            AllowDelete = order == Order.Rsync ? parsed.GetValue(options.AllowDelete) : null,
            Plan = order == Order.Rsync ? parsed.GetValue(options.Plan) : null,
            Reason = order == Order.Rsync || order == Order.Exec || isPlan ? parsed.GetValue(options.Reason) : null,
            Wait = order == Order.Rsync && parsed.GetValue(options.Wait),
        };
        var showing = context.Options.Showing(parsed, context.Terminal, file.Output ?? Printing.Text) with
        {
            Changes = (order == Order.Rsync || isPlan) && parsed.GetValue(options.Changes),
            DetailedExitCode = (isPlan || order is Order.Status or Order.Rlist) && parsed.GetValue(options.DetailedExitCode),
        };
        return AtPlace.RunAsync(parsed, context, file, (place, interrupts) => new JobRun(place, showing, context.Terminal, context.Time).OrderAsync(ask, interrupts));
    }
}
