using System.Globalization;
using Deploy.Processes.Native;

namespace Deploy.Processes.Table;

/// <summary>The kernel's table of processes, read from /proc.</summary>
internal static unsafe class ProcessTable
{
    /// <summary>The process of this pid as it is now; false when there is none (or none that we may see).</summary>
    public static bool TryRead(int pid, out ProcStat stat)
    {
        stat = default;
        Span<byte> line = stackalloc byte[ProcStat.LimitBytes];
        int length = SmallFile.Read(Libc.AT_FDCWD, $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat", line);
        return length > 0 && ProcStat.TryParse(line[..length], out stat);
    }

    /// <summary>
    /// Every live process of this session, zombies left out, by ascending pid. False when the table could not be read to its end (no descriptor
    /// left): then the list may lack some, and an empty one does not mean that none lives.
    /// </summary>
    public static bool TryLiveOfSession(int session, out List<ProcStat> members)
    {
        members = [];
        bool complete = true;
        try
        {
            foreach (string entry in Directory.EnumerateDirectories("/proc"))
            {
                // getsid first: one cheap call instead of three for each process of the host.
                if (!int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                    || Libc.getsid(pid) != session)
                {
                    continue;
                }

                if (!TryRead(pid, out var stat))
                {
                    complete &= Libc.getsid(pid) != session; // Else it is there, and only the look at it failed.
                }
                else if (stat.Session == session && stat.IsLive)
                {
                    members.Add(stat);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            complete = false;
        }

        members.Sort((one, other) => one.Pid.CompareTo(other.Pid));
        return complete;
    }

    /// <summary>
    /// Signals a whole session: its leader's group at one stroke, then each member that moved to a group of its own. The session's number must
    /// be known to be taken (a leader not yet reaped, or a live member), so that it cannot mean another one.
    /// </summary>
    public static void SignalSession(int session, int signal)
    {
        _ = Libc.kill(-session, signal);
        _ = TryLiveOfSession(session, out var members);
        foreach (var member in members.Where(member => member.Group != session))
        {
            SignalExactly(member, signal);
        }
    }

    /// <summary>Signals this very process and never a later one with its pid: through a pidfd, or where there is none right after another look.</summary>
    private static void SignalExactly(ProcStat member, int signal)
    {
        int pidfd = Libc.PidfdOpen(member.Pid);
        if (TryRead(member.Pid, out var now) && now.StartTicks == member.StartTicks)
        {
            _ = pidfd >= 0 ? Libc.PidfdSendSignal(pidfd, signal) : Libc.kill(member.Pid, signal);
        }

        if (pidfd >= 0)
        {
            _ = Libc.close(pidfd);
        }
    }
}
