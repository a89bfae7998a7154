using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;
using Deploy.Modes.Client.Journal;
using Deploy.Output;

namespace Deploy.Modes.Client.Ordering;

/// <summary>A plan that is to be done: which hosts it has, and the digest of each.</summary>
/// <param name="Hosts">With their ports.</param>
/// <param name="Digests">By digest the hosts, folded.</param>
/// <param name="Left">Hosts of the plan that have none, folded; empty for none.</param>
internal sealed record PlannedHosts(ChosenHosts Hosts, IReadOnlyDictionary<string, string> Digests, string Left)
{
    /// <summary>Reads the plan and checks that it can be done.</summary>
    /// <param name="ask">The order; where it names no hosts, those of the plan are meant.</param>
    /// <param name="place">Who has the plan.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">It is no plan, of another group, has not ended, or has not the hosts.</exception>
    public static async Task<PlannedHosts> OfAsync(OrderAsk ask, JobPlace place, CancellationToken cancellationToken)
    {
        var plan = await JobPages.FindAsync(place.Name, place.Jobs, ask.Plan!, cancellationToken).ConfigureAwait(false);
        string what = string.Join(' ', ask.Words);
        if (!plan.IsPlan)
        {
            throw new UserError($"job {plan.Id} is no plan but {plan.Order.Word()}", ExitCodes.Usage, $"make one: deploy client plan {SafeText.Of(what)}{place.Option} --hosts …");
        }

        if (plan.What != what)
        {
            throw new UserError($"plan {plan.Id} is of '{SafeText.Of(plan.What)}', not of '{SafeText.Of(what)}'", ExitCodes.Usage, "nothing was sent");
        }

        if (!plan.State.IsTerminal())
        {
            throw new UserError($"plan {plan.Id} has not ended: {CountText.Of(plan.Summary)}", ExitCodes.Usage, $"deploy client watch {plan.Id}{place.Option}");
        }

        var all = await JobPages.HostsAsync(place.Jobs, plan.Id, [], cancellationToken).ConfigureAwait(false) ?? [];
        var digests = all.Where(host => host.State.IsGood() && host.Shape is not null).ToDictionary(host => host.Host, host => host.Shape!, HostName.Comparer);
        var ports = place.PortsOf(plan.Id);
        var chosen = ask.Hosts.NamesNone
            ? ChosenHosts.Chosen(ask.Hosts, [.. digests.Keys.Select(name => HostAddress.WithPort(name, ports))])
            : await ChosenHosts.OfAsync(ask.Hosts, place, cancellationToken).ConfigureAwait(false);
        var missing = chosen.Names.Where(name => !digests.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new UserError($"plan {plan.Id} has nothing for {SafeText.Of(HostFold.Fold(missing), 400)}", ExitCodes.Usage, "they were not in it, or failed in it: leave them out, or make a plan with them");
        }

        if (chosen.Names.Count == 0)
        {
            throw new UserError($"plan {plan.Id} has no host that ended well", ExitCodes.Usage, $"see deploy client watch {plan.Id}{place.Option}");
        }

        return new PlannedHosts(
            chosen,
            chosen.Names.GroupBy(name => digests[name]).ToDictionary(same => same.Key, same => HostFold.Fold(same)),
            ask.Hosts.NamesNone ? HostFold.Fold(all.Select(host => host.Host).Where(host => !digests.ContainsKey(host))) : string.Empty);
    }
}
