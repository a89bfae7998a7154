using Deploy.Processes.Table;

namespace Deploy.Processes;

/// <summary>One running child and its session; made by <see cref="Children.StartAsync"/>.</summary>
internal sealed class Child
{
    private readonly ChildLoop _loop;
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ChildExit> _stopFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _reaped;

    internal Child(int pid, ChildLoop loop) => (Pid, _loop) = (pid, loop);

    /// <summary>Its process id, which is its group's and its session's too.</summary>
    public int Pid { get; }

    /// <summary>Ends when the first process ended and its pipes are drained (or one second after it ended, whatever still holds them). Never faults.</summary>
    /// <remarks>What was left of its group was killed then, but for <see cref="ChildStart.MayLeaveProcesses"/>, and is gone (within that second).</remarks>
    public Task<ChildExit> Exited => _exited.Task;

    /// <summary>Every live process of its session, ascending; empty when it ended.</summary>
    public IReadOnlyList<int> LivePids()
    {
        if (_reaped)
        {
            return [];
        }

        // A table that cannot be read (no descriptor left) must not look like an end.
        var pids = ProcessTable.TryLiveOfSession(Pid, out var members) ? members.ConvertAll(member => member.Pid) : [Pid];
        return _reaped ? [] : pids; // Reaped while we looked: the number may have been another's.
    }

    /// <summary>TERM to the whole group, KILL after <paramref name="grace"/>; ends when no process of the group is left. Safe to call twice and after the end.</summary>
    /// <remarks>
    /// The whole session is meant, members in groups of their own too. Where a first process outlives KILL for five seconds (stuck in the
    /// kernel) this ends all the same, as if by signal 9, with an error in the log; <see cref="Exited"/> then waits on.
    /// </remarks>
    public async Task<ChildExit> StopAsync(TimeSpan grace)
    {
        _loop.RequestStop(this, grace);
        return await await Task.WhenAny(Exited, _stopFailed.Task);
    }

    /// <summary>From the loop, right before the pid is given back.</summary>
    internal void SetReaped() => _reaped = true;

    /// <summary>From the loop, once.</summary>
    internal void SetExited(ChildExit exit) => _exited.TrySetResult(exit);

    /// <summary>From the loop: KILL did not help.</summary>
    internal void SetStopFailed(ChildExit exit) => _stopFailed.TrySetResult(exit);
}
