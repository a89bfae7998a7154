using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>A test that compiles a few lines of C: skipped, with the reason, where there is no compiler.</summary>
internal sealed class ClangTheoryAttribute : TheoryAttribute
{
    public ClangTheoryAttribute()
    {
        if (!File.Exists("/usr/bin/clang"))
        {
            Skip = "needs clang";
        }
    }
}
