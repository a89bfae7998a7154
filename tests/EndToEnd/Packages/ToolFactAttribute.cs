using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>A test that needs programs of this host: skipped, with their names, where one is missing; in CI it then fails.</summary>
internal sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tools">Names, looked for in $PATH.</param>
    public ToolFactAttribute(params string[] tools)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        string[] missing = [.. tools.Where(tool => !path.Any(folder => File.Exists(Path.Combine(folder, tool))))];
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "needs " + string.Join(", ", missing);
        }
    }

    /// <summary>True where the test starts daemons or mounts: root with CAP_SYS_ADMIN.</summary>
    public bool AsRoot
    {
        get => false;
        set
        {
            if (value && !(Environment.IsPrivilegedProcess && MountFactAttribute.MayMount))
            {
                Skip = "needs root, with CAP_SYS_ADMIN";
            }
        }
    }
}
