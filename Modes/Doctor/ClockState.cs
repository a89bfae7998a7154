using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Deploy.Modes.Doctor;

/// <summary>Whether the kernel's clock is kept right by something (NTP).</summary>
internal static partial class ClockState
{
    // struct timex of 64 bits, linux/timex.h: modes at 0, status at 40; 208 bytes. modes 0 only reads.
    private const int TimexBytes = 208;
    private const int StatusOffset = 40;
    private const int Unsynchronised = 0x40; // STA_UNSYNC

    /// <summary>Null where the kernel does not say.</summary>
    public static unsafe bool? IsSynchronised()
    {
        Span<byte> timex = stackalloc byte[TimexBytes * 2];
        timex.Clear();
        fixed (byte* buffer = timex)
        {
            return Adjust(buffer) < 0 ? null : (BinaryPrimitives.ReadInt32LittleEndian(timex[StatusOffset..]) & Unsynchronised) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static unsafe partial int Adjust(byte* timex);
}
