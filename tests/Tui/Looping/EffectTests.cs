using System.Text;
using Deploy.Tests.Fixtures;
using Deploy.Tui.Loop;
using Deploy.Tui.Screen.Real;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Looping;

/// <summary>What is done beside drawing.</summary>
public sealed class EffectTests
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_copy_goes_to_the_terminal_and_says_so()
    {
        using var stage = new DashboardStage();
        var run = await Typed(stage, "y", "said copied the command line");
        Assert.Equal("\e]52;c;" + Convert.ToBase64String("deploy status"u8) + "\a", stage.Terminal.Clipboard);
        await stage.Quit(run);
    }

    [Fact]
    public async Task What_a_host_said_is_copied_without_line_breaks_and_escapes()
    {
        using var stage = new DashboardStage();
        var run = await Typed(stage, "z", "said copied a reason");
        Assert.Equal("\e]52;c;" + Convert.ToBase64String("no\\x0arm -rf x\\x0a\\x1b[201~"u8) + "\a", stage.Terminal.Clipboard);
        await stage.Quit(run);
    }

    [Fact]
    public async Task A_copy_that_is_too_long_says_so()
    {
        using var stage = new DashboardStage();
        var run = await Typed(stage, "Y", "said the log is too long");
        Assert.Null(stage.Terminal.Clipboard);
        await stage.Quit(run);
    }

    [Fact]
    public async Task Exports_are_new_files_of_the_operator_alone()
    {
        using var stage = new DashboardStage();
        string first = Path.Combine(stage.Folder, "deploy-fleet-20261122-140203.txt");
        await File.WriteAllTextAsync(first, "another's");
        File.CreateSymbolicLink(Path.Combine(stage.Folder, "deploy-fleet-20261122-140203-2.txt"), "/nowhere/at/all");
        var run = await Typed(stage, "x", "said written to");
        string third = Path.Combine(stage.Folder, "deploy-fleet-20261122-140203-3.txt");
        Assert.Equal("web-001\\x1b[2J\nweb-002\n", await File.ReadAllTextAsync(third));
        Assert.Equal(OwnFile, File.GetUnixFileMode(third));
        Assert.Equal("another's", await File.ReadAllTextAsync(first));
        await stage.Quit(run);
    }

    [Fact]
    public void An_export_that_cannot_be_written_says_why()
    {
        var said = ExportFile.Write("/proc/no/such", "../x y", "text", DashboardStage.Start);
        Assert.True(said.IsTrouble);
        Assert.StartsWith("cannot export: ", said.Text, StringComparison.Ordinal);
        Assert.Contains("/proc/no/such/---x-y-2026", said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_are_kept_and_read_again()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        stage.Terminal.Type("m");
        await DashboardStage.Until(() => File.Exists(stage.KeepPath), "not kept");
        await stage.Quit(run);
        Assert.Equal(OwnFile, File.GetUnixFileMode(stage.KeepPath));
        Assert.Equal(OwnFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(stage.KeepPath)!));
        Assert.Equal("jobs", KeptFile.Read(stage.KeepPath).Kept.Screen);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(stage.KeepPath)!));
    }

    [Fact]
    public async Task Choices_that_cannot_be_kept_are_told_once()
    {
        using var stage = new DashboardStage();
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "state"), "in the way");
        var run = await Typed(stage, "m", "said the choices are not kept");
        stage.Terminal.Type("y");
        stage.Terminal.Type("m");
        await DashboardStage.Until(() => stage.Terminal.Clipboard is not null, "not copied");
        await stage.Quit(run);
        Assert.Single(stage.Taken.OfType<Deploy.Tui.Message.Said>(), said => said.IsTrouble);
    }

    [Fact]
    public async Task Ctrl_z_gives_the_terminal_away_and_draws_all_anew()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("resumed 0", 3);
        stage.Terminal.Type("\u001a");
        await stage.Shows("resumed 1", 3);
        Assert.Equal(1, stage.Terminal.Suspended);
        stage.Terminal.Happen(new TerminalEvent.AskedToStop());
        await stage.Shows("resumed 2", 3);
        Assert.Equal(2, stage.Terminal.Suspended);
        stage.Terminal.Happen(new TerminalEvent.Continued());
        await stage.Shows("resumed 3", 3);
        stage.Terminal.IsInFront = false;
        stage.Terminal.Happen(new TerminalEvent.Continued());
        await stage.Quit(run);
        Assert.Equal(3, stage.Taken.OfType<Deploy.Tui.Message.Resumed>().Count());
    }

    [Fact]
    public async Task Ctrl_l_draws_all_anew()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        stage.Terminal.Type("\u000c");
        await stage.Shows("keys ^L");
        Assert.StartsWith("\e[m\e[H\e[2J", stage.Terminal.Last, StringComparison.Ordinal);
        await stage.Quit(run);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"screen":7}""")]
    [InlineData("""{"on":"wrap"}""")]
    [InlineData("""{"filters":["x"]}""")]
    public void A_broken_state_file_is_defaults_and_one_line(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["tui.json"], text);
        var (kept, said) = KeptFile.Read(folder["tui.json"]);
        Assert.Null(kept.Screen);
        Assert.Empty(kept.On);
        Assert.Contains("choices of the last time", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_file_that_is_not_there_is_no_trouble_and_one_that_is_too_long_is()
    {
        using var folder = new TempFolder();
        Assert.Null(KeptFile.Read(folder["none/tui.json"]).Said);
        File.WriteAllText(folder["long"], "{" + new string(' ', KeptFile.MostBytes) + "}");
        Assert.Contains("too long", KeptFile.Read(folder["long"]).Said, StringComparison.Ordinal);
        Assert.NotNull(KeptFile.Read(folder.Path).Said);
    }

    [Fact]
    public void What_is_missing_or_null_has_its_default()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["tui.json"], """{"on":[null,"wrap"],"filters":{"fleet":null,"jobs":"x"},"newer":1}""");
        var (kept, said) = KeptFile.Read(folder["tui.json"]);
        Assert.Null(said);
        Assert.Equal(["wrap"], kept.On);
        Assert.Equal("x", Assert.Single(kept.Filters).Value);
        Assert.Empty(kept.Commands);
        Assert.Empty(kept.Sorts);
    }

    [Fact]
    public void All_that_is_kept_comes_back()
    {
        using var folder = new TempFolder();
        var kept = new Kept { Screen = "fleet", Filters = new Dictionary<string, string> { ["fleet"] = "state:failed é" }, Sorts = new Dictionary<string, string> { ["fleet"] = "-skew" }, On = ["wrap"], Commands = ["plan"] };
        Assert.Null(KeptFile.Write(folder["a/tui.json"], kept));
        Assert.Null(KeptFile.Write(folder["a/tui.json"], kept));
        var read = KeptFile.Read(folder["a/tui.json"]).Kept;
        Assert.Equal((kept.Screen, "state:failed é", "-skew", "wrap", "plan"), (read.Screen, read.Filters["fleet"], read.Sorts["fleet"], read.On.Single(), read.Commands.Single()));
        Assert.Contains("\"screen\":", Encoding.UTF8.GetString(File.ReadAllBytes(folder["a/tui.json"])), StringComparison.Ordinal);
    }

    /// <summary>Types a key and waits for the line that is said then.</summary>
    private static async Task<Task<DashboardEnd>> Typed(DashboardStage stage, string key, string said)
    {
        var run = stage.Run();
        await stage.Shows("keys");
        stage.Time.Advance(TimeSpan.FromMilliseconds(50));
        stage.Terminal.Type(key);
        await stage.Shows(said, 2);
        return run;
    }
}
