using Deploy.Model;
using Deploy.Modes.Tui;
using Deploy.Output;
using Deploy.Tests.Fixtures;
using Deploy.Tests.Modes.Client;
using Xunit;

namespace Deploy.Tests.Modes.Tui;

/// <summary>The command line of <c>deploy tui</c>, and what it prints where there is no terminal.</summary>
public class TuiCommandTests
{
    [Theory]
    [InlineData("--theme takes ansi, mono, safe, not 'pink'", "--demo", "--theme", "pink")]
    [InlineData("--fps takes", "--demo", "--fps", "0")]
    [InlineData("--demo asks nobody", "--demo", "--via", "proxy-01")]
    [InlineData("--hosts and --via do not go together", "--hosts", "web-1", "--via", "proxy-01")]
    [InlineData("no hosts", "--read-only")]
    [InlineData("--via takes one host", "--via", "a,b")]
    public async Task A_command_line_that_cannot_be_meant_is_wrong_usage(string says, params string[] arguments)
    {
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.Usage, await harness.DeployAsync(["tui", "--config", "/dev/null", .. arguments]));
        Assert.Contains(says, harness.Error, StringComparison.Ordinal);
        Assert.Empty(harness.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_proxy_that_is_not_there_is_exit_code_4()
    {
        using var folder = new TempFolder();
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.HostUnreachable, await harness.DeployAsync(Arguments(folder, "--via", "127.14.99.1:1")));
        Assert.Contains("can't connect", harness.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_terminal_the_hosts_of_a_proxy_are_a_table()
    {
        await using var fleet = await Fleet.StartAsync(3);
        await fleet.StopAgentAsync(1);
        using var folder = new TempFolder();
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.Ok, await harness.DeployAsync(Arguments(folder, "--via", fleet.Proxy.Bound[0].ToString())));
        string[] lines = harness.Output.Split('\n');
        Assert.Equal(["HOST", "GROUP", "STATE", "VERSION", "RSYNC", "SEEN", "SKEW", "LAST", "SYNC", "NOW"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["web-001", "web-002", "web-003"], lines[1..4].Select(line => line.Split(' ')[0]));
        Assert.Matches("^web-001 +web +up +[0-9]", lines[1]);
        Assert.Matches("^web-002 +web +down ", lines[2]);
        Assert.Contains("3 hosts: 2 up, 1 down", harness.Output, StringComparison.Ordinal);
        Assert.Empty(harness.Error);
    }

    [Fact(Timeout = 120_000)]
    public async Task Agents_are_a_table_too_and_none_that_answers_is_exit_code_4()
    {
        await using var fleet = await Fleet.StartAsync(1);
        using var folder = new TempFolder();
        var harness = new ClientHarness();
        string name = fleet.AgentAt(0).Address.ToString();
        Assert.Equal(ExitCodes.Ok, await harness.DeployAsync(Arguments(folder, "--hosts", fleet.AgentAt(0).ToString())));
        Assert.Matches($"\n{name.Replace(".", @"\.", StringComparison.Ordinal)} +- +up ", harness.Output);
        await fleet.StopAgentAsync(0);
        Assert.Equal(ExitCodes.HostUnreachable, await new ClientHarness().DeployAsync(Arguments(folder, "--hosts", fleet.AgentAt(0).ToString())));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_demo_needs_nobody()
    {
        var harness = new ClientHarness();
        Assert.Equal(ExitCodes.Ok, await harness.DeployAsync("tui", "--demo"));
        Assert.Contains("hosts: ", harness.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, null, null)]
    [InlineData(false, null, null, "en_US.UTF-8")]
    [InlineData(true, "C", "de_DE.UTF-8", "en_US.UTF-8")]
    [InlineData(false, "C.utf8", "C", "C")]
    [InlineData(false, null, "C.UTF-8", "C")]
    public void The_first_variable_of_the_locale_decides(bool isAscii, string? all, string? type, string? lang)
    {
        var variables = new Dictionary<string, string?> { ["LC_ALL"] = all, ["LC_CTYPE"] = type, ["LANG"] = lang };
        Assert.Equal(isAscii, TuiStart.IsAscii(variables.GetValueOrDefault));
    }

    [Fact]
    public void The_surroundings_choose_what_the_command_line_leaves_open()
    {
        Func<string, string?> none = _ => null, ssh = name => name == "SSH_CONNECTION" ? "10.0.0.1 1 10.0.0.2 22" : null, plain = name => name == "NO_COLOR" ? "1" : null;
        Assert.Equal((20, 4, 9), (TuiStart.FramesOf(null, none), TuiStart.FramesOf(null, ssh), TuiStart.FramesOf(9, ssh)));
        Assert.Equal(("ansi", "mono", "safe"), (TuiStart.ThemeOf(null, none), TuiStart.ThemeOf(null, plain), TuiStart.ThemeOf("safe", plain)));
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, outIsTerminal: true) { InIsTerminal = true };
        Assert.False(TuiStart.CanDraw(terminal, none)); // no TERM
        Assert.False(TuiStart.CanDraw(terminal, _ => "dumb"));
        Assert.True(TuiStart.CanDraw(terminal, _ => "xterm"));
        Assert.False(TuiStart.CanDraw(new Terminal(TextWriter.Null, TextWriter.Null, outIsTerminal: true), _ => "xterm"));
    }

    private static string[] Arguments(TempFolder folder, params string[] others)
    {
        File.WriteAllText(folder["known"], string.Empty);
        return ["tui", "--config", "/dev/null", "--known-agents", folder["known"], .. others];
    }
}
