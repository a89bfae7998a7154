using Deploy.Logs;
using Deploy.Processes.Leftovers;
using Deploy.Processes.Native;
using Deploy.Processes.Table;

namespace Deploy.Processes;

/// <summary>
/// The life of one child, moved by <see cref="ChildLoop"/>'s thread alone. Times are <see cref="Environment.TickCount64"/> milliseconds.
/// <code>
///  Running ──stop──► Stopping ──grace over──► Killing ──5 s, first process lives──► Stuck
///     │                  │                       │                                   │
///     │ first process    │ session empty         │ session empty, or 5 s over        │ first process ended
///     ▼ ended            ▼                       ▼                                   ▼
///  Draining ◄────────────┴───────────────────────┴───────────────────────────────────┘
///     │ pipes at their end and killed members gone, or one second over
///     ▼
///   Done
/// </code>
/// Until Draining the first process, if it ended, stays a zombie: so its pid, which is the group's and the session's, cannot become another's
/// while we still signal it.
/// </summary>
internal sealed class RunningChild(Child handle, ChildStart start, ChildPipe[] pipes, ChildRecords? records, ILog log)
{
    /// <summary>How long pipes are read after the first process ended, ms: what it started may hold them for ever.</summary>
    private const int DrainMilliseconds = 1000;

    /// <summary>How long a process may take to die of KILL, ms, before we say that it does not.</summary>
    private const int KillMilliseconds = 5000;

    /// <summary>How often the rest of a stopped session is looked for, ms: no signal tells of the end of processes that are not our children.</summary>
    private const int RestMilliseconds = 25;

    /// <summary>How soon to look again at processes that die of KILL, ms; it mostly takes less than one.</summary>
    private const int DyingMilliseconds = 5;

    private ChildPhase _phase = ChildPhase.Running;
    private ChildExit? _exit;
    private bool _asked;
    private bool _outlivedKill;
    private bool _killedRest;
    private long _deadline;

    public Child Handle => handle;

    /// <summary>Our ends of its pipes, open or not.</summary>
    public IReadOnlyList<ChildPipe> Pipes => pipes;

    public bool IsDone => _phase == ChildPhase.Done;

    /// <summary>True when KILL did not end its first process.</summary>
    public bool IsStuck => _phase == ChildPhase.Stuck;

    /// <summary>TERM now, KILL after the grace; a second call can only shorten it.</summary>
    public void Stop(TimeSpan grace, long now)
    {
        long killAt = now + (long)Math.Clamp(grace.TotalMilliseconds, 0, TimeSpan.FromDays(1).TotalMilliseconds);
        if (_phase == ChildPhase.Stopping)
        {
            _deadline = Math.Min(_deadline, killAt);
        }
        else if (_phase == ChildPhase.Running)
        {
            Look(); // It may have ended by itself, unseen: then nobody stopped it, but a stop still means the whole group.
            _asked = true;
            if (_phase == ChildPhase.Running)
            {
                Enter(ChildPhase.Stopping, killAt);
                ProcessTable.SignalSession(handle.Pid, Libc.SIGTERM);
            }
        }
    }

    /// <summary>Moves on as far as it goes now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="look">Whether to ask the kernel about the first process: something may have ended.</param>
    /// <param name="buffer">For the last read.</param>
    public void Advance(long now, bool look, Span<byte> buffer)
    {
        if (look && _exit is null)
        {
            Look();
        }

        switch (_phase)
        {
            case ChildPhase.Running when _exit is not null:
                if (!start.MayLeaveProcesses)
                {
                    _ = Libc.kill(-handle.Pid, Libc.SIGKILL);
                    _killedRest = true;
                }

                ReapAndDrain(now);
                break;
            case ChildPhase.Stuck when _exit is not null:
                ReapAndDrain(now);
                break;
            case ChildPhase.Stopping or ChildPhase.Killing:
                AdvanceStop(now);
                break;
        }

        if (_phase == ChildPhase.Draining && (now >= _deadline || !(pipes.Any(pipe => pipe.IsOpen) || RestLives())))
        {
            foreach (var pipe in pipes)
            {
                pipe.ReadRestAndClose(buffer);
            }

            Enter(ChildPhase.Done, 0);
            handle.SetExited(_exit!.Value);
        }
    }

    /// <summary>When to move next without any event; null when there is nothing to wait for.</summary>
    public long? NextMove(long now) => _phase switch
    {
        ChildPhase.Draining => pipes.Any(pipe => pipe.IsOpen) ? _deadline : Math.Min(_deadline, now + DyingMilliseconds),
        ChildPhase.Stopping or ChildPhase.Killing => _exit is null ? _deadline : Math.Min(_deadline, now + RestMilliseconds),
        _ => null,
    };

    /// <summary>The daemon ends and this one will not: says so to who waits, and lets the pipes go.</summary>
    public void Abandon()
    {
        foreach (var pipe in pipes)
        {
            pipe.Close();
        }

        handle.SetExited(_exit ?? new ChildExit(null, Libc.SIGKILL, Stopped: true));
    }

    private void AdvanceStop(long now)
    {
        if (_exit is not null && ProcessTable.TryLiveOfSession(handle.Pid, out var left) && left.Count == 0)
        {
            ReapAndDrain(now);
        }
        else if (now < _deadline)
        {
            return;
        }
        else if (_phase == ChildPhase.Stopping)
        {
            log.Warning($"pid {handle.Pid} ({start.Program}) did not end of TERM in its grace: KILL");
            Enter(ChildPhase.Killing, now + KillMilliseconds);
            ProcessTable.SignalSession(handle.Pid, Libc.SIGKILL);
        }
        else
        {
            _ = ProcessTable.TryLiveOfSession(handle.Pid, out left);
            string who = string.Join(' ', left.Select(member => $"{member.Pid}[{member.State}]"));
            log.Error($"session {handle.Pid} ({start.Program}) lives on {KillMilliseconds / 1000} s after KILL: {who}");
            _outlivedKill = true;
            if (_exit is not null)
            {
                ReapAndDrain(now);
                return;
            }

            Enter(ChildPhase.Stuck, 0);
            handle.SetStopFailed(new ChildExit(null, Libc.SIGKILL, Stopped: true));
        }
    }

    /// <summary>
    /// Whether some of the group are still on their way out after KILL: an end is told only when nothing of it writes any more. Asks with signal
    /// 0 alone, since the number is given back.
    /// </summary>
    private bool RestLives() =>
        _killedRest
        && Libc.kill(-handle.Pid, 0) == 0
        && !(ProcessTable.TryLiveOfSession(handle.Pid, out var rest) && !rest.Exists(member => member.Group == handle.Pid)); // else zombies

    private void Look()
    {
        var state = Reaper.Look(handle.Pid, out int? code, out int? signal);
        if (state == ChildState.Lost && _exit is null)
        {
            // Its pid may be another's by now: no signal, no wait. How it ended is unknown, and unknown must not read as success.
            log.Error($"pid {handle.Pid} ({start.Program}) was reaped by something else in this process: how it ended is not known, taken as killed");
            _exit = new ChildExit(null, Libc.SIGKILL, _asked);
            handle.SetReaped();
            records?.Remove(handle.Pid);
            Enter(ChildPhase.Draining, Environment.TickCount64 + DrainMilliseconds);
        }
        else if (state == ChildState.Ended && _exit is null)
        {
            _exit = new ChildExit(code, signal, _asked);
        }
    }

    private void ReapAndDrain(long now)
    {
        handle.SetReaped();
        Reaper.Reap(handle.Pid);
        if (!_outlivedKill) // Else its record lets the next daemon find what is left.
        {
            records?.Remove(handle.Pid);
        }

        Enter(ChildPhase.Draining, now + DrainMilliseconds);
    }

    private void Enter(ChildPhase phase, long deadline) => (_phase, _deadline) = (phase, deadline);
}

/// <summary>Where a child stands; the picture is at <see cref="RunningChild"/>.</summary>
internal enum ChildPhase
{
    Running,
    Stopping,
    Killing,
    Stuck,
    Draining,
    Done,
}
