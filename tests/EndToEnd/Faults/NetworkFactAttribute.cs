using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>A test that makes a network namespace: skipped, with the reason, where this process may not, or ip(8) is missing.</summary>
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute()
    {
        if (!MountFactAttribute.MayMount)
        {
            Skip = "needs CAP_SYS_ADMIN to make a network namespace";
        }
        else if (!File.Exists("/usr/sbin/ip"))
        {
            Skip = "needs ip(8), Debian's iproute2";
        }
    }
}
