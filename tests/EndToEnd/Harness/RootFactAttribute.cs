using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A test that needs root, to give it up: skipped, with the reason, where this process is not root.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "needs root, for an agent that gives it up";
        }
    }
}
