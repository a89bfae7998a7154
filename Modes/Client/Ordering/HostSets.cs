using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Modes.Client.Journal;

namespace Deploy.Modes.Client.Ordering;

/// <summary>The hosts behind <c>@group</c> and <c>@job:ID.STATE</c>, asked for once each before an expression is resolved.</summary>
/// <param name="place">Who knows them.</param>
internal sealed class HostSets(JobPlace place)
{
    /// <summary>Stands for the hosts before an expression; no group is called so.</summary>
    private const string BeforeName = "-";

    private readonly Dictionary<HostReference, HostSet> sets = [];

    public JobPlace Place => place;

    /// <summary>The hosts that stand before.</summary>
    public HostSet Before { get; set; } = HostSet.Empty;

    /// <summary>Asks for all that an expression names.</summary>
    /// <exception cref="UserError">It cannot be asked for.</exception>
    public async Task FetchAsync(HostExpression expression, CancellationToken cancellationToken)
    {
        foreach (var reference in expression.Terms.Select(term => term.Reference).OfType<HostReference>().Where(reference => !sets.ContainsKey(reference)))
        {
            var set = reference switch
            {
                GroupReference { Name: BeforeName } => null,
                GroupReference group => await place.GroupAsync(group.Name, cancellationToken).ConfigureAwait(false),
                JobReference job => await HostsOfAsync(job, cancellationToken).ConfigureAwait(false),
                _ => null,
            };
            if (set is not null)
            {
                sets[reference] = set;
            }
        }
    }

    /// <summary>What was asked for; null for what nobody knows.</summary>
    public HostSet? Find(HostReference reference) => reference is GroupReference { Name: BeforeName } ? Before : sets.GetValueOrDefault(reference);

    private async Task<HostSet?> HostsOfAsync(JobReference job, CancellationToken cancellationToken)
    {
        var ports = place.PortsOf(job.Job);
        var hosts = await JobPages.HostsAsync(place.Jobs, job.Job, job.States, cancellationToken).ConfigureAwait(false);
        return hosts is null ? null : HostSet.Of(hosts.Select(host => HostAddress.WithPort(host.Host, ports)));
    }
}
