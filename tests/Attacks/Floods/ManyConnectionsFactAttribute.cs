using System.Globalization;
using Xunit;

namespace Deploy.Tests.Attacks.Floods;

/// <summary>A test that opens thousands of connections: skipped, with the reason, where this process may not have so many files open.</summary>
internal sealed class ManyConnectionsFactAttribute : FactAttribute
{
    /// <summary>Whether they come from <see cref="OutsideAddress"/>: skipped where there is none.</summary>
    public bool FromOutside
    {
        get;
        init
        {
            field = value;
            Skip ??= value && OutsideAddress.Find() is null ? "needs an IPv4 address that is no loopback" : null;
        }
    }

    /// <param name="connections">At once.</param>
    public ManyConnectionsFactAttribute(int connections)
    {
        const int Others = 1000; // what the other tests have open
        string limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most < connections + Others)
        {
            Skip = $"needs {connections + Others} open files, and may have {most}: see ulimit -n";
        }
    }
}
