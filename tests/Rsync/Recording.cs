using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Deploy.Tests.Rsync;

/// <summary>What a real rsync of one version printed in one scenario: tests/Rsync/Recordings/VERSION/SCENARIO.</summary>
internal sealed record Recording(string Version, string Scenario, string[] Arguments, int Exit, byte[] Output, byte[] Errors)
{
    public static readonly string[] Versions = ["3.0.9", "3.4.1", "3.5.0"];

    /// <summary>Made with our out-format, so that its lines are what our own runs get.</summary>
    public bool HasOutFormat => Arguments.Contains("--out-format=%i %l %n%L");

    /// <summary>3.0's progress, per file.</summary>
    public bool ProgressPerFile => Arguments.Contains("--progress");

    /// <summary>Every recording of a version, by name.</summary>
    public static IReadOnlyList<Recording> Of(string version)
    {
        var all = Directory.GetDirectories(Path.Combine(Folder(), version)).Order(StringComparer.Ordinal)
            .Select(folder => Read(version, Path.GetFileName(folder))).ToList();
        Assert.True(all.Count >= 27, $"recordings of {version} are missing");
        return all;
    }

    public static Recording Read(string version, string scenario)
    {
        string folder = Path.Combine(Folder(), version, scenario);
        using var run = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json")));
        return new Recording(
            version,
            scenario,
            [.. run.RootElement.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
            run.RootElement.GetProperty("exit").GetInt32(),
            File.ReadAllBytes(Path.Combine(folder, "stdout")),
            File.ReadAllBytes(Path.Combine(folder, "stderr")));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Recordings");
}
