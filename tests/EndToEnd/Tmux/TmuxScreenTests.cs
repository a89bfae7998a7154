using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Tmux;

/// <summary>The harness itself: a shell in a terminal that can be typed into, looked at and resized.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TmuxScreenTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private TmuxScreen? screen;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (screen is not null)
        {
            await screen.DisposeAsync();
        }
    }

    public void Dispose() => folder.Dispose();

    [TmuxFact]
    public async Task A_command_that_is_typed_shows_what_it_prints()
    {
        screen = await TmuxScreen.StartAsync(folder.Path);
        await screen.RunAsync($"{PublishedBinary.Path} --version");
        await screen.SeesAsync((await ProgramRun.RunAsync(["--version"])).Lines[0]);
        Assert.False(await screen.IsAlternateAsync());
    }

    [TmuxFact]
    public async Task It_has_the_size_that_is_asked_for_and_tells_a_new_one()
    {
        screen = await TmuxScreen.StartAsync(folder.Path, 100, 30);
        await screen.AnswersAsync("stty size", "30 100");
        await screen.ResizeAsync(60, 15);
        await screen.AnswersAsync("stty size", "15 60");
        string before = await screen.SttyAsync();
        await screen.RunAsync("stty -echo -icanon; stty sane");
        Assert.Contains("rows 15; columns 60;", before, StringComparison.Ordinal);
    }

    [TmuxFact]
    public async Task Keys_have_names_and_a_job_can_be_stopped_and_fetched_back()
    {
        screen = await TmuxScreen.StartAsync(folder.Path);
        await screen.RunAsync("cat");
        int shell = await screen.ShellAsync();
        await Eventually.TrueAsync(() => ProcFacts.ChildrenOf(shell).Count == 1); // what is typed before is the shell's
        await screen.RunAsync("one");
        await screen.SeesAsync(text => text.Split('\n').Count(line => line == "one") == 2, "the line and its copy");
        await screen.PressAsync("C-z");
        await screen.SeesAsync("Stopped");
        await screen.RunAsync("fg");
        await screen.SeesAsync(text => text.TrimEnd('\n').EndsWith("fg\ncat", StringComparison.Ordinal), "cat in front again");
        await screen.RunAsync("two");
        await screen.SeesAsync(text => text.Split('\n').Count(line => line == "two") == 2, "the line and its copy");
        await screen.PressAsync("C-c");
        await screen.AnswersAsync("echo o''k", "ok");
    }
}
