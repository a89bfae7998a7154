using Deploy.Model;

namespace Deploy.Jobs;

/// <summary>One order on this host: its id, what it is, and where it stands. Moved by <see cref="JobTable"/> alone.</summary>
internal sealed class Job(JobId id, Order order, string what, string peer, DateTimeOffset accepted)
{
    public JobId Id => id;

    public Order Order => order;

    /// <summary>The sync group, or origin and target, or the command's name; as it came, not neutralised.</summary>
    public string What => what;

    /// <summary>Who asked: address and port.</summary>
    public string Peer => peer;

    public DateTimeOffset Accepted => accepted;

    /// <summary>Starts as <see cref="HostState.Running"/>: an order that came here has connected already.</summary>
    public HostState State { get; private set; } = HostState.Running;

    /// <summary>Why it stands there, for a person; null where the state says it all.</summary>
    public string? Reason { get; private set; }

    /// <summary>When it reached its terminal state; null before.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Moves to a terminal state, once.</summary>
    /// <exception cref="InvalidOperationException">The diagram of <see cref="HostState"/> has no such arrow: a bug.</exception>
    internal void End(HostState state, string? reason, DateTimeOffset at)
    {
        if (!State.MayBecome(state) || !state.IsTerminal())
        {
            throw new InvalidOperationException($"job {id} cannot go from {State} to {state}");
        }

        (State, Reason, Ended) = (state, reason, at);
    }
}
