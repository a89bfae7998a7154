using Deploy.Model.Jobs;

namespace Deploy.Protocol.V1;

/// <summary>How far an exchange came that failed.</summary>
internal enum V1Fault
{
    /// <summary>There was no connection: nothing was sent, so nothing has started.</summary>
    NotReached,

    /// <summary>It was connected, and then closed, silent, or cut off. What was asked may have started.</summary>
    Lost,

    /// <summary>What came is not what this wire says. What was asked may have started.</summary>
    Broken,

    /// <summary>It said no; see <see cref="V1Failure.Problem"/>.</summary>
    Refused,
}

/// <summary>An exchange with a v1 daemon that failed. The message names the daemon, what went wrong, and where there is one the next step; it is safe to print.</summary>
/// <param name="fault">How far it came.</param>
/// <param name="peer">Whom.</param>
/// <param name="why">What went wrong, without the daemon's name.</param>
internal sealed class V1Failure(V1Fault fault, V1Peer peer, string why) : IOException($"{peer.Shown}: {why}")
{
    public V1Fault Fault => fault;

    /// <summary>The message without the daemon's name.</summary>
    public string Why => why;

    /// <summary>True where the peer shows another key than the one that is known: it, or whoever is in between, got nothing.</summary>
    public bool IsOtherKey { get; init; }

    /// <summary>Why it said no; null where it did not.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>The caller gave up waiting.</summary>
/// <param name="sent">Whether the request, or a part of it, had left: then it may have started.</param>
/// <param name="cancellationToken">The caller's.</param>
internal sealed class V1Cancelled(bool sent, CancellationToken cancellationToken) : OperationCanceledException(cancellationToken)
{
    public bool Sent => sent;
}
