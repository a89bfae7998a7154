using System.Globalization;
using System.Text;
using Deploy.Processes.Native;
using Deploy.Processes.Table;

namespace Deploy.Processes.Leftovers;

/// <summary>
/// Names this run of the machine, or of the container: the kernel's boot id and the start time of pid 1. The second part is for a container
/// that starts anew under the same kernel with the same state directory: its pids are small and come again, and mean others.
/// </summary>
internal static class BootMark
{
    /// <summary>This run's mark, or null where /proc does not tell; then nothing can be recorded or recognised.</summary>
    public static string? Read()
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = SmallFile.Read(Libc.AT_FDCWD, "/proc/sys/kernel/random/boot_id", buffer);
        if (length <= 0)
        {
            return null;
        }

        string id = Encoding.ASCII.GetString(buffer[..length]).Trim();
        ulong first = ProcessTable.TryRead(1, out var stat) ? stat.StartTicks : 0; // 0: hidden from us (hidepid), then always.
        return string.Create(CultureInfo.InvariantCulture, $"{id}/{first}");
    }
}
