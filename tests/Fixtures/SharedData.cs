using Deploy.Tests.Architecture;
using Xunit;

namespace Deploy.Tests.Fixtures;

/// <summary>Test data that is not part of the repository: <c>$DEPLOY_SHARED</c>, else <c>../shared/data</c> beside it.</summary>
internal static class SharedData
{
    /// <summary>Where it is, or would be.</summary>
    public static string Root { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("DEPLOY_SHARED") is { Length: > 0 } given ? given : Path.Combine(SourceTree.Root, "../shared/data"));
}

/// <summary>A test that reads a folder of <see cref="SharedData"/>: skipped, with the folder's name, where it is missing; in CI it then fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string folder)
    {
        string path = Path.Combine(SharedData.Root, folder);
        if (!Directory.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = $"needs {path}; DEPLOY_SHARED names its parent";
        }
    }
}
