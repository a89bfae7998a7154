using Xunit;

namespace Deploy.Tests.Fixtures;

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
