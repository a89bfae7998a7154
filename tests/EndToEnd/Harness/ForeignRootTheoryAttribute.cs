using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Harness;

/// <summary>A theory that needs a <see cref="ForeignRoot"/>: skipped, with the reason, where this process may not make one.</summary>
internal sealed class ForeignRootTheoryAttribute : TheoryAttribute
{
    /// <param name="oldRelease">Whether it is one of the old release.</param>
    public ForeignRootTheoryAttribute(bool oldRelease = false)
    {
        if (!MountFactAttribute.MayMount)
        {
            Skip = "needs CAP_SYS_ADMIN, for a root directory and /proc of its own";
        }
        else if (oldRelease && !Directory.Exists(PublishedBinary.OldRelease))
        {
            Skip = $"there is no {PublishedBinary.OldRelease}: ./build publish --portable makes it";
        }
    }
}
