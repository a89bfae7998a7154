using System.Globalization;
using Deploy.Logs;
using Deploy.Processes.Native;
using Deploy.Processes.Table;

namespace Deploy.Processes.Leftovers;

/// <summary>Finds the sessions behind the records of an earlier daemon and stops those that are surely its children's.</summary>
internal sealed class LeftoverSessions(ChildRecords records, ILog log)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to wait after KILL before saying that it did not help.</summary>
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    /// <summary>Stops them, TERM and after the grace KILL. Returns the pids that are gone, ascending.</summary>
    public async Task<IReadOnlyList<int>> StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var seen = new SortedSet<int>();
        var sessions = records.ReadLeftovers().Where(record => IsToStop(record, seen)).ToList();
        foreach (var record in sessions)
        {
            log.Warning($"an earlier daemon left pid {record.Pid} ({record.Program}): stopping its session");
            ProcessTable.SignalSession(record.Pid, Libc.SIGTERM);
        }

        await WaitAsync(sessions, seen, grace, again: null, cancellationToken);
        foreach (var record in sessions)
        {
            log.Warning($"session {record.Pid} ({record.Program}) did not end of TERM in {Seconds(grace)} s: KILL");
            ProcessTable.SignalSession(record.Pid, Libc.SIGKILL);
        }

        await WaitAsync(sessions, seen, KillTime, again: Libc.SIGKILL, cancellationToken);
        foreach (var record in sessions)
        {
            log.Error($"session {record.Pid} ({record.Program}) lives on {Seconds(KillTime)} s after KILL; its record stays");
            _ = ProcessTable.TryLiveOfSession(record.Pid, out var left);
            seen.ExceptWith(left.Select(member => member.Pid));
        }

        return [.. seen];
    }

    /// <summary>Whether anything of the record lives and is ours; else the record is done with.</summary>
    private bool IsToStop(ChildRecord record, SortedSet<int> seen)
    {
        if (record.Boot != records.Boot)
        {
            return Drop(record, "is of another boot");
        }

        if (!ProcessTable.TryLiveOfSession(record.Pid, out var members))
        {
            log.Error($"the processes of session {record.Pid} ({record.Program}) could not be looked at; its record stays");
            return false;
        }

        bool leader = ProcessTable.TryRead(record.Pid, out var stat);
        if (leader && stat.StartTicks != record.StartTicks)
        {
            return Drop(record, "is another process by now");
        }

        if (members.Count == 0)
        {
            return Drop(record, "has ended");
        }

        // Without its first process the members are ours all the same: the kernel gives no pid anew that is still the number of a session.
        if (record.MayLeaveProcesses && !(leader && stat.IsLive))
        {
            return Drop(record, "has ended, and what it started may stay");
        }

        seen.UnionWith(members.Select(member => member.Pid));
        return true;
    }

    /// <summary>Takes those off the list that have ended, with their records, until none is left or the time is over.</summary>
    private async Task WaitAsync(List<ChildRecord> sessions, SortedSet<int> seen, TimeSpan time, int? again, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)Math.Clamp(time.TotalMilliseconds, 0, TimeSpan.FromDays(1).TotalMilliseconds);
        while (true)
        {
            sessions.RemoveAll(record => HasEnded(record, seen, again));
            if (sessions.Count == 0 || Environment.TickCount64 >= end)
            {
                return;
            }

            await Task.Delay(LookInterval, cancellationToken);
        }
    }

    private bool HasEnded(ChildRecord record, SortedSet<int> seen, int? again)
    {
        if (!ProcessTable.TryLiveOfSession(record.Pid, out var members) || members.Count > 0)
        {
            seen.UnionWith(members.Select(member => member.Pid));
            if (again is { } signal && members.Count > 0)
            {
                ProcessTable.SignalSession(record.Pid, signal); // One that came between in a group of its own.
            }

            return false;
        }

        records.Forget(record);
        return true;
    }

    private bool Drop(ChildRecord record, string why)
    {
        log.Info($"pid {record.Pid} ({record.Program}) of an earlier daemon {why}");
        records.Forget(record);
        return false;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
