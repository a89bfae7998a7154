using System.Diagnostics;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>What the binary is: one stripped file that needs the C library and nothing else.</summary>
[Trait("Category", "EndToEnd")]
public class BinaryTests
{
    private static readonly string[] CLibrary = ["linux-vdso", "ld-linux", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so"];

    [Fact]
    public void It_asks_for_the_c_library_alone()
    {
        string[] needed = [.. Run("readelf", "-d", PublishedBinary.Path).Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal))];
        Assert.NotEmpty(needed);
        Assert.All(needed, line => Assert.Contains(CLibrary, library => line.Contains(library, StringComparison.Ordinal)));
    }

    [Fact]
    public void It_is_stripped_and_not_over_22_MB()
    {
        Assert.DoesNotContain(".symtab", Run("readelf", "-SW", PublishedBinary.Path), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(PublishedBinary.Path).Length, 1, 22_000_000);
    }

    [ChrootFact]
    public void It_runs_in_an_empty_root_with_the_c_library_alone()
    {
        using var root = new TempFolder();
        File.Copy(PublishedBinary.Path, root["deploy"]);
        foreach (string library in Run("ldd", PublishedBinary.Path).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/')))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root.Path + library)!);
            File.Copy(library, root.Path + library);
        }

        Assert.Matches(@"^deploy \d+\.\d+\.\d+\n$", Run("chroot", root.Path, "/deploy", "--version"));
        string status = Run("chroot", root.Path, "/deploy", "client", "status", "site", "--hosts", "127.0.0.1:1", "--key-cipher", "x");
        Assert.Contains("unreachable", status, StringComparison.Ordinal);
        Assert.Contains("agent.ini: cannot be read: no such file", Run("chroot", root.Path, "/deploy", "agent", "--config", "/agent.ini"), StringComparison.Ordinal);
    }

    /// <summary>stdout and stderr of a program that must end within a minute; with an empty environment but for PATH.</summary>
    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"{program} did not end");
        return output + error.Result;
    }

    private sealed class ChrootFactAttribute : FactAttribute
    {
        public ChrootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "needs root for chroot";
    }
}
