using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs;

/// <summary>A job as GET tells it.</summary>
internal sealed record JobView
{
    public required JobId Id { get; init; }

    public required Order Order { get; init; }

    /// <summary>The subject on one line; <see cref="JobSpec.What"/>.</summary>
    public required string What { get; init; }

    /// <summary>The frozen list, folded.</summary>
    public required string Hosts { get; init; }

    public required JobState State { get; init; }

    /// <summary>Why it stands there; null where the state says it all.</summary>
    public string? Reason { get; init; }

    /// <summary>True for an rlist that is kept.</summary>
    public bool IsPlan { get; init; }

    /// <summary>As <see cref="JobSpec.IsKept"/>.</summary>
    [JsonIgnore]
    public bool IsKept => IsPlan || Order is Order.Rsync or Order.Rkill or Order.Exec;

    /// <summary>The wire it came by: <c>v1</c> or <c>legacy</c>.</summary>
    public string Wire { get; init; } = "v1";

    /// <summary>Who asked, as the asker said, or by which API key; null where nobody said.</summary>
    public string? By { get; init; }

    /// <summary>Address and port of who asked.</summary>
    public string? Peer { get; init; }

    /// <summary>Why, as the asker said.</summary>
    public string? Why { get; init; }

    public required DateTimeOffset Accepted { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>As it was asked for; null where there is none.</summary>
    public RolloutSpec? Rollout { get; init; }

    /// <summary>The whole of what was asked; of a job that was asked for by its id alone, null in lists. By it the same can be asked again of other hosts.</summary>
    public JobSpec? Spec { get; init; }

    /// <summary>How the hosts stand, added up.</summary>
    public required JobSummary Summary { get; init; }
}

/// <summary>The hosts of a job, added up. The counts of all states add up to <see cref="Hosts"/>, always.</summary>
internal sealed record JobSummary
{
    public required JobState State { get; init; }

    /// <summary>How many there are.</summary>
    public required int Hosts { get; init; }

    /// <summary>How many stand where, by <see cref="HostState"/>'s word; a state in which none stands is left out.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The batch that runs, the canary is 0; null where there is no rollout.</summary>
    public int? Batch { get; init; }

    /// <summary>How many batches there are, without the canary; null where there is no rollout.</summary>
    public int? Batches { get; init; }

    /// <summary>Bytes transferred on all hosts.</summary>
    public long BytesDone { get; init; }

    /// <summary>Bytes in all where every host that has started knows its own; else null.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>All hosts together, bytes a second; null where nothing is known.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Seconds until the end at this rate; null where it is not known.</summary>
    public int? EtaSeconds { get; init; }

    /// <summary>Running hosts on which nothing has moved for long.</summary>
    public int Stalled { get; init; }

    /// <summary>Running hosts that are much behind the others.</summary>
    public int Slow { get; init; }
}
