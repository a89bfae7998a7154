using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Output.Folded;

/// <summary>Hosts of a job with one and the same result.</summary>
/// <param name="Result">One of them: state, reason, warning, numbers and exit code are those of all.</param>
/// <param name="Count">How many.</param>
/// <param name="Hosts">Folded, safe to print.</param>
internal sealed record EqualHosts(HostStanding Result, int Count, string Hosts)
{
    /// <summary>Good hosts first, then by state; of one state the most first.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="byShape">Whether hosts of two shapes are two, though their numbers agree.</param>
    public static IReadOnlyList<EqualHosts> Of(IEnumerable<HostStanding> hosts, bool byShape) =>
    [
        .. hosts.GroupBy(host => (host.State, host.Reason, host.Warning, host.Totals, host.ExitCode, Shape: byShape ? host.Shape : null))
            .Select(same => new EqualHosts(same.First(), same.Count(), SafeText.Of(HostFold.Fold(same.Select(host => host.Host)))))
            .OrderBy(same => same.Result.State.IsGood() ? 0 : 1)
            .ThenBy(same => same.Result.State)
            .ThenByDescending(same => same.Count)
            .ThenBy(same => same.Hosts, HostOrder.Natural),
    ];
}
