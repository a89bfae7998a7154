using Deploy.Tests.Architecture;

namespace Deploy.Tests.Fixtures;

/// <summary>Test data that is not part of the repository: <c>$DEPLOY_SHARED</c>, else <c>../shared/data</c> beside it.</summary>
internal static class SharedData
{
    /// <summary>Where it is, or would be.</summary>
    public static string Root { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("DEPLOY_SHARED") is { Length: > 0 } given ? given : Path.Combine(SourceTree.Root, "../shared/data"));
}
