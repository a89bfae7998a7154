using System.Globalization;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>The packages of the published binary, made once for the tests of a class.</summary>
public sealed class BuiltPackages : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Lazy<Task> made;

    public BuiltPackages() => made = new(() => ShellRun.DoneAsync(ShellRun.Repository("packaging/package.sh"), PublishedBinary.Path, Version, folder.Path));

    /// <summary>Their version.</summary>
    public static string Version => "1.2.3";

    /// <summary>The path of one of them, by the end of its name.</summary>
    public async Task<string> FileAsync(string end)
    {
        await made.Value;
        return Directory.GetFiles(folder.Path).Single(file => file.EndsWith(end, false, CultureInfo.InvariantCulture));
    }

    public void Dispose() => folder.Dispose();
}
