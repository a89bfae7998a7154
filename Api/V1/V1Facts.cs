using Deploy.Api.V1.Metrics;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Api.V1;

/// <summary>What a daemon knows beside its jobs, for the v1 API. Asked at each request, from any thread.</summary>
internal sealed record V1Facts
{
    /// <summary>What the daemon calls itself; a Host may say it.</summary>
    public required string Name { get; init; }

    /// <summary>The Server header of every answer: <c>deploy/VERSION</c>, by which a proxy knows its agents' versions. Null sends none.</summary>
    public string? Server { get; init; }

    /// <summary>Itself; the clock and who asks are filled in.</summary>
    public required Func<CancellationToken, Task<DaemonSelf>> Self { get; init; }

    /// <summary>The host groups; an agent has none.</summary>
    public Func<IReadOnlyList<GroupFacts>> Groups { get; init; } = () => [];

    /// <summary>The hosts: an agent's is itself.</summary>
    public required Func<CancellationToken, Task<IReadOnlyList<HostFacts>>> Hosts { get; init; }

    /// <summary>Records of the audit log in front of a number, from the newest on for null, newest first; so many at most, and the number to go on at, null for no more; null where no log is kept. Throws <see cref="IOException"/> where it cannot be read.</summary>
    public Func<long?, int, (IReadOnlyList<AuditRecord> Records, long? Next)?> Audit { get; init; } = (_, _) => null;

    /// <summary>Why the daemon is not well, each a line without a secret: the store cannot be written, it stops. None where it is.</summary>
    public Func<IReadOnlyList<string>> Troubles { get; init; } = () => [];

    /// <summary>What the daemon counts beside what the API and the process count themselves.</summary>
    public Func<IEnumerable<MetricFamily>> Metrics { get; init; } = () => [];

    /// <summary>Readers of events at once.</summary>
    public int EventReaders { get; init; } = Limits.EventReaders;

    /// <summary>Fires when readers of events are to be sent away: a proxy at its stop, an agent once what runs has ended.</summary>
    public CancellationToken StreamsEnd { get; init; }
}
