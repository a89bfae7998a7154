using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs;

/// <summary>
/// One order on one or more hosts, as its asker wrote it: the document of <c>POST /v1/jobs</c>. It goes unchanged, byte for byte, from the client by way of a proxy to
/// every agent. A member stands in it only where it is used: whoever does not know one refuses it, so that fleets can be upgraded in any order.
/// </summary>
internal sealed record JobSpec
{
    /// <summary>Made by the asker; the same id with the same bytes is the same job.</summary>
    public required JobId Id { get; init; }

    public required Order Order { get; init; }

    /// <summary>The hosts, frozen and folded: <c>db-001,web-[001-040]</c>; see <see cref="Hosts.FrozenHosts"/>.</summary>
    public required string Hosts { get; init; }

    /// <summary>The sync group, of orders about a tree; else <see cref="Origin"/> and <see cref="Target"/>.</summary>
    public string? Group { get; init; }

    /// <summary>What is read, where no group is named.</summary>
    public string? Origin { get; init; }

    /// <summary>The directory that is written, where no group is named.</summary>
    public string? Target { get; init; }

    /// <summary>The command's name, of exec.</summary>
    public string? Command { get; init; }

    /// <summary>The command's arguments, each a word; null for none.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Until when it may start anywhere; null is an hour from when it was accepted.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Of rlist: true makes it a plan, whose change sets are kept.</summary>
    public bool? Keep { get; init; }

    /// <summary>Of rsync: by digest of a plan's shape (64 hexadecimal digits), the hosts, folded, on which the dry run must still give it.</summary>
    public IReadOnlyDictionary<string, string>? Plan { get; init; }

    /// <summary>Of rsync: how many deletions a host may do, this once, above what its guard allows.</summary>
    public int? AllowDelete { get; init; }

    /// <summary>How the hosts are gone through; null is all of them as fast as the proxy does.</summary>
    public RolloutSpec? Rollout { get; init; }

    /// <summary>Longest time of one host, from when its turn came, seconds; null leaves it to the sync group.</summary>
    public int? HostTimeoutSeconds { get; init; }

    /// <summary>Who asks, as the asker says: <c>user@host</c>. Shown and logged, never trusted.</summary>
    public string? By { get; init; }

    /// <summary>Why, for those who read it later.</summary>
    public string? Reason { get; init; }

    /// <summary>The order's subject on one line: the group, <c>origin target</c>, or the command's name.</summary>
    [JsonIgnore]
    public string What => Group ?? Command ?? (Origin is null ? string.Empty : $"{Origin} {Target}");

    /// <summary>True for what is stored: status and an rlist that is not kept are not.</summary>
    [JsonIgnore]
    public bool IsKept => Order is Order.Rsync or Order.Rkill or Order.Exec || (Order == Order.Rlist && Keep == true);
}

/// <summary>How the hosts of a job are gone through.</summary>
internal sealed record RolloutSpec
{
    /// <summary>Hosts that run at once; null is 50.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Ends of the batches, each a number of hosts or a percentage, of all: <c>1,10%,100%</c>; null is one batch.</summary>
    public string? Batches { get; init; }

    /// <summary>How many hosts go first, alone, and must all be good: a number or a percentage; null for none.</summary>
    public string? Canary { get; init; }

    /// <summary>Hosts that may fail before no other is started: a number or a percentage of all; null is no limit.</summary>
    public string? MaxFailures { get; init; }

    /// <summary>Pause when this batch, counted from 1, has ended; the canary is batch 0. Null does not pause.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>What happens when a batch has ended in which a host failed, where <see cref="MaxFailures"/> is not reached; null is <see cref="OnFailure.Continue"/>.</summary>
    public OnFailure? OnFailure { get; init; }

    /// <summary>False leaves out the health check of the sync group.</summary>
    public bool? HealthCheck { get; init; }

    /// <summary>How long the rollout may start hosts, seconds from its acceptance; null is no limit.</summary>
    public int? DeadlineSeconds { get; init; }
}

/// <summary>What a failed host means for the batches to come.</summary>
internal enum OnFailure
{
    /// <summary>No host is started any more.</summary>
    Stop,

    /// <summary>The rollout goes on as long as its budget lasts.</summary>
    Continue,
}
