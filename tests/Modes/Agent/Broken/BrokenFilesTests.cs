using System.Runtime.CompilerServices;
using System.Text;
using Deploy.Config;
using Deploy.Modes.Agent;
using Deploy.Modes.Agent.Ini;
using Xunit;

namespace Deploy.Tests.Modes.Agent.Broken;

/// <summary>What broken files print, all of it. Each <c>NAME.ini</c> here has its <c>NAME.verified.txt</c>; a jobs file is <c>/jobs/NAME.jobs</c>.</summary>
public class BrokenFilesTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Here(), "*.ini").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_broken_file_says_all_that_is_wrong_with_it(string name)
    {
        var (title, errors, warnings) = AgentIniFile.Read(name + ".ini", AgentOverrides.None, "web-001", Read) switch
        {
            AgentConfig.Invalid invalid => ("does not start", invalid.Errors, invalid.Warnings),
            AgentConfig.Valid valid => ("starts", [], valid.Warnings),
            _ => throw new InvalidOperationException(),
        };
        var text = new StringBuilder(title).Append('\n');
        text.AppendJoin(string.Empty, errors.Select(error => $"error:   {error}\n"));
        text.AppendJoin(string.Empty, warnings.Select(warning => $"warning: {warning}\n"));
        Golden.Golden.Verify(text.ToString(), name);
    }

    private static FileContent Read(string path) => ConfigFile.Read(Path.Combine(Here(), Path.GetFileName(path)));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
