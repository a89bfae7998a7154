using System.Runtime.InteropServices;

namespace Deploy.Processes.Native;

/// <summary>What waitid(2) says of a child.</summary>
internal enum ChildState
{
    Alive,

    /// <summary>Ended and not yet reaped: its pid, group and session are still its own.</summary>
    Ended,

    /// <summary>Not our child any more: something else reaped it. How it ended is not known, and its pid may be another's by now.</summary>
    Lost,
}

/// <summary>Asks for a child's end without reaping, and reaps.</summary>
internal static unsafe class Reaper
{
    private const int P_PID = 1;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x01000000;
    private const int CLD_EXITED = 1;

    // siginfo_t on 64 bits: si_code at 8; after padding si_pid at 16, si_uid, si_status at 24.
    private const int InfoBytes = 128;
    private const int CodeOffset = 8;
    private const int PidOffset = 16;
    private const int StatusOffset = 24;

    /// <summary>Looks and leaves the zombie. <paramref name="code"/> or <paramref name="signal"/> is set for <see cref="ChildState.Ended"/>.</summary>
    public static ChildState Look(int pid, out int? code, out int? signal)
    {
        (code, signal) = (null, null);
        byte* info = stackalloc byte[InfoBytes];
        int answer;
        do
        {
            NativeMemory.Clear(info, InfoBytes);
            answer = Libc.waitid(P_PID, pid, info, WEXITED | WNOHANG | WNOWAIT);
        }
        while (answer != 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);

        if (answer != 0)
        {
            return ChildState.Lost;
        }

        if (*(int*)(info + PidOffset) == 0)
        {
            return ChildState.Alive;
        }

        int status = *(int*)(info + StatusOffset);
        if (*(int*)(info + CodeOffset) == CLD_EXITED)
        {
            code = status;
        }
        else
        {
            signal = status;
        }

        return ChildState.Ended;
    }

    /// <summary>Waits until it has ended, and leaves the zombie.</summary>
    public static void AwaitEnd(int pid)
    {
        byte* info = stackalloc byte[InfoBytes];
        while (Libc.waitid(P_PID, pid, info, WEXITED | WNOWAIT) != 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }
    }

    /// <summary>Takes the zombie away; from here on its pid may be another's.</summary>
    public static void Reap(int pid)
    {
        byte* info = stackalloc byte[InfoBytes];
        while (Libc.waitid(P_PID, pid, info, WEXITED | WNOHANG) != 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }
    }
}
