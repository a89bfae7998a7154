using System.Diagnostics;
using System.Text.RegularExpressions;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>What the binary is, of each kind: one stripped file that needs the C library of a certain age, or nothing at all.</summary>
[Trait("Category", "EndToEnd")]
public class BinaryTests
{
    private const string Plain = "deploy", Portable = "deploy-portable", Static = "deploy-static";

    private static readonly string[] CLibrary = ["linux-vdso", "ld-linux", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so"];

    [Theory, Kind(Plain), Kind(Portable)]
    public void It_asks_for_the_c_library_alone(string binary)
    {
        string[] needed = [.. Run("readelf", "-d", binary).Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal))];
        Assert.NotEmpty(needed);
        Assert.All(needed, line => Assert.Contains(CLibrary, library => line.Contains(library, StringComparison.Ordinal)));
    }

    [Theory, Kind(Portable)]
    public void The_portable_one_asks_for_the_c_library_that_the_install_page_says(string binary)
    {
        var asked = Regex.Matches(Run("readelf", "-VW", binary), @"GLIBC_(\d+\.\d+)").Select(match => Version.Parse(match.Groups[1].Value));
        string page = File.ReadAllText(Path.Combine(Architecture.SourceTree.Root, "docs/install.md"));
        string said = Regex.Match(page, @"`out/deploy-portable` \|[^|]*\| (\d+\.\d+) \|").Groups[1].Value;
        Assert.Equal(said, asked.Max()!.ToString());
    }

    [Theory, Kind(Static)]
    public void The_static_one_asks_for_no_library_and_no_loader(string binary)
    {
        Assert.DoesNotContain("(NEEDED)", Run("readelf", "-d", binary), StringComparison.Ordinal);
        Assert.DoesNotContain("INTERP", Run("readelf", "-lW", binary), StringComparison.Ordinal);
    }

    [Theory, Kind(Plain), Kind(Portable), Kind(Static)]
    public void It_is_stripped_and_not_over_28_MB_static_30(string binary)
    {
        Assert.DoesNotContain(".symtab", Run("readelf", "-SW", binary), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(binary).Length, 1, binary.EndsWith(Static, StringComparison.Ordinal) ? 30_000_000 : 28_000_000);
    }

    [Theory, Kind(Plain), Kind(Portable), Kind(Static)]
    public void It_says_what_is_linked_in_as_the_headers_have_it(string binary)
    {
        string[] said = Run(binary, "--version", "--verbose").TrimEnd('\n').Split('\n');
        Assert.Equal(6, said.Length);
        Assert.Matches(@"^deploy \d+\.\d+\.\d+$", said[0]);
        Assert.Matches(@"^\.NET \d+\.\d+\.\d+ \(linux-\w+, Native AOT\)$", said[1]);
        Assert.Matches(@$"^glibc 2\.\d+ \({(binary.EndsWith(Static, StringComparison.Ordinal) ? "linked in" : "of this host")}\)$", said[2]);
        Assert.Equal($"OpenSSL {Defined("openssl/opensslv.h", "OPENSSL_VERSION_STR")} (linked in)", said[3]);
        Assert.Equal($"SQLite {Defined("sqlite3.h", "SQLITE_VERSION")} (linked in)", said[4]);
        Assert.Equal($"libsodium {Defined("sodium/version.h", "SODIUM_VERSION_STRING")} (linked in)", said[5]);
    }

    [ForeignRootTheory, Kind(Plain), Kind(Portable), Kind(Static)]
    public async Task It_runs_in_a_root_with_the_c_library_alone_and_the_static_one_without(string binary)
    {
        using var root = ForeignRoot.Empty(binary);
        root.Take(Run("ldd", binary).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/') && word != binary + ":"));
        Assert.Equal(binary.EndsWith(Static, StringComparison.Ordinal), !Directory.Exists(root.Path + "/lib64") && !Directory.Exists(root.Path + "/lib"));

        Assert.Matches(@"^deploy \d+\.\d+\.\d+\n$", (await root.RunAsync("--version")).Out);
        Assert.Contains("unreachable", (await root.RunAsync("client", "status", "site", "--hosts", "127.0.0.1:1", "--key-cipher", "x")).Out, StringComparison.Ordinal);
        Assert.Contains("agent.ini: cannot be read: no such file", (await root.RunAsync("agent", "--config", "/agent.ini")).Error, StringComparison.Ordinal);
    }

    /// <summary>The text that a header of the build host defines a name as.</summary>
    private static string Defined(string header, string name)
    {
        string[] places = [.. Directory.GetDirectories("/usr/include", "*-linux-gnu*"), "/usr/include"];
        string text = File.ReadAllText(places.Select(place => Path.Combine(place, header)).First(File.Exists));
        return Regex.Match(text, @$"define\s+{name}\s+""([^""]+)""").Groups[1].Value;
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
}
