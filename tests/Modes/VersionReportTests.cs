using Deploy.Modes;
using Deploy.Output;
using Xunit;

namespace Deploy.Tests.Modes;

public class VersionReportTests
{
    [Theory]
    [InlineData(0x30000130, "3.0.19")] // OPENSSL_VERSION_NUMBER of opensslv.h, from Debian 12
    [InlineData(0x30500010, "3.5.1")]
    public void Openssls_number_is_told_as_people_write_it(long number, string version) => Assert.Equal(version, VersionReport.OpenSsl(number));

    [Fact]
    public void Unpublished_code_tells_of_the_hosts_libraries_and_lacks_none_of_its_lines_without_them()
    {
        string[] lines = [.. VersionReport.Lines()];
        Assert.Equal(5, lines.Length);
        Assert.Matches(@"^\.NET \d+\.\d+\.\d+ \(.+, JIT\)$", lines[0]);
        Assert.Matches(@"^glibc 2\.\d+ \(of this host\)$", lines[1]);
        Assert.Matches(@"^OpenSSL 3\.\d+\.\d+ \(of this host\)$", lines[2]);
        Assert.Matches(@"^SQLite (3\.\d+\.\d+ \(of this host\)|not loaded)$", lines[3]);
        Assert.Matches(@"^libsodium (1\.\d+\.\d+ \(of this host\)|not loaded)$", lines[4]);
    }

    [Fact]
    public async Task The_version_alone_is_one_line_and_verbose_belongs_to_it()
    {
        Assert.Equal((0, 1), await RunAsync("--version"));
        Assert.Equal((0, 6), await RunAsync("--verbose", "--version"));
        foreach (string[] words in new[] { new[] { "--verbose" }, ["--verbose", "client", "status", "site", "--hosts", "127.0.0.1:1"] })
        {
            Assert.Equal(64, (await Assert.ThrowsAsync<Deploy.Model.UserError>(() => RunAsync(words))).ExitCode);
        }
    }

    private static async Task<(int ExitCode, int Lines)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        int exitCode = await DeployCommand.RunAsync(arguments, new Terminal(output, TextWriter.Null), TimeProvider.System);
        return (exitCode, output.ToString().Count(character => character == '\n'));
    }
}
