using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Output;

/// <summary>How many hosts stand where.</summary>
internal static class CountText
{
    /// <summary><c>2 running, 300 ok, 1 failed</c>, in the order of the states; empty for no host.</summary>
    public static string Of(JobSummary summary) => Of(Ordered(summary));

    /// <summary>The same of hosts.</summary>
    public static string Of(IEnumerable<HostState> states) => Of(states.GroupBy(state => state).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())));

    /// <summary>How many have ended.</summary>
    public static int Ended(JobSummary summary) => Ordered(summary).Where(count => count.State.IsTerminal()).Aggregate(0, (sum, count) => (int)Math.Clamp((long)sum + count.Number, 0, int.MaxValue)); // a daemon may say anything

    /// <summary>How many stand in a state.</summary>
    public static int In(JobSummary summary, HostState state) => summary.Counts.GetValueOrDefault(state.Word());

    /// <summary><c>1 host</c>, <c>1,500 hosts</c>.</summary>
    public static string Hosts(int count) => $"{ByteSize.Count(count)} {(count == 1 ? "host" : "hosts")}";

    private static string Of(IEnumerable<(HostState State, int Number)> counts) => string.Join(", ", counts.Select(count => $"{ByteSize.Count(count.Number)} {count.State.Word()}"));

    /// <summary>A peer's counts: words that are no states are left out.</summary>
    private static IEnumerable<(HostState State, int Number)> Ordered(JobSummary summary) =>
        summary.Counts.Where(count => count.Value > 0 && HostStates.TryParse(count.Key, out _))
            .Select(count => (HostStates.TryParse(count.Key, out var state) ? state : default, count.Value))
            .OrderBy(count => count.Item1);
}
