using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Tui.Screen.Real;

/// <summary>A terminal's descriptor: settings, and reads and writes that end when a bell rings, whatever the terminal does (a stalled SSH connection takes nothing for minutes).</summary>
/// <param name="file">The terminal, not blocking.</param>
/// <param name="before">Its settings as they were found.</param>
internal sealed class TerminalDevice(SafeFileHandle file, byte[] before) : IDisposable
{
    private readonly SafeFileHandle bell = TerminalCalls.NewBell();

    public (int Columns, int Rows) Size => TerminalCalls.SizeOf(file);

    public bool IsInFront => TerminalCalls.IsInFront(file);

    /// <summary>Whether its other end is closed.</summary>
    public bool HasGone
    {
        get
        {
            Span<TerminalCalls.PollEntry> entry = [new TerminalCalls.PollEntry { Descriptor = Number(file) }];
            return TerminalCalls.Poll(entry, 1, 0) == 1 && (entry[0].Returned & (TerminalCalls.PollHangUp | TerminalCalls.PollError)) != 0;
        }
    }

    /// <summary>Every byte comes as it is typed, none is echoed, none sends a signal, and what is written is not changed.</summary>
    public void MakeRaw()
    {
        byte[] raw = [.. before];
        TerminalCalls.MakeRaw(raw);
        _ = TerminalCalls.Put(file, raw);
    }

    /// <summary>As it was found.</summary>
    public void PutBack() => _ = TerminalCalls.Put(file, before);

    /// <summary>Ends every wait, now and from now on.</summary>
    public void Ring() => _ = TerminalCalls.Write(bell, BitConverter.GetBytes(1UL), sizeof(ulong));

    /// <summary>Waits until there is something to read, or the bell rings.</summary>
    /// <param name="milliseconds">At most; -1 is for ever.</param>
    /// <returns>False once the bell has rung.</returns>
    public bool WaitToRead(int milliseconds) => Wait(TerminalCalls.PollIn, milliseconds);

    /// <summary>Waits only for the bell.</summary>
    /// <returns>False once it has rung.</returns>
    public bool Pause(int milliseconds) => Wait(0, milliseconds, withTerminal: false);

    /// <summary>Reads what is there.</summary>
    /// <returns>How many bytes; 0 at the end, -1 for nothing now.</returns>
    public int Read(Span<byte> bytes)
    {
        int read = (int)TerminalCalls.Read(file, bytes, (nuint)bytes.Length);
        return read >= 0 ? read : Marshal.GetLastPInvokeError() switch
        {
            TerminalCalls.Interrupted or TerminalCalls.Again => -1,
            TerminalCalls.InputOutput when !IsInFront && !HasGone => -1, // in the background, SIGTTIN being blocked
            _ => 0,
        };
    }

    /// <summary>Writes all, or as much as the terminal takes before the bell rings or the time is over; a terminal that has gone takes everything.</summary>
    /// <param name="bytes">What.</param>
    /// <param name="milliseconds">For each wait at most; -1 is for ever.</param>
    /// <param name="mindsBell">False at the very end, when it has rung.</param>
    public void Write(ReadOnlySpan<byte> bytes, int milliseconds = -1, bool mindsBell = true)
    {
        for (int tries = 0; !bytes.IsEmpty && (milliseconds < 0 || tries < 4);)
        {
            int written = (int)TerminalCalls.Write(file, bytes, (nuint)bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case TerminalCalls.Interrupted:
                    break;
                case TerminalCalls.Again:
                    tries++;
                    if (!Wait(TerminalCalls.PollOut, milliseconds, withTerminal: true, mindsBell))
                    {
                        return;
                    }

                    break;
                default:
                    return;
            }
        }
    }

    public void Dispose()
    {
        file.Dispose();
        bell.Dispose();
    }

    private bool Wait(short events, int milliseconds, bool withTerminal = true, bool mindsBell = true)
    {
        Span<TerminalCalls.PollEntry> entries =
        [
            new TerminalCalls.PollEntry { Descriptor = mindsBell ? Number(bell) : -1, Events = TerminalCalls.PollIn }, // -1 is passed over
            new TerminalCalls.PollEntry { Descriptor = withTerminal ? Number(file) : -1, Events = events },
        ];
        _ = TerminalCalls.Poll(entries, 2, milliseconds);
        return entries[0].Returned == 0;
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
