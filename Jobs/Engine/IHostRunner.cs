using Deploy.Model;
using Deploy.Model.Jobs;

namespace Deploy.Jobs.Engine;

/// <summary>How one host of a job is done: here (an agent), over the v1 wire (a proxy, or a client without one), or over the original's. The engine's one seam to the world.</summary>
internal interface IHostRunner
{
    /// <summary>
    /// Brings one host of a job to a terminal state and tells it by <see cref="IHostRun.EndAsync"/>, whatever happens; ends then. What the host does wrong is a state, not an exception.
    /// </summary>
    /// <param name="run">The host, and where to tell how it goes.</param>
    /// <param name="cancellationToken">Fires when the daemon stops: leave without an end; a proxy goes on after its restart, and an agent's run is <see cref="Reasons.Interrupted"/> then.</param>
    Task RunAsync(IHostRun run, CancellationToken cancellationToken);
}

/// <summary>One host of one job on its way: what a runner is told, and where it tells. Safe from any thread.</summary>
internal interface IHostRun
{
    JobDocument Document { get; }

    /// <summary>The host as the job's list has it.</summary>
    string Host { get; }

    /// <summary>How it stands now; <see cref="HostState.Queued"/> for a fresh one. After a restart of the daemon it may be connecting or running: then it may have started, and is to be asked.</summary>
    HostStanding Standing { get; }

    /// <summary>Fires when the job, or this host of it, is to be cancelled: stop it, prove that nothing is left, end as cancelled.</summary>
    CancellationToken Cancelled { get; }

    /// <summary>The signature by which the job was cancelled; null for none.</summary>
    RequestProof? CancelProof { get; }

    /// <summary>The host says no to that, and goes on: <see cref="Cancelled"/> begins anew, and fires when the job is cancelled once more.</summary>
    void NotCancelled();

    /// <summary>Until when it may start, and be asked for when it is unknown.</summary>
    DateTimeOffset NotAfter { get; }

    /// <summary>
    /// Moves to connecting. It is on disk, as "may have started", when this ends: only then may a byte leave for the host. Nothing, where it is there or further. A store that cannot be written is
    /// waited for.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled, or the daemon stops, and it had not started: let it through, the engine says the rest.</exception>
    Task ConnectingAsync();

    /// <summary>Moves to running, on disk when this ends: from queued (an agent's own) only then may anything start. Nothing, where it is there already.</summary>
    /// <exception cref="OperationCanceledException">As of <see cref="ConnectingAsync"/>.</exception>
    Task RunningAsync(DateTimeOffset? started = null);

    /// <summary>Tells how far it is; not stored, coalesced for readers.</summary>
    void Progress(HostProgress progress);

    /// <summary>Tells what it waits for; null when it goes on.</summary>
    void Waiting(string? what);

    /// <summary>It is out of reach and merely asked again now and then; or, with false, was heard of. Meanwhile it is not one of the hosts that run at once: nobody waits for the dead.</summary>
    void Lost(bool isLost);

    /// <summary>Keeps a line that was printed, for readers that are there; the whole is kept by <see cref="HostEnd"/>.</summary>
    void Log(LogLine line);

    /// <summary>True where this job has the content of a shape already.</summary>
    bool HasShape(string digest);

    /// <summary>
    /// Moves to a terminal state, once. It is on disk when this ends, and before any reader hears of it; a store that cannot be written is waited for. States between are passed silently; a move that
    /// the diagram of <see cref="HostState"/> has no way for is a bug.
    /// </summary>
    Task EndAsync(HostEnd end);
}

/// <summary>How a host ended.</summary>
/// <param name="State">A terminal state.</param>
/// <param name="Reason">Why and the next step, one line, safe to print; null where the state says it all.</param>
internal sealed record HostEnd(HostState State, string? Reason = null)
{
    /// <summary>It did not start, and may not any more.</summary>
    public static HostEnd TooLate { get; } = new(HostState.Refused, "its time to start was over (not_after); order again") { Cause = Reasons.TooLate };

    /// <summary>One of <see cref="Reasons"/>, or null.</summary>
    public string? Cause { get; init; }

    public string? Warning { get; init; }

    public int? ExitCode { get; init; }

    public SyncTotals? Totals { get; init; }

    /// <summary>Its shape's digest; null for none.</summary>
    public string? Shape { get; init; }

    /// <summary>The shape's content, where the job has none yet; else null.</summary>
    public ShapeContent? Content { get; init; }

    /// <summary>What rsync said beside its changes; a command's output is its shape. Empty for nothing.</summary>
    public IReadOnlyList<LogLine> Log { get; init; } = [];

    /// <summary>When it ended there, by the host's clock; null is now.</summary>
    public DateTimeOffset? Ended { get; init; }
}
