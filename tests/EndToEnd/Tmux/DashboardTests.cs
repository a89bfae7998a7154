using System.Globalization;
using Deploy.Processes.Native;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Tmux;

/// <summary>The published dashboard on the made-up fleet, in a real terminal: what it shows, and that it leaves the terminal as it was however it ends.</summary>
[Trait("Category", "EndToEnd")]
public sealed class DashboardTests : IAsyncLifetime, IDisposable
{
    private const int SigHup = 1; // signal(7)
    private const string Before = "this was here before";

    private readonly TempFolder folder = new();
    private TmuxScreen screen = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (screen is not null)
        {
            await screen.DisposeAsync();
        }
    }

    public void Dispose() => folder.Dispose();

    [TmuxFact("tui")]
    public async Task It_starts_with_the_fleet_filters_while_one_types_and_esc_takes_the_filter_away()
    {
        await StartAsync();
        await screen.TypeAsync("/web-0");
        await screen.SeesAsync("web-001");
        await screen.PressAsync("Escape");
        await screen.SeesAsync("cache-003"); // a key at the heels of esc would be one key with it, as Alt sends it
        await screen.TypeAsync("/state:down");
        string down = await screen.SeesAsync(text => text.Contains("cache-001", StringComparison.Ordinal) && !text.Contains("cache-003", StringComparison.Ordinal), "the hosts that are down alone");
        Assert.Contains("state:down", down, StringComparison.Ordinal);
        await screen.PressAsync("Enter");
        await screen.SeesAsync("cache-001");
        await screen.PressAsync("Escape");
        await screen.SeesAsync("cache-003");
        Assert.True(await screen.IsAlternateAsync());
    }

    [TmuxFact("tui")]
    public async Task It_follows_the_size_of_the_terminal()
    {
        await StartAsync();
        foreach (var (columns, rows) in new[] { (120, 40), (200, 60), (60, 15), (20, 5), (80, 24) })
        {
            await screen.ResizeAsync(columns, rows);
            string text = await screen.SeesAsync(
                text => rows < 15 || (text.Contains("Fleet", StringComparison.Ordinal) && text.Split('\n').Count(line => line.Contains("3.5.0", StringComparison.Ordinal)) > rows / 3),
                string.Create(CultureInfo.InvariantCulture, $"a fleet that fills {columns}x{rows}"));
            Assert.All(text.Split('\n'), line => Assert.True(line.EnumerateRunes().Count() <= columns, line));
        }
    }

    [TmuxFact("tui")]
    public async Task The_help_lists_the_keys_and_screens_have_numbers()
    {
        await StartAsync();
        await screen.TypeAsync("?");
        await screen.SeesAsync(text => text.Contains("mark", StringComparison.Ordinal) && text.Contains("space", StringComparison.Ordinal), "the help");
        await screen.PressAsync("Escape");
        await screen.SeesAsync("cache-003");
        foreach (var (key, text) in new[] { ("2", "rsync static"), ("5", "cancelled"), ("6", "carol@laptop"), ("1", "cache-003") })
        {
            await screen.TypeAsync(key);
            await screen.SeesAsync(text);
        }
    }

    [TmuxFact("tui")]
    public Task Q_leaves_the_terminal_as_it_was() => LeavesAsync(() => screen.TypeAsync("q"), "0");

    [TmuxFact("tui")]
    public Task Ctrl_C_leaves_the_terminal_as_it_was() => LeavesAsync(() => screen.PressAsync("C-c"), "0");

    [TmuxFact("tui")]
    public Task TERM_leaves_the_terminal_as_it_was() => LeavesAsync(() => SignalAsync(Libc.SIGTERM), null);

    [TmuxFact("tui")]
    public Task HUP_leaves_the_terminal_as_it_was() => LeavesAsync(() => SignalAsync(SigHup), null);

    [TmuxFact("tui")]
    public async Task A_kill_leaves_no_process_and_a_terminal_that_reset_mends()
    {
        await StartAsync();
        await SignalAsync(Libc.SIGKILL);
        int shell = await screen.ShellAsync();
        await Eventually.TrueAsync(() => ProcFacts.ChildrenOf(shell).Count == 0);
        await screen.RunAsync("reset");
        await screen.AnswersAsync("echo o''k", "ok");
    }

    [TmuxFact("tui")]
    public async Task Ctrl_Z_gives_the_terminal_back_and_fg_takes_it_again()
    {
        screen = await TmuxScreen.StartAsync(folder.Path);
        string before = await screen.SttyAsync();
        await screen.AnswersAsync($"echo {Before}", Before);
        await RunAsync();
        await screen.PressAsync("C-z");
        await screen.SeesAsync("Stopped");
        Assert.Contains(Before, await screen.TextAsync(), StringComparison.Ordinal);
        Assert.False(await screen.IsAlternateAsync());
        Assert.Equal(before, await screen.SttyAsync());
        await screen.RunAsync("fg");
        await screen.SeesAsync(text => text.Contains("cache-003", StringComparison.Ordinal) && !text.Contains("Stopped", StringComparison.Ordinal), "the fleet again");
        Assert.True(await screen.IsAlternateAsync());
        await screen.TypeAsync("q");
        await screen.SeesAsync("the demo has ended");
        await screen.AnswersAsync("echo o''k", "ok");
        Assert.Equal(before, await screen.SttyAsync());
    }

    [TmuxFact("tui")]
    public async Task A_dumb_terminal_gets_a_plain_table()
    {
        screen = await TmuxScreen.StartAsync(folder.Path, environment: new Dictionary<string, string> { ["TERM"] = "dumb" });
        await screen.RunAsync($"{PublishedBinary.Path} tui --demo; echo \"exit=$?\"");
        await screen.SeesAsync("exit=0");
        string all = await screen.HistoryAsync();
        Assert.Contains("cache-001", all, StringComparison.Ordinal);
        Assert.Contains("web-200", all, StringComparison.Ordinal);
        Assert.False(await screen.IsAlternateAsync());
    }

    [Fact]
    public async Task A_pipe_gets_a_plain_table()
    {
        if (new TmuxFactAttribute("tui").Skip is not null)
        {
            return; // there is no such mode yet
        }

        var run = await ProgramRun.RunAsync(["tui", "--demo"], new Dictionary<string, string?> { ["HOME"] = folder.Path, ["TERM"] = "xterm" });
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(run.Lines, line => line.Contains("web-001", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("down", StringComparison.Ordinal));
        Assert.DoesNotContain('\e', run.Out);
    }

    /// <summary>Starts a shell, and the dashboard in it.</summary>
    private async Task StartAsync()
    {
        screen = await TmuxScreen.StartAsync(folder.Path);
        await RunAsync();
    }

    private async Task RunAsync()
    {
        await screen.RunAsync($"{PublishedBinary.Path} tui --demo");
        await screen.SeesAsync(text => text.Contains("Fleet", StringComparison.Ordinal) && text.Contains("cache-003", StringComparison.Ordinal), "the fleet");
    }

    /// <summary>Everything is as before: the settings of the terminal, byte for byte; what was on the screen; the prompt, into which can be typed.</summary>
    private async Task LeavesAsync(Func<Task> leave, string? exitCode)
    {
        screen = await TmuxScreen.StartAsync(folder.Path);
        string before = await screen.SttyAsync();
        await screen.AnswersAsync($"echo {Before}", Before);
        int shell = await screen.ShellAsync();
        await RunAsync();
        Assert.NotEqual(before, await OfTerminalAsync(shell));
        await leave();
        await Eventually.TrueAsync(() => ProcFacts.ChildrenOf(shell).Count == 0);
        await screen.SeesAsync(text => text.Contains(Before, StringComparison.Ordinal) && text.TrimEnd('\n').EndsWith(TmuxScreen.Prompt, StringComparison.Ordinal), "what was there before, and the prompt");
        Assert.False(await screen.IsAlternateAsync());
        if (exitCode is not null)
        {
            await screen.AnswersAsync("echo \"exit=$?\"", $"exit={exitCode}");
        }

        await screen.AnswersAsync("echo o''k", "ok");
        Assert.Equal(before, await screen.SttyAsync());
    }

    /// <summary>The settings while the dashboard has the terminal, asked from outside.</summary>
    private static async Task<string> OfTerminalAsync(int shell)
    {
        string terminal = File.ResolveLinkTarget($"/proc/{shell}/fd/0", returnFinalTarget: false)!.FullName;
        using var stty = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/stty", ["-a", "-F", terminal]) { RedirectStandardOutput = true })!;
        string text = await stty.StandardOutput.ReadToEndAsync().WaitAsync(ProgramRun.Limit);
        await stty.WaitForExitAsync().WaitAsync(ProgramRun.Limit);
        return text;
    }

    private async Task SignalAsync(int signal)
    {
        int shell = await screen.ShellAsync();
        Assert.Equal(0, Libc.kill(Assert.Single(ProcFacts.ChildrenOf(shell)), signal));
    }
}
