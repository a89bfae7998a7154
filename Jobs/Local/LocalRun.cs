using Deploy.Jobs.Engine;
using Deploy.Jobs.Syncs;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Text;

namespace Deploy.Jobs.Local;

/// <summary>A job on this host on its way: who may end it, and that it ends once.</summary>
/// <param name="run">Where it is told.</param>
/// <param name="stopping">Fires when the agent stops.</param>
internal sealed class LocalRun(IHostRun run, CancellationToken stopping)
{
    private const int MostReasonUnits = 2000; // it may quote rsync
    private int ends;

    public JobSpec Spec => run.Document.Spec;

    public IHostRun Run => run;

    /// <summary>It is to be cancelled, or the agent stops.</summary>
    public bool IsStopping => run.Cancelled.IsCancellationRequested || stopping.IsCancellationRequested;

    /// <summary>Fires when it is to be cancelled, or the agent stops. Whoever asks disposes it.</summary>
    public CancellationTokenSource Stop() => CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled, stopping);

    /// <summary>Its group, or origin and target, in the legacy form of options.</summary>
    public SyncOperands.Resolved Operands(AgentRules rules) => SyncOperands.Resolve(rules, Spec.Group, Spec.Origin, Spec.Target);

    /// <summary>Ends it; a second end is dropped: a process that did not die may do so later.</summary>
    public Task EndAsync(HostEnd end) => Interlocked.Exchange(ref ends, 1) == 0 ? run.EndAsync(Safe(end)) : Task.CompletedTask;

    /// <summary>How it ends that was stopped: by whoever cancelled it, by the agent's own stop, or by an rkill.</summary>
    /// <param name="left">What can be said of its processes.</param>
    public HostEnd Stopped(string left = "no process of it is left") =>
        run.Cancelled.IsCancellationRequested ? new HostEnd(HostState.Cancelled, $"it was cancelled; {left}")
        : stopping.IsCancellationRequested ? Interrupted(Spec.Order)
        : new HostEnd(HostState.Cancelled, $"an rkill order stopped it; {left}");

    /// <summary>How it ends that was to be stopped and does not.</summary>
    public static HostEnd Stuck(IReadOnlyList<int> left) => new(HostState.Failed, $"it was to be stopped, and {SyncCalls.Stuck(left)}");

    /// <summary>How it ends that ran when the agent was stopped or killed.</summary>
    public static HostEnd Interrupted(Order order) => new(HostState.Failed, order switch
    {
        Order.Rsync => "the agent was stopped while the sync ran: the target may be partial; sync again",
        Order.Exec => "the agent was stopped while the command ran: how far it came is not known; look, then order again",
        _ => "the agent was stopped while it ran; order again",
    })
    { Cause = Reasons.Interrupted };

    /// <summary>What a reader of a state gets, whoever wrote it: one line, safe to print, bounded.</summary>
    private static HostEnd Safe(HostEnd end) => end with
    {
        Reason = end.Reason is { } reason ? SafeText.Of(reason, MostReasonUnits) : null,
        Warning = end.Warning is { } warning ? SafeText.Of(warning, MostReasonUnits) : null,
    };
}
