using System.Globalization;
using Xunit;

namespace Deploy.Tests.Fixtures;

/// <summary>A test that mounts a file system: skipped, with the reason, where this process may not.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    private const int SysAdmin = 21; // CAP_SYS_ADMIN, linux/capability.h

    public MountFactAttribute()
    {
        if (!MayMount)
        {
            Skip = "needs CAP_SYS_ADMIN to mount a small tmpfs";
        }
    }

    /// <summary>Whether this process may mount.</summary>
    public static bool MayMount
    {
        get
        {
            string effective = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal)).Split('\t')[1];
            return (ulong.Parse(effective, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << SysAdmin)) != 0;
        }
    }
}
