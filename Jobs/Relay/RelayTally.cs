using System.Globalization;
using Deploy.Model;
using Deploy.Protocol;

namespace Deploy.Jobs.Relay;

/// <summary>How the hosts of one order ended, for its record: as a client of ours would say it, from what an agent's answer has on the surface.</summary>
/// <param name="order">The order.</param>
internal sealed class RelayTally(Order order)
{
    private readonly int[] counts = new int[Enum.GetValues<HostState>().Length];

    private bool ReadsOnly => order is Order.Status or Order.Rlist;

    /// <summary>Counts one host, and says how it ended.</summary>
    public HostState Add(LegacyOutcome outcome)
    {
        var state = StateOf(outcome);
        Interlocked.Increment(ref counts[(int)state]);
        return state;
    }

    /// <summary>The order's own state: ok where every host is, partial where some are.</summary>
    public HostState State => counts[(int)HostState.Ok] switch
    {
        0 => HostState.Failed,
        var good when good == counts.Sum() => HostState.Ok,
        _ => HostState.Partial,
    };

    /// <summary>E.g. <c>198 ok, 1 timeout, 1 unreachable</c>.</summary>
    public override string ToString() => string.Join(", ", counts
        .Select((count, state) => string.Create(CultureInfo.InvariantCulture, $"{count} {((HostState)state).Word()}"))
        .Where((_, state) => counts[state] > 0));

    private HostState StateOf(LegacyOutcome outcome) => outcome switch
    {
        Answered { Code: 200 } answer => SaysTrue(answer.Body.Span) ? HostState.Ok : HostState.Failed,
        Answered { Code: 408 } => ReadsOnly ? HostState.Timeout : HostState.Unknown,
        Answered { Code: < 500 } or Mismatch or NotAsked => HostState.Refused,
        NotReached => HostState.Unreachable,
        TimedOut { Sent: false } => HostState.Unreachable,
        TimedOut when ReadsOnly => HostState.Timeout,
        Interrupted { Sent: false } => HostState.Cancelled,
        _ => ReadsOnly ? HostState.Failed : HostState.Unknown,
    };

    /// <summary>Whether it has <c>"return": "true"</c>, which our agents put first and the original's anywhere.</summary>
    private static bool SaysTrue(ReadOnlySpan<byte> body)
    {
        int name = body.IndexOf("\"return\""u8);
        return name >= 0 && body[(name + "\"return\""u8.Length)..].TrimStart(" \t\r\n:"u8).StartsWith("\"true\""u8);
    }
}
