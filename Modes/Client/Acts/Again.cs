using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Following;
using Deploy.Modes.Client.Journal;
using Deploy.Modes.Client.Ordering;
using Deploy.Output;
using Deploy.Output.Folded;

namespace Deploy.Modes.Client.Acts;

/// <summary><c>retry</c>: the same order again, for hosts of the job that stand in some states.</summary>
internal sealed class Again(JobPlace place, Showing showing, ClientContext context)
{
    /// <summary>Makes the new job and follows it.</summary>
    public async Task<int> RunAsync(RetryAsk ask, Interrupts interrupts)
    {
        var job = await JobPages.FindAsync(place.Name, place.Jobs, ask.Job, interrupts.Leave).ConfigureAwait(false);
        if (job.Spec is not { } spec)
        {
            throw new UserError(
                $"{place.Name} does not tell what job {job.Id} was asked for{(job.Wire == "legacy" ? ": it came by the original's protocol" : string.Empty)}",
                ExitCodes.Failed,
                "give the order anew, with its hosts: --hosts '@job:" + job.Id + ".bad'");
        }

        if (!job.State.IsTerminal())
        {
            throw new UserError($"job {job.Id} has not ended: {CountText.Of(job.Summary)}", ExitCodes.Usage, $"deploy client watch {job.Id}{place.Option}, or cancel it first");
        }

        var hosts = await JobPages.HostsAsync(place.Jobs, job.Id, ask.States, interrupts.Leave).ConfigureAwait(false) ?? [];
        if (spec.Order == Order.Exec && ReferenceEquals(ask.States, Retrying.Default) && hosts.Where(host => host.Cause == Reasons.Interrupted).Select(host => host.Host).ToList() is { Count: > 0 } begun)
        {
            context.Terminal.WriteWarning($"left out, since the command had begun there and nobody knows how far it came: {SafeText.Of(HostFold.Fold(begun))}; --failed orders it again");
            hosts = [.. hosts.Where(host => host.Cause != Reasons.Interrupted)];
        }

        if (hosts.Count == 0)
        {
            string others = string.Join(", ", Retrying.Possible.Except(ask.States).Where(state => CountText.In(job.Summary, state) > 0).Select(state => "--" + state.Word()));
            context.Terminal.Error.WriteLine($"no host of job {job.Id} is {string.Join(", ", ask.States.Select(state => state.Word()))}{(others.Length > 0 ? $"; there are others: {others}" : string.Empty)}");
            if (showing.As == ShowAs.Json)
            {
                context.Terminal.Out.WriteLine(JobJson.Document(null, [], []));
            }

            return ExitCodes.Ok;
        }

        if (hosts.Where(host => host.State == HostState.Unknown).Select(host => host.Host).ToList() is { Count: > 0 } unknown)
        {
            context.Terminal.WriteWarning($"these may have started, and may be running still: {SafeText.Of(HostFold.Fold(unknown))}");
        }

        var ports = place.PortsOf(job.Id);
        var chosen = ChosenHosts.Chosen(new HostWords { Limit = ask.Limit }, [.. hosts.Select(host => HostAddress.WithPort(host.Host, ports))]);
        var document = new SpecMaker(context.Time).Again(spec with { Plan = PlanOf(spec, chosen) }, chosen, ask);
        return await new JobRun(place, showing, context.Terminal, context.Time).SubmitAsync(document, chosen, ask.Wait, ask.Deadline, interrupts).ConfigureAwait(false);
    }

    /// <summary>The plan of these hosts alone.</summary>
    private static Dictionary<string, string>? PlanOf(JobSpec spec, ChosenHosts chosen)
    {
        if (spec.Plan is null)
        {
            return null;
        }

        var plan = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (digest, text) in spec.Plan)
        {
            if (FrozenHosts.TryParse(text, out var of, out _) && chosen.Names.Where(of.Contains).ToList() is { Count: > 0 } names)
            {
                plan[digest] = HostFold.Fold(names);
            }
        }

        return plan;
    }
}
