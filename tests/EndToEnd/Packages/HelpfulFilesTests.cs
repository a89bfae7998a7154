using System.Text.RegularExpressions;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Packages;

/// <summary>Manual pages and completion, held against the binary.</summary>
[Trait("Category", "EndToEnd")]
public class HelpfulFilesTests
{
    private static readonly Dictionary<string, string> PageOf = new() { ["client"] = "deploy-client.1", ["agent"] = "deploy-agent.8", ["proxy"] = "deploy-proxy.8" };

    [Fact]
    public async Task The_manual_has_every_mode_and_every_option_of_the_help()
    {
        using var folder = new TempFolder();
        await ShellRun.DoneAsync(ShellRun.Repository("packaging/man/make.sh"), PublishedBinary.Path, folder.Path);
        string Page(string name) => File.ReadAllText(folder[name]).Replace("\\-", "-", StringComparison.Ordinal);
        string help = (await ProgramRun.RunAsync(["--help"])).Out;
        string[] modes = [.. Regex.Matches(help.Split("Commands:\n")[1].Split("\n\n")[0], "^  ([a-z-]+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.Contains("check", modes);
        int held = 0;
        foreach (string mode in modes.Prepend(string.Empty))
        {
            string page = Page(PageOf.GetValueOrDefault(mode, "deploy.1"));
            string own = (await ProgramRun.RunAsync(mode.Length > 0 ? [mode, "--help"] : ["--help"])).Out;
            foreach (string option in Regex.Matches(own, "^  (--[a-z-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value))
            {
                held++;
                Assert.True(Regex.IsMatch(page, $@"^\.B .*{option}\b", RegexOptions.Multiline), $"{option} of deploy {mode} is not in its page");
            }
        }

        Assert.InRange(held, 30, 1000);
        Assert.Contains("deploy check", Page("deploy.1"), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(folder.Path), page => Assert.DoesNotMatch(@"@[A-Z]+@|^\.\\"" (help|modes|file|usage)", File.ReadAllText(page)));
        Assert.Equal(
            ["agent.toml.5", "deploy-agent.8", "deploy-client.1", "deploy-proxy.8", "deploy.1", "proxy.toml.5"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [ToolFact("man")]
    public async Task Man_formats_every_page_without_a_warning()
    {
        using var folder = new TempFolder();
        await ShellRun.DoneAsync(ShellRun.Repository("packaging/man/make.sh"), PublishedBinary.Path, folder.Path);
        foreach (string page in Directory.GetFiles(folder.Path))
        {
            string text = await ShellRun.DoneAsync("sh", "-c", "man --warnings --encoding=utf8 --local-file \"$1\" 2>&1 >/dev/null", "sh", page);
            Assert.True(text.Length == 0, $"{page}: {text}");
        }
    }

    /// <summary>bash as it is when somebody presses the tab key: what it would offer.</summary>
    [Theory]
    [InlineData("deploy cli", "client")]
    [InlineData("deploy client sta", "status")]
    [InlineData("deploy client status --key-cipher-", "--key-cipher-file")]
    [InlineData("deploy client --host", "--hosts")]
    [InlineData("deploy completion z", "zsh")]
    [InlineData("deploy-client --api-key-f", "--api-key-file=")]
    [InlineData("deploy agent --config ", "")] // a file: bash's own
    [InlineData("deploy client --order = st", "")] // bash takes --order=st apart
    [InlineData("deploy nonsense --x", "")]
    public async Task Bash_completes(string words, string offered)
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "deploy", "deploy-client" })
        {
            File.CreateSymbolicLink(folder[name], PublishedBinary.Path);
        }

        string text = await ShellRun.DoneAsync(
            "bash",
            "-c",
            """
            PATH=$1:$PATH; . <(deploy completion bash)
            IFS=' ' read -ra COMP_WORDS <<<"$2"; [[ $2 != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=${2/ = /=} COMP_POINT=${#COMP_LINE}
            complete -p "${COMP_WORDS[0]}" >/dev/null && _deploy && echo "${COMPREPLY[*]}"
            """,
            "bash",
            folder.Path,
            words);
        Assert.Equal(offered + "\n", text);
    }

    [Fact]
    public async Task The_binary_prints_the_same_completion_as_packages_install()
    {
        foreach (string shell in new[] { "bash", "zsh", "fish" })
        {
            var run = await ProgramRun.RunAsync(["completion", shell]);
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(File.ReadAllText(ShellRun.Repository("packaging/completions/deploy." + shell)), run.Out);
        }

        var unknown = await ProgramRun.RunAsync(["completion", "tcsh"]);
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("tcsh", unknown.Error, StringComparison.Ordinal);
    }
}
