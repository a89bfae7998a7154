using Xunit;

namespace Deploy.Tests.Tui.Screen.Real;

/// <summary>The terminal is taken over, and given back as it was, whatever happens.</summary>
public sealed class RealTerminalTests
{
    private const string Leave = "\e[?1049l\r";

    [Fact]
    public async Task It_is_given_back_when_it_is_left()
    {
        using var shell = new PtyShell("$RUN; check $?");
        await shell.Shows("keys .");
        await shell.Shows("size 60x10");
        Assert.Contains("\e[?1049h\e[?25l\e[?7l\e[?2004h", shell.Shown, StringComparison.Ordinal);
        shell.Type("j");
        await shell.Shows("j");
        shell.Type("\e[A\e[200~two\nlines\e[201~\u0003");
        await shell.Shows("<up>(two lines)^C.");
        shell.Type("q");
        await shell.Shows("SAME 0");
        Assert.Contains("\e[?2004l\e[?7h\e[?25h" + Leave + "deploy: hint: left\r\nSAME 0", shell.Shown, StringComparison.Ordinal);
        Assert.Single(shell.Shown.Split("\e[?1049l")[1..]);
        await shell.Ends();
    }

    [Theory]
    [InlineData("T", 143)]
    [InlineData("I", 130)]
    [InlineData("H", 129)]
    public async Task A_signal_gives_it_back(string key, int code)
    {
        using var shell = new PtyShell("$RUN; check $?");
        await shell.Shows("keys .");
        shell.Type(key);
        await shell.Shows($"SAME {code}");
        Assert.Contains(Leave, shell.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C", 134, "a bug")]
    [InlineData("U", 134, "a bug elsewhere")]
    [InlineData("X", 9, "")]
    public async Task A_crash_gives_it_back_before_it_is_told(string key, int code, string told)
    {
        using var shell = new PtyShell("ulimit -c 0; $RUN; check $?");
        await shell.Shows("keys .");
        shell.Type(key);
        await shell.Shows($"SAME {code}");
        string after = shell.Shown[shell.Shown.IndexOf(Leave, StringComparison.Ordinal)..];
        Assert.Contains(told, after, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[?1049h", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001a")]
    [InlineData("Z")]
    public async Task It_stops_and_goes_on_as_jobs_do(string key)
    {
        using var shell = new PtyShell("$RUN; check $?; read -r line; fg; check $?");
        await shell.Shows("keys .");
        shell.Type(key);
        await shell.Shows("SAME 148");
        Assert.Contains(Leave, shell.Shown, StringComparison.Ordinal);
        shell.Type("go on\n");
        await shell.Shows("\e[?1049h", times: 2);
        await shell.Shows("\e[H\e[2Jkeys", times: 2);
        shell.Type("q");
        await shell.Shows("SAME 0");
    }

    [Fact]
    public async Task After_bg_it_waits_for_the_terminal_and_comes_back_with_fg()
    {
        using var shell = new PtyShell("$RUN; check $?; bg; read -r line; fg; check $?");
        await shell.Shows("keys .");
        shell.Type("\u001a");
        await shell.Shows("SAME 148");
        await shell.Shows("&");
        shell.Type("this line is the shell's\n");
        await shell.Shows("\e[?1049h", times: 2);
        await shell.Shows("\e[H\e[2Jkeys", times: 2);
        shell.Type("q");
        await shell.Shows("SAME 0");
    }

    [Fact]
    public async Task After_a_stop_that_nobody_can_take_it_is_drawn_anew()
    {
        using var shell = new PtyShell("$RUN; stty \"$before\"; echo stopped; read -r line; fg; check $?");
        await shell.Shows("keys .");
        shell.Type("S");
        await shell.Shows("stopped");
        shell.Type("go on\n");
        await shell.Shows("\e[?1049h", times: 2);
        await shell.Shows("\e[H\e[2Jkeys", times: 2);
        shell.Type("q");
        await shell.Shows("SAME 0");
    }

    [Fact]
    public async Task Started_in_the_background_it_waits_for_the_front()
    {
        using var shell = new PtyShell("$RUN & sleep 2; echo started; read -r line; fg; check $?");
        await shell.Shows("started");
        Assert.DoesNotContain("\e[?1049h", shell.Shown, StringComparison.Ordinal);
        shell.Type("go on\n");
        await shell.Shows("keys .");
        shell.Type("q");
        await shell.Shows("SAME 0");
    }

    [Fact]
    public async Task Another_size_is_seen()
    {
        using var shell = new PtyShell("$RUN; check $?");
        await shell.Shows("size 60x10");
        shell.Resize(100, 30);
        await shell.Shows("size 100x30");
        shell.Type("q");
        await shell.Shows("SAME 0");
    }

    [Fact]
    public async Task A_terminal_that_goes_away_ends_it()
    {
        using var shell = new PtyShell("$RUN");
        await shell.Shows("keys .");
        shell.HangUp();
        await shell.Ends();
    }

    [Fact]
    public async Task Without_a_terminal_there_is_none()
    {
        using var shell = new PtyShell("$RUN </dev/null; check $?; $RUN | cat; check $?");
        await shell.Shows("SAME 3");
        await shell.Shows("no terminal", times: 2);
    }
}
