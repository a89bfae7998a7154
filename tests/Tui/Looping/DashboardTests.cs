using Deploy.Tui;
using Deploy.Tui.Screen.Real;
using Xunit;

namespace Deploy.Tests.Tui.Looping;

/// <summary>The loop: what is taken in, when it is drawn, how it ends.</summary>
public sealed class DashboardTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_key_is_shown_and_q_leaves()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        Assert.IsType<Message.Resized>(stage.Taken[0]);
        Assert.IsType<Effect.ReadHosts>(Assert.Single(stage.Fleet.Asked));
        stage.Time.Advance(Frame);
        stage.Terminal.Type("jk\e[A");
        await stage.Shows("keys jk<up>");
        var end = await stage.Quit(run);
        Assert.Equal(("job 7 goes on", null), (end.Say, end.Signal));
        Assert.Equal(1, stage.Terminal.Restored);
        Assert.True(stage.Fleet.HasEnded);
        Assert.All(stage.Taken, message => Assert.InRange(message.At, DashboardStage.Start, DashboardStage.Start.AddMinutes(1)));
    }

    [Fact]
    public async Task Nothing_is_drawn_while_the_picture_is_the_same()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        int frames = stage.Terminal.Frames;
        for (int minutes = 0; minutes < 10; minutes++)
        {
            stage.Terminal.Happen(new TerminalEvent.Typed(new byte[] { 0 }, stage.Time.GetTimestamp())); // means nothing
            stage.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await stage.Quit(run);
        Assert.Equal(frames, stage.Terminal.Frames);
    }

    [Fact]
    public async Task Keys_are_drawn_twenty_times_a_second_at_most_and_the_last_one_always()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        int frames = stage.Terminal.Frames;
        stage.Terminal.Type("a");
        stage.Terminal.Type("b");
        await DashboardStage.Until(() => Count(stage) == 2, "keys not taken");
        stage.Terminal.Type("c"); // after it nothing of the first two can be on its way
        await DashboardStage.Until(() => Count(stage) == 3, "key not taken");
        Assert.Equal(frames, stage.Terminal.Frames);
        await AdvanceUntil(stage, () => stage.Terminal.Frames == frames + 1);
        await stage.Shows("keys abc");
        await stage.Quit(run);
    }

    [Fact]
    public async Task What_happens_by_itself_is_drawn_as_often_as_the_options_say()
    {
        var gate = new SemaphoreSlim(0);
        var fleet = new FakeFleet
        {
            Run = async (messages, cancellationToken) =>
            {
                while (true)
                {
                    await gate.WaitAsync(cancellationToken);
                    await messages.WriteAsync(new Message.Heard("proxy"), cancellationToken);
                }
            },
        };
        using var stage = new DashboardStage(fleet, framesPerSecond: 4);
        var run = stage.Run();
        await stage.Shows("told 0", 1);
        int frames = stage.Terminal.Frames;
        gate.Release(10);
        await DashboardStage.Until(() => Count<Message.Heard>(stage) == 10, "not told");
        stage.Time.Advance(TimeSpan.FromMilliseconds(200));
        stage.Terminal.Happen(new TerminalEvent.Typed(new byte[] { 0 }, stage.Time.GetTimestamp()));
        Assert.Equal(frames, stage.Terminal.Frames);
        await AdvanceUntil(stage, () => stage.Terminal.Frames == frames + 1);
        await stage.Shows("told 10", 1);
        await stage.Quit(run);
    }

    [Fact]
    public async Task A_key_does_not_wait_for_a_flood_of_events()
    {
        var fleet = new FakeFleet
        {
            Run = async (messages, cancellationToken) =>
            {
                while (true)
                {
                    await messages.WriteAsync(new Message.Heard("proxy"), cancellationToken);
                }
            },
        };
        using var stage = new DashboardStage(fleet);
        var run = stage.Run();
        await DashboardStage.Until(() => Count<Message.Heard>(stage) > 1000, "no flood");
        stage.Terminal.Type("j");
        await DashboardStage.Until(() => Count(stage) == 1, "the key is not taken");
        stage.Time.Advance(Frame);
        await stage.Shows("keys j");
        await stage.Quit(run);
    }

    [Fact]
    public async Task A_fleet_that_tells_more_than_is_taken_in_waits()
    {
        int written = 0;
        using var taking = new ManualResetEventSlim();
        var fleet = new FakeFleet
        {
            Run = (messages, _) =>
            {
                while (written < 100_000 && messages.TryWrite(new Message.Heard("proxy")))
                {
                    written++;
                }

                taking.Set();
                return Task.CompletedTask;
            },
        };
        using var stage = new DashboardStage(fleet) { Holds = () => taking.Wait(TimeSpan.FromSeconds(30)) };
        var run = stage.Run();
        await DashboardStage.Until(() => taking.IsSet, "it is not run");
        Assert.InRange(written, 1, 1000);
        await DashboardStage.Until(() => Count<Message.Heard>(stage) == written, "not all are taken");
        await stage.Quit(run);
    }

    [Fact]
    public async Task A_lone_esc_is_a_key_once_the_gap_is_over()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        stage.Time.Advance(Frame);
        stage.Terminal.Type("\e");
        await AdvanceUntil(stage, () => stage.Terminal.Line(0).Contains("<esc>", StringComparison.Ordinal));
        await stage.Quit(run);
    }

    [Fact]
    public async Task A_sequence_that_was_read_in_time_is_one_though_the_loop_was_busy()
    {
        using var stage = new DashboardStage();
        long stamp = stage.Time.GetTimestamp();
        stage.Terminal.Happen(new TerminalEvent.Typed("\e"u8.ToArray(), stamp));
        stage.Terminal.Happen(new TerminalEvent.Typed("[A"u8.ToArray(), stamp + TimeSpan.TicksPerMillisecond));
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        var run = stage.Run();
        await stage.Shows("keys <up>");
        await stage.Quit(run);
    }

    [Fact]
    public async Task It_is_woken_when_it_asked_to_be_and_not_again()
    {
        using var stage = new DashboardStage(wake: DashboardStage.Start.AddSeconds(30));
        var run = stage.Run();
        await stage.Shows("woken 0", 3);
        await AdvanceUntil(stage, () => Count<Message.Woke>(stage) == 1, TimeSpan.FromSeconds(1));
        Assert.InRange(stage.Time.GetUtcNow(), DashboardStage.Start.AddSeconds(30), DashboardStage.Start.AddSeconds(89));
        await AdvanceUntil(stage, () => Count<Message.Woke>(stage) == 2, TimeSpan.FromSeconds(1));
        stage.Time.Advance(TimeSpan.FromHours(1));
        await stage.Shows("woken 2", 3);
        await stage.Quit(run);
        Assert.Equal(2, Count<Message.Woke>(stage));
    }

    [Fact]
    public async Task Another_size_is_drawn_whole_at_once()
    {
        using var stage = new DashboardStage();
        var run = stage.Run();
        await stage.Shows("keys");
        stage.Terminal.Resize(60, 10);
        await stage.Shows("keys");
        Assert.StartsWith("\e[m\e[H\e[2J", stage.Terminal.Last, StringComparison.Ordinal);
        await stage.Quit(run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    public async Task A_signal_ends_it_and_says_what_becomes_of_jobs(int signal)
    {
        using var stage = new DashboardStage(new FakeFleet { Future = "jobs go on" });
        var run = stage.Run();
        await stage.Shows("keys");
        stage.Terminal.Happen(new TerminalEvent.Ended(signal));
        var end = await run.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(("jobs go on", signal), (end.Say, end.Signal!.Value));
        Assert.Equal(1, stage.Terminal.Restored);
    }

    [Fact]
    public async Task Being_cancelled_ends_it()
    {
        using var stage = new DashboardStage();
        using var stop = new CancellationTokenSource();
        var run = stage.Run(stop.Token);
        await stage.Shows("keys");
        await stop.CancelAsync();
        Assert.Null((await run.WaitAsync(TimeSpan.FromSeconds(30))).Signal);
        Assert.Equal(1, stage.Terminal.Restored);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bug_gives_the_terminal_back_before_it_is_thrown(bool inDrawing)
    {
        using var stage = new DashboardStage { BreaksDrawing = inDrawing };
        var run = stage.Run();
        stage.Terminal.Type("!");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("a bug", error.Message);
        Assert.Equal(1, stage.Terminal.Restored);
        Assert.True(stage.Fleet.HasEnded);
    }

    [Fact]
    public async Task A_fleet_that_throws_ends_it()
    {
        using var stage = new DashboardStage(new FakeFleet { Run = (_, _) => throw new InvalidDataException("a bug of the fleet") });
        await Assert.ThrowsAsync<InvalidDataException>(() => stage.Run().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, stage.Terminal.Restored);
    }

    /// <summary>Moves the clock in steps, each once the loop had time to see the last.</summary>
    private static Task AdvanceUntil(DashboardStage stage, Func<bool> holds, TimeSpan? step = null) => DashboardStage.Until(
        () =>
        {
            if (!holds())
            {
                stage.Time.Advance(step ?? TimeSpan.FromMilliseconds(10));
            }

            return holds();
        },
        "nothing came of the time that passed");

    private static int Count(DashboardStage stage) => Count<Message.Pressed>(stage);

    private static int Count<T>(DashboardStage stage)
    {
        lock (stage.Taken)
        {
            return stage.Taken.OfType<T>().Count();
        }
    }
}
