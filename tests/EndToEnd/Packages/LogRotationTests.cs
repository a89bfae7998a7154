using System.Text.RegularExpressions;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>What packaging/logrotate moves away, and what docs/logs.md removes by age: each log has one of both.</summary>
[Trait("Category", "EndToEnd")]
public class LogRotationTests
{
    /// <summary>A dated log that is moved leaves an empty file of its day behind, which nothing ever removes.</summary>
    [Fact]
    public async Task Dated_names_are_not_rotated_and_no_name_is_in_two_stanzas()
    {
        using var folder = new TempFolder();
        string[] names = ["error.log", "access.log", "proxy-error.log", "error.20261122.log", "error-2026-11-22.log", "20261122.log", "access.Nov.log", "error.log.1", "proxy/error.log", "proxy/error.20261122.log"];
        Write(folder, names);
        var rotated = new List<string>();
        foreach (string file in Directory.GetFiles(ShellRun.Repository("packaging/logrotate")))
        {
            foreach (string pattern in Regex.Matches(File.ReadAllText(file), "^(/\\S+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value))
            {
                string here = pattern.Replace("/var/log/deploy/", folder.Path + "/", StringComparison.Ordinal);
                Assert.NotEqual(pattern, here);
                // The shell's patterns are glob(3)'s, which logrotate has.
                string found = await ShellRun.DoneAsync("sh", "-c", $"for file in {here}; do [ ! -e \"$file\" ] || echo \"$file\"; done");
                rotated.AddRange(found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(path => Path.GetRelativePath(folder.Path, path)));
            }
        }

        Assert.Equal(["access.log", "error.log", "proxy-error.log", "proxy/error.log"], rotated.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_page_removes_by_age_is_dated_and_old()
    {
        using var folder = new TempFolder();
        string command = Assert.Single(File.ReadAllLines(ShellRun.Repository("docs/logs.md")), line => line.StartsWith("    find /var/log/deploy ", StringComparison.Ordinal));
        string[] old = ["error.20261122.log", "proxy/access.2026-11-22.log", "error.log", "access.log.1", "error.log.2.gz", "other.txt"];
        Write(folder, old);
        foreach (string name in old)
        {
            File.SetLastWriteTimeUtc(folder[name], DateTime.UnixEpoch);
        }

        Write(folder, ["error.20270101.log"]);
        await ShellRun.DoneAsync("sh", "-c", command.Replace("/var/log/deploy", folder.Path, StringComparison.Ordinal));
        Assert.Equal(
            ["access.log.1", "error.20270101.log", "error.log", "error.log.2.gz", "other.txt"],
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal));
    }

    private static void Write(TempFolder folder, string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllText(folder[name], "line\n");
        }
    }
}
