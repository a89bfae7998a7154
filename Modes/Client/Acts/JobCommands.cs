using System.CommandLine;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;

namespace Deploy.Modes.Client.Acts;

/// <summary>What is done with jobs that are there, as subcommands.</summary>
/// <param name="context">What they work with.</param>
internal sealed class JobCommands(ClientContext context)
{
    private const int MostJobs = 50; // a screen or two
    private const string IdText = "the job's id; the start or the end of it does where no other job has it";

    private readonly ClientOptions options = context.Options;

    /// <summary>All of them, for the client's command.</summary>
    public IEnumerable<Command> Create() =>
    [
        Jobs(), Watch(), Retry(),
        Act("cancel", JobAct.Cancel, "Stop a job: no host is started any more, those that run are stopped."),
        Act("pause", JobAct.Pause, "Start no other host of a job; those that run end."),
        Act("resume", JobAct.Resume, "Go on with a job that is paused."),
        Log(), Hosts(), Leases(), Steal(),
    ];

    private Command Jobs()
    {
        var state = OptionKinds.Of<JobState?>("--state", "STATE", "those that stand there", string.Join(", ", Enum.GetValues<JobState>().Select(known => known.Word())), text => JobStates.TryParse(text, out var known) ? known : null);
        var order = OptionKinds.Of<Order?>("--of", "ORDER", "those of this order", string.Join(", ", Enum.GetValues<Order>().Select(known => known.Word())), text => Orders.TryParse(text, out var known) ? known : null);
        var host = OptionKinds.Text("--host", "NAME", "those with this host");
        var since = OptionKinds.Duration("--since", "those of this time and later, e.g. 2h or 7d");
        var command = new Command("jobs", "List jobs, the newest first.") { state, order, host, since };
        Page(command, "deploy client jobs [--via PROXY] [OPTION...]", [new HelpGroup("Which", [state, order, host, since])],
            ("deploy client jobs --via proxy-01 --state running", "what runs at a proxy"), ("deploy client jobs --host web-007 --since 7d", "what was done to a host, without a proxy"));
        return Runs(command, (parsed, place, show, interrupts) => new JobLists(place, show, context).JobsAsync(
            new JobQuery { State = parsed.GetValue(state), Order = parsed.GetValue(order), Host = parsed.GetValue(host), Since = parsed.GetValue(since) is { } ago ? context.Time.GetUtcNow() - ago : null },
            show.All ? JobPages.MostListed : MostJobs,
            interrupts.Leave));
    }

    private Command Watch()
    {
        var (id, own) = (Id(), new OrderOptions(rollout: false));
        var command = new Command("watch", "Follow a job to its end, and print how each host ended. A job whose client has died is taken up.") { id, own.Changes, own.Deadline };
        Page(command, "deploy client watch ID [--via PROXY] [OPTION...]", [new HelpGroup("The job", [own.Changes, own.Deadline])], ("deploy client watch 4V6W7Y8Z9A --via proxy-01", "the job whose id ends so"));
        return Runs(command, async (parsed, place, show, interrupts) =>
        {
            var job = await JobPages.FindAsync(place.Name, place.Jobs, parsed.GetRequiredValue(id), interrupts.Leave);
            return await new JobRun(place, show with { Changes = parsed.GetValue(own.Changes) }, context.Terminal, context.Time).FollowAsync(job, parsed.GetValue(own.Deadline), interrupts);
        });
    }

    private Command Retry()
    {
        var (id, own) = (Id(), new OrderOptions(rollout: true));
        var states = Retrying.Possible.ToDictionary(state => state, state => new Option<bool>("--" + state.Word()) { Description = state == HostState.Unknown ? "those of which nobody knows whether they started: they may be running" : $"those that are {state.Word()}" });
        var command = new Command("retry", "Give the same order again to the hosts of a job that ended badly: a new job.") { id, own.Limit, own.AllowDelete, own.Reason, own.Wait, own.Deadline };
        foreach (var option in states.Values)
        {
            command.Add(option);
        }

        HelpGroup[] groups = [new("Which hosts: failed, partial, timeout, unreachable and skipped where none is given", [.. states.Values, own.Limit]), new("The job", [own.AllowDelete, own.Reason, own.Wait, own.Deadline])];
        Page(command, "deploy client retry ID [--failed] [--unreachable] ... [--via PROXY] [OPTION...]", groups, ("deploy client retry 4V6W7Y8Z9A --unreachable", "those that were down"));
        return Runs(command, (parsed, place, show, interrupts) =>
        {
            var given = states.Where(state => parsed.GetValue(state.Value)).Select(state => state.Key).ToList();
            var ask = new RetryAsk
            {
                Job = parsed.GetRequiredValue(id),
                States = given.Count > 0 ? given : Retrying.Default,
                Limit = parsed.GetValue(own.Limit),
                Reason = parsed.GetValue(own.Reason),
                Wait = parsed.GetValue(own.Wait),
                Deadline = parsed.GetValue(own.Deadline),
                AllowDelete = parsed.GetValue(own.AllowDelete),
            };
            return new Again(place, show, context).RunAsync(ask, interrupts);
        });
    }

    private Command Act(string word, JobAct act, string description)
    {
        var id = Id();
        var command = new Command(word, description) { id };
        Page(command, $"deploy client {word} ID [--via PROXY] [OPTION...]", [], ($"deploy client {word} 4V6W7Y8Z9A --via proxy-01", "the job whose id ends so"));
        return Runs(command, (parsed, place, show, interrupts) => new Acting(place, show, context.Terminal).RunAsync(parsed.GetRequiredValue(id), act, interrupts.Leave));
    }

    private Command Log()
    {
        var id = Id();
        var host = new Argument<string>("host") { HelpName = "HOST", Description = "a host of the job" };
        var command = new Command("log", "Print what rsync or the command said on a host of a job.") { id, host };
        Page(command, "deploy client log ID HOST [--via PROXY] [OPTION...]", [], ("deploy client log 4V6W7Y8Z9A web-007 --via proxy-01", "what went wrong there"));
        return Runs(command, (parsed, place, show, interrupts) => new JobLists(place, show, context).LogAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(host), interrupts.Leave));
    }

    private Command Hosts()
    {
        var command = new Command("hosts", "List the hosts that a proxy knows, and when it heard of each.");
        Page(command, "deploy client hosts --via PROXY [OPTION...]", [], ("deploy client hosts --via proxy-01", "versions, clocks, last contact"));
        return Runs(command, (_, place, show, interrupts) => new JobLists(place, show, context).HostsAsync(interrupts.Leave));
    }

    private Command Leases()
    {
        var command = new Command("leases", "List which job has the right to roll out which sync group at a proxy.");
        Page(command, "deploy client leases --via PROXY [OPTION...]", [], ("deploy client leases --via proxy-01", "who rolls out what"));
        return Runs(command, (_, place, show, interrupts) => new JobLists(place, show, context).LeasesAsync(interrupts.Leave));
    }

    private Command Steal()
    {
        var what = new Argument<string>("group") { HelpName = "GROUP", Description = "the sync group" };
        var reason = OptionKinds.Text("--reason", "TEXT", "why: its holder reads it, and the proxy's log has it");
        var command = new Command("steal", "Take the lease of a sync group from the job that holds it: that job starts no other host.") { what, reason };
        Page(command, "deploy client steal GROUP --reason TEXT --via PROXY [OPTION...]", [new HelpGroup("The lease", [reason])], ("deploy client steal site --reason 'Ann is ill' --via proxy-01", string.Empty));
        return Runs(command, (parsed, place, show, interrupts) =>
            new Stealing(place, show, context.Terminal).RunAsync(parsed.GetRequiredValue(what), parsed.GetValue(reason) ?? throw new UserError("no --reason", ExitCodes.Usage, "say why: the holder of the lease reads it"), interrupts.Leave));
    }

    /// <summary>True where there is something to print line by line.</summary>
    private static bool TellsEvents(Command command) => command.Name is "watch" or "retry" or "log";

    private static Argument<string> Id() => new("id") { HelpName = "ID", Description = IdText };

    private void Page(Command command, string usage, IReadOnlyList<HelpGroup> groups, params (string Line, string What)[] examples) => context.Pages[command] = new HelpPage(usage)
    {
        Groups = [.. groups, new HelpGroup("Where", [options.Via, options.Direct]), new HelpGroup("Output", [options.Json, .. TellsEvents(command) ? [options.Ndjson] : Array.Empty<Option>(), options.Quiet, options.All, options.NoColor, options.Debug]), new HelpGroup("Configuration", [options.Identity, options.KnownAgents, options.Config])],
        Examples = examples,
    };

    private Command Runs(Command command, Func<ParseResult, JobPlace, Showing, Interrupts, Task<int>> run)
    {
        command.SetAction((parsed, _) =>
        {
            options.RefuseLegacyForm(parsed);
            options.RefuseOthers(command, context.Pages, parsed);
            var file = ClientFile.Load(parsed.GetValue(options.Config));
            var showing = options.Showing(parsed, context.Terminal, file.Output ?? Printing.Text);
            return AtPlace.RunAsync(parsed, context, file, (place, interrupts) => run(parsed, place, showing, interrupts));
        });
        return command;
    }
}
