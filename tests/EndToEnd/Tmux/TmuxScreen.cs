using System.Diagnostics;
using System.Globalization;
using System.Text;
using Deploy.Tests.EndToEnd.Harness;
using Xunit;

namespace Deploy.Tests.EndToEnd.Tmux;

/// <summary>A shell in a real terminal of a known size: tmux with a server of its own, whose socket is in the test's folder, and no configuration. Killed with all that runs in it at the end.</summary>
internal sealed class TmuxScreen : IAsyncDisposable
{
    /// <summary>What the shell prints when it waits for a command.</summary>
    public const string Prompt = "test$";

    private const string Tmux = "/usr/bin/tmux";
    private const string Target = "test:0.0";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string socket;
    private readonly string folder;

    private TmuxScreen(string folder) => (this.folder, socket) = (folder, Path.Combine(folder, "tmux"));

    /// <summary>Starts a shell in an empty screen, and waits for its prompt.</summary>
    /// <param name="folder">The test's: socket, home and working directory.</param>
    /// <param name="columns">The terminal's.</param>
    /// <param name="rows">The terminal's.</param>
    /// <param name="environment">Set over what every shell here has.</param>
    public static async Task<TmuxScreen> StartAsync(string folder, int columns = 80, int rows = 24, IReadOnlyDictionary<string, string>? environment = null)
    {
        var screen = new TmuxScreen(folder);
        string[] size = ["-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture)];
        string[] set = [.. (environment ?? new Dictionary<string, string>()).Select(one => $"{one.Key}={one.Value}")];
        string home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        try
        {
            // A login shell's files are not read, and the prompt is one that nothing else prints.
            await screen.TmuxAsync(["new-session", "-d", "-s", "test", .. size, "env", "-i", $"PATH={Environment.GetEnvironmentVariable("PATH")}", $"HOME={home}", "LANG=C.UTF-8", "TERM=tmux-256color",
                $"PS1={Prompt} ", .. set, "/bin/bash", "--norc", "--noprofile", "-i"]);
            await screen.SeesAsync(Prompt);
            return screen;
        }
        catch
        {
            await screen.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is on the screen: a line a row, without blanks at the end.</summary>
    public Task<string> TextAsync() => TmuxAsync(["capture-pane", "-p", "-t", Target]);

    /// <summary>The same with what has gone off the screen at the top.</summary>
    public Task<string> HistoryAsync() => TmuxAsync(["capture-pane", "-p", "-S", "-", "-t", Target]);

    /// <summary>Types text as it is.</summary>
    public Task TypeAsync(string text) => TmuxAsync(["send-keys", "-t", Target, "-l", "--", text]);

    /// <summary>Presses keys by tmux's names: <c>Enter</c>, <c>Escape</c>, <c>C-c</c>, <c>Down</c>.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", "-t", Target, .. keys]);

    /// <summary>Types a command and Enter.</summary>
    public async Task RunAsync(string command)
    {
        await TypeAsync(command);
        await PressAsync("Enter");
    }

    /// <summary>Makes the terminal another size.</summary>
    public async Task ResizeAsync(int columns, int rows) =>
        await TmuxAsync(["resize-window", "-t", "test:0", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>The pid of the shell.</summary>
    public async Task<int> ShellAsync() => int.Parse(await TmuxAsync(["display-message", "-p", "-t", Target, "#{pane_pid}"]), CultureInfo.InvariantCulture);

    /// <summary>Whether a program has the screen of its own that full-screen programs ask for.</summary>
    public async Task<bool> IsAlternateAsync() => (await TmuxAsync(["display-message", "-p", "-t", Target, "#{alternate_on}"])).Trim() == "1";

    /// <summary>Waits until the screen has a text; fails with the screen that is there.</summary>
    public Task<string> SeesAsync(string text) => SeesAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"the text '{text}'");

    /// <summary>Waits until the screen is as asked for, within <see cref="Eventually.Limit"/>; fails with the screen that is there.</summary>
    /// <param name="isRight">Asked of the screen's text.</param>
    /// <param name="what">What is waited for, for the failure.</param>
    public async Task<string> SeesAsync(Func<string, bool> isRight, string what)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            string text = await TextAsync();
            if (isRight(text))
            {
                return text;
            }

            if (watch.Elapsed > Eventually.Limit)
            {
                Assert.Fail($"not within {Eventually.Limit.TotalSeconds} s on the screen: {what}\n{text}");
            }

            await Task.Delay(Interval);
        }
    }

    /// <summary>Waits until a command's own line of output is there, at the end of what is typed and a prompt behind it: the shell is in front again.</summary>
    /// <param name="command">Prints something.</param>
    /// <param name="marks">What it prints; never part of the command as typed.</param>
    public async Task<string> AnswersAsync(string command, string marks)
    {
        await SeesAsync(text => text.TrimEnd('\n').EndsWith(Prompt, StringComparison.Ordinal), "the prompt"); // what is typed before is the program's that leaves
        await RunAsync(command);
        return await SeesAsync(text => text.Split('\n').Contains(marks) && text.TrimEnd('\n').EndsWith(Prompt, StringComparison.Ordinal), $"a line '{marks}' and the prompt, after: {command}");
    }

    /// <summary>The settings of the terminal, as stty(1) says them for stty.</summary>
    public async Task<string> SttyAsync()
    {
        string path = Path.Combine(folder, $"stty-{Guid.NewGuid():N}");
        await RunAsync($"stty -a >{path}.new; mv {path}.new {path}");
        await Eventually.TrueAsync(() => File.Exists(path));
        await SeesAsync(text => text.TrimEnd('\n').EndsWith(Prompt, StringComparison.Ordinal), "the prompt");
        return await File.ReadAllTextAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        int pid = int.TryParse((await TmuxAsync(["display-message", "-p", "#{pid}"], mayFail: true)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int server) ? server : 0;
        // The shell and what it started are told by SIGHUP, and may write their state still: the folder goes after them.
        List<int> all = pid == 0 ? [] : [pid];
        for (int at = 0; at < all.Count; at++)
        {
            all.AddRange(ProcFacts.ChildrenOf(all[at]));
        }

        await TmuxAsync(["kill-server"], mayFail: true);
        await Eventually.TrueAsync(() => !all.Exists(ProcFacts.IsLive));
    }

    /// <summary>Runs tmux to its end; what it says.</summary>
    private async Task<string> TmuxAsync(IReadOnlyList<string> words, bool mayFail = false)
    {
        var start = new ProcessStartInfo(Tmux) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder, StandardOutputEncoding = Encoding.UTF8 };
        foreach (string word in (string[])["-S", socket, "-f", "/dev/null", .. words])
        {
            start.ArgumentList.Add(word);
        }

        foreach (string name in new[] { "TMUX", "TMUX_PANE", "DEPLOY_BINARY", "NO_COLOR" })
        {
            start.Environment.Remove(name);
        }

        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(ProgramRun.Limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            Assert.Fail($"tmux {string.Join(' ', words)} did not end within {ProgramRun.Limit.TotalSeconds} s");
        }

        Assert.True(mayFail || process.ExitCode == 0, $"tmux {string.Join(' ', words)}: {await error}");
        return await output;
    }
}
