using System.Collections.Immutable;
using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Tui.State;

/// <summary>The jobs that the dashboard knows, newest first.</summary>
internal sealed class JobBook
{
    public static readonly JobBook Empty = new(ImmutableDictionary<JobId, JobRecord>.Empty, []);

    private readonly ImmutableDictionary<JobId, JobRecord> records;

    private JobBook(ImmutableDictionary<JobId, JobRecord> records, IReadOnlyList<JobId> newest) => (this.records, Newest) = (records, newest);

    /// <summary>Their ids, newest first.</summary>
    public IReadOnlyList<JobId> Newest { get; }

    /// <summary>Null for one that is not known.</summary>
    public JobRecord? Find(JobId? id) => id is { } known ? records.GetValueOrDefault(known) : null;

    /// <summary>With this one in place of the one of the same id.</summary>
    public JobBook With(JobRecord record) => With([record]);

    /// <summary>With these in place of those of the same ids: sorted once.</summary>
    public JobBook With(IReadOnlyCollection<JobRecord> told)
    {
        var changed = records.SetItems(told.Select(record => KeyValuePair.Create(record.Id, record)));
        return new(changed, told.All(record => records.TryGetValue(record.Id, out var before) && before.View?.Accepted == record.View?.Accepted)
            ? Newest
            : [.. changed.Values.OrderByDescending(one => one.View?.Accepted ?? DateTimeOffset.MaxValue).ThenByDescending(one => one.Id.ToString(), StringComparer.Ordinal).Select(one => one.Id)]);
    }
}

/// <summary>A job, as far as it was told.</summary>
internal sealed record JobRecord
{
    public required JobId Id { get; init; }

    /// <summary>Null where only events told of it so far: it is being asked for.</summary>
    public JobView? View { get; init; }

    /// <summary>Where its hosts stand, as far as that was told.</summary>
    public StandingTable Standings { get; init; } = StandingTable.Empty;

    /// <summary>Null before they were told.</summary>
    public IReadOnlyList<Shape>? Shapes { get; init; }

    /// <summary>Contents by digest; a null one is not to be had.</summary>
    public ImmutableDictionary<string, ShapeContent?> Contents { get; init; } = ImmutableDictionary<string, ShapeContent?>.Empty;

    /// <summary>What was printed, by host; a null one is not to be had.</summary>
    public ImmutableDictionary<string, IReadOnlyList<LogLine>?> Logs { get; init; } = ImmutableDictionary<string, IReadOnlyList<LogLine>?>.Empty;

    /// <summary>Bytes a second of all hosts together, a sample a second, oldest first; 600 at most.</summary>
    public ImmutableList<long> Rates { get; init; } = [];

    /// <summary>When the last of <see cref="Rates"/> was taken; null before.</summary>
    public DateTimeOffset? Sampled { get; init; }
}

/// <summary>Where the hosts of a job stand, in the order of its list. Immutable as <see cref="HostTable"/> is.</summary>
internal sealed class StandingTable
{
    public static readonly StandingTable Empty = new([], new Dictionary<string, int>());

    private readonly HostStanding[] rows;
    private readonly IReadOnlyDictionary<string, int> places;

    private StandingTable(HostStanding[] rows, IReadOnlyDictionary<string, int> places) => (this.rows, this.places) = (rows, places);

    /// <summary>In the order in which they were told first.</summary>
    public IReadOnlyList<HostStanding> Rows => rows;

    /// <summary>Null where nothing was told of it.</summary>
    public HostStanding? Find(string host) => places.TryGetValue(host, out int place) ? rows[place] : null;

    /// <summary>With these, where they are newer than what is known (<see cref="HostStanding.Rev"/>).</summary>
    public StandingTable With(IEnumerable<HostStanding> told)
    {
        var copy = rows.ToList();
        Dictionary<string, int>? more = null;
        foreach (var standing in told)
        {
            if ((more ?? places).TryGetValue(standing.Host, out int place))
            {
                if (standing.Rev > copy[place].Rev)
                {
                    copy[place] = standing;
                }
            }
            else
            {
                more ??= new Dictionary<string, int>(places);
                more.Add(standing.Host, copy.Count);
                copy.Add(standing);
            }
        }

        return new([.. copy], more ?? places);
    }

    /// <summary>The same, but whatever is told next of a host counts: after a daemon's restart its numbers begin anew.</summary>
    public StandingTable Outdated() => new([.. rows.Select(row => row with { Rev = long.MinValue })], places);
}
