using System.CommandLine;
using System.Globalization;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Client;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Tui.Live;
using Deploy.Output;
using Deploy.Protocol.V1;
using Deploy.Tui;
using Deploy.Tui.Demo;
using Deploy.Tui.State;

namespace Deploy.Modes.Tui;

/// <summary><c>deploy tui</c>: a screenful of what the hosts do, from which they can be ordered; a plain table where there is no terminal.</summary>
internal sealed class TuiCommand
{
    private const int DemoSeed = 1;
    private const int DemoHosts = 500;
    private const string StateName = "tui"; // beside the journal

    private readonly TuiOptions options = new();
    private readonly Terminal terminal;
    private readonly TimeProvider time;
    private readonly ClientContext context;

    private TuiCommand(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) => (this.terminal, this.time, context) = (terminal, time, new ClientContext(options.Client, terminal, time, pages));

    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages) => new TuiCommand(terminal, time, pages).Create();

    private Command Create()
    {
        var command = new Command("tui", "Show on one screen what the hosts do, live: of a proxy, or of agents. Jobs can be followed, planned and given from it, once it is armed. Where there is no terminal it prints the hosts as a table.");
        foreach (var option in options.Groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => parsed.GetValue(options.Demo) ? DemoAsync(parsed, cancellationToken) : RunAsync(parsed));
        context.Pages[command] = new HelpPage("deploy tui [--via PROXY|--hosts LIST|--demo] [OPTION...]")
        {
            Groups = options.Groups,
            Examples =
            [
                ("deploy tui --via proxy-01", "all hosts and jobs of a proxy; without --via those of the one that client.toml names"),
                ("deploy tui --hosts 'web-[001-040]'", "agents without a proxy, and your own jobs on them"),
                ("deploy tui --via proxy-01 --read-only", "on a wall, where nobody is to order anything"),
                ("deploy tui --demo", "a made-up fleet, to learn the keys"),
                ("deploy tui --via proxy-01 | grep down", "no terminal: the hosts as a table"),
            ],
        };
        return command;
    }

    private Task<int> DemoAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (new Option[] { options.Client.Via, options.Client.Hosts, options.Client.Direct, options.Client.Port, options.Client.Parallel }.FirstOrDefault(option => OptionKinds.IsGiven(parsed, option)) is { } other)
        {
            throw new UserError($"--demo asks nobody, and {other.Name} says whom to ask", ExitCodes.Usage, "leave out one of them");
        }

        int hosts = parsed.GetValue(options.DemoHosts) ?? DemoHosts;
        return ShowAsync(parsed, new DemoFleet(time, DemoSeed, hosts), "demo", hosts == DemoHosts ? " --demo" : string.Create(CultureInfo.InvariantCulture, $" --demo --demo-hosts {hosts}"), cancellationToken);
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        if (OptionKinds.IsGiven(parsed, options.DemoHosts))
        {
            throw new UserError("--demo-hosts goes with --demo", ExitCodes.Usage, "hosts that are real: --via PROXY, or --hosts LIST");
        }

        var file = ClientFile.Load(parsed.GetValue(options.Client.Config));
        var opening = new FleetOpening(context);
        await using var place = opening.Place(parsed, file);
        try
        {
            FleetPlace fleet;
            using (var signals = Interrupts.OfProcess())
            {
                fleet = await opening.OpenAsync(parsed, place, TuiStart.CanDraw(terminal, Surroundings.Variable), signals.Leave);
            }

            return await ShowAsync(parsed, new LiveFleet(fleet, time), fleet.Shown, opening.Option(parsed, place), CancellationToken.None);
        }
        catch (V1Failure error)
        {
            throw error.Problem is { } problem ? JobExit.Refused(place, problem) : new UserError(error.Message, error.IsOtherKey ? ExitCodes.Authentication : ExitCodes.HostUnreachable);
        }
        catch (IOException error)
        {
            throw new UserError(error.Message, ExitCodes.Failed); // a file of the journal, or standard output
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("interrupted");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<int> ShowAsync(ParseResult parsed, IFleet fleet, string place, string option, CancellationToken cancellationToken)
    {
        var start = new TuiStart
        {
            Fleet = fleet,
            Theme = TuiStart.ThemeOf(parsed.GetValue(options.Theme), Surroundings.Variable),
            FramesPerSecond = TuiStart.FramesOf(parsed.GetValue(options.Frames), Surroundings.Variable),
            StateFile = JournalSettings.Place(Surroundings.Variable("XDG_STATE_HOME"), Surroundings.Home) is { } folder ? Path.Combine(folder, StateName) : null,
            Setup = new TuiSetup
            {
                Place = SafeText.Of(place),
                Option = option,
                By = SafeText.Of(Surroundings.UserAtHost),
                IsReadOnly = parsed.GetValue(options.ReadOnly),
                IsAscii = TuiStart.IsAscii(Surroundings.Variable),
                Zone = time.LocalTimeZone,
                Future = fleet.Future,
            },
        };
        if (TuiStart.CanDraw(terminal, Surroundings.Variable) && await DashboardRun.RunAsync(start, terminal, time).ConfigureAwait(false) is { } exitCode)
        {
            return exitCode;
        }

        using var signals = Interrupts.OfProcess();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signals.Leave, cancellationToken);
        try
        {
            bool isAnswered = await new PlainHosts(start.Setup, time).PrintAsync(fleet, terminal.Out, either.Token).ConfigureAwait(false);
            await terminal.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return isAnswered ? ExitCodes.Ok : ExitCodes.HostUnreachable;
        }
        catch (IOException error) when (error is not V1Failure)
        {
            throw new UserError("standard output cannot be written to", ExitCodes.Failed);
        }
    }
}
