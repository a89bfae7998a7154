using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>As <see cref="RootFactAttribute"/>, of a theory that makes files of another user's.</summary>
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "needs root, for links of another user's";
        }
    }
}
