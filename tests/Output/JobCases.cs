using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tests.Output;

/// <summary>Jobs and hosts as screens are tested with.</summary>
internal static class JobCases
{
    public static readonly JobId Id = JobId.TryParse("01JZ8Q5X3T4V6W7Y8Z9A0B1C2D", out var id) ? id : default;

    public static JobView Job(Order order, IReadOnlyCollection<HostStanding> hosts, bool isPlan = false, JobState state = JobState.Done, string? reason = null) => new()
    {
        Id = Id,
        Order = order,
        What = "site",
        Hosts = HostFold.Fold(hosts.Select(host => host.Host)),
        State = state,
        Reason = reason,
        IsPlan = isPlan,
        Accepted = DateTimeOffset.UnixEpoch,
        Summary = Summary(hosts, state),
    };

    public static JobSummary Summary(IReadOnlyCollection<HostStanding> hosts, JobState state = JobState.Running) => new()
    {
        State = state,
        Hosts = hosts.Count,
        Counts = hosts.GroupBy(host => host.State.Word()).ToDictionary(same => same.Key, same => same.Count()),
    };

    /// <summary>Hosts of an expression, each like this one.</summary>
    public static IEnumerable<HostStanding> Hosts(string expression, HostState state, Func<HostStanding, HostStanding>? like = null)
    {
        if (!FrozenHosts.TryParse(expression, out var hosts, out var mistake))
        {
            throw new ArgumentException(mistake.ToString());
        }

        return hosts.Expand().Select(host => new HostStanding { Host = host, State = state, Rev = 1 }).Select(like ?? (host => host));
    }

    public static SyncTotals Totals(long added, long changed, long deleted, long bytes) => new() { New = added, Changed = changed, Deleted = deleted, Bytes = bytes };
}
