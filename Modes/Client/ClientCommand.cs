using System.CommandLine;
using Deploy.Model;
using Deploy.Modes.Agent;
using Deploy.Modes.Client.Acts;
using Deploy.Modes.Client.Ordering;
using Deploy.Modes.Client.Selves;
using Deploy.Modes.Client.Trust;
using Deploy.Modes.Proxy;
using Deploy.Output;
using Deploy.Protocol;

namespace Deploy.Modes.Client;

/// <summary><c>deploy client</c>: an order a subcommand, what is done with jobs likewise, and the legacy form with <c>--order</c>.</summary>
internal sealed class ClientCommand
{
    private readonly ClientOptions options;
    private readonly Terminal terminal;
    private readonly ClientContext context;

    private ClientCommand(ClientContext context) => (this.context, options, terminal) = (context, context.Options, context.Terminal);

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) =>
        new ClientCommand(new ClientContext(new ClientOptions(), terminal, time, pages)).Create();

    private Command Create()
    {
        var client = new Command("client", "Give an order to many hosts at once, and say for every host what happened.");
        foreach (var option in options.SharedGroups.Append(options.LegacyGroup).SelectMany(group => group.Options))
        {
            client.Add(option);
        }

        foreach (var command in new OrderCommands(context, LegacyAsync).Create().Concat(new JobCommands(context).Create()).Append(new TrustCommand(context).Create()).Append(new WhoamiCommand(context).Create()))
        {
            client.Add(command);
        }

        client.SetAction((parsed, _) =>
        {
            var file = ClientFile.Load(parsed.GetValue(options.Config));
            Wire.RefuseOthers(parsed, "--order", options, [options.Via, options.Direct, options.All]);
            return RunAsync(parsed, LegacyInput(parsed).ToSettings(ProxySettings.DefaultPort, ExitCodes.Usage, ClientInput.LegacySeconds, file with { Port = null }), file); // the file's is the agents'
        });
        context.Pages[client] = new HelpPage("deploy client ORDER ... --hosts LIST [OPTION...]\n       deploy client jobs|watch|retry|cancel|... [ID] [OPTION...]\n       deploy client --order=ORDER --hosts=LIST [--options=TEXT] [--args=TEXT] [OPTION...]")
        {
            Groups = [.. options.SharedGroups, options.LegacyGroup],
            Examples =
            [
                ("deploy client status site --hosts web1,web2", "how much would change on two hosts"),
                ("deploy client plan site --via proxy-01 --group web", "what exactly, on a group of a proxy; kept"),
                ("deploy client rsync site --via proxy-01 --plan ID", "change that and nothing else"),
                ("deploy client exec nginx reload --hosts web1", "run a command of the agents' files"),
                ("deploy client jobs --via proxy-01", "what was done, and what runs"),
                ("deploy client --order=status --options=site --hosts=proxy1 --args=groups:web", "through a proxy by the original's protocol"),
            ],
        };
        return client;
    }

    /// <summary>An order of a subcommand by the original's protocol.</summary>
    private Task<int> LegacyAsync(ParseResult parsed, Order order, string text, ClientDefaults file) =>
        RunAsync(parsed, (options.Input(parsed) with { Order = order.Word(), Options = text }).ToSettings(AgentSettings.DefaultPort, ExitCodes.Usage, ClientInput.OrderSeconds, file), file);

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

    private Task<int> RunAsync(ParseResult parsed, ClientSettings settings, ClientDefaults file) =>
        new ClientRun(options.Printed(settings, parsed, terminal, file.Output ?? Printing.Text), terminal, context.Time).RunAsync();
}
