using Deploy.Tests.Fixtures;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Loop;
using Deploy.Tui.Screen;
using Deploy.Tui.State;
using Xunit;

namespace Deploy.Tests.Tui.Looping;

/// <summary>What the small dashboard of these tests knows.</summary>
/// <param name="Keys">Pressed, one behind the other.</param>
/// <param name="Told">Messages of the fleet.</param>
/// <param name="Said">The last line.</param>
/// <param name="Wake">When it wants to be woken.</param>
/// <param name="Woken">How often it was.</param>
internal sealed record Small(string Keys = "", int Told = 0, string Said = "", DateTimeOffset? Wake = null, int Woken = 0, int Columns = 0, int Rows = 0, int Resumed = 0);

/// <summary>A dashboard with a fake terminal, fleet and clock. Keys: <c>q</c> quits, <c>!</c> crashes, others are effects below.</summary>
internal sealed class DashboardStage : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 14, 2, 3, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    public DashboardStage(FakeFleet? fleet = null, int framesPerSecond = 20, DateTimeOffset? wake = null)
    {
        Terminal = new FakeTerminal(Time);
        Fleet = fleet ?? new FakeFleet();
        var parts = new DashboardParts<Small>(new Small(Wake: wake), Update, Draw, model => model.Wake) { FirstEffects = [new Effect.ReadHosts()] };
        var options = new DashboardOptions { FramesPerSecond = framesPerSecond, ExportDirectory = folder.Path, KeepPath = KeepPath };
        Dashboard = new Dashboard<Small>(parts, options, Terminal, Fleet, Time);
    }

    public ManualTime Time { get; } = new(Start);

    public FakeTerminal Terminal { get; }

    public FakeFleet Fleet { get; }

    public Dashboard<Small> Dashboard { get; }

    public string Folder => folder.Path;

    public string KeepPath => Path.Combine(folder.Path, "state", "deploy", "tui.json");

    /// <summary>Draws throw while it is set.</summary>
    public bool BreaksDrawing { get; set; }

    /// <summary>Holds every update up.</summary>
    public Func<bool>? Holds { get; set; }

    /// <summary>All that was taken in, in order.</summary>
    public List<Message> Taken { get; } = [];

    public Task<DashboardEnd> Run(CancellationToken cancellationToken = default) => Task.Run(() => Dashboard.RunAsync(cancellationToken), CancellationToken.None);

    /// <summary>Waits until something holds, 30 s at most; no test waits for a time to pass.</summary>
    public static async Task Until(Func<bool> holds, string what)
    {
        for (long end = Environment.TickCount64 + 30_000; !holds();)
        {
            Assert.True(Environment.TickCount64 < end, what);
            await Task.Delay(2);
        }
    }

    public Task Shows(string text, int row = 0) => Until(() => Terminal.Line(row).Contains(text, StringComparison.Ordinal), $"never shown: {text}; but: {Terminal.Line(row)}");

    /// <summary>Types <c>q</c> and waits for the end.</summary>
    public async Task<DashboardEnd> Quit(Task<DashboardEnd> run)
    {
        Terminal.Type("q");
        return await run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public void Dispose() => folder.Dispose();

    private (Small Model, IReadOnlyList<Effect> Effects) Update(Small model, Message message)
    {
        _ = Holds?.Invoke();
        lock (Taken)
        {
            Taken.Add(message);
        }

        return message switch
        {
            Message.Pressed { Key: { Name: KeyName.Rune } key } => (model with { Keys = model.Keys + key }, key.ToString() switch
            {
                "q" => [new Effect.Quit("job 7 goes on")],
                "!" => throw new InvalidOperationException("a bug"),
                "y" => [new Effect.Copy("deploy status", "the command line")],
                "z" => [new Effect.Copy("no\nrm -rf x\n\e[201~", "a reason")],
                "Y" => [new Effect.Copy(new string('x', 50_000), "the log")],
                "x" => [new Effect.Export("deploy-fleet", "web-001\e[2J\nweb-002")],
                "m" => [new Effect.Remember(new Kept { Screen = "jobs" })],
                "^Z" => [new Effect.Suspend()],
                "^L" => [new Effect.Redraw()],
                _ => [],
            }),
            Message.Pressed { Key: var key } => (model with { Keys = model.Keys + $"<{key}>" }, []),
            Message.Pasted pasted => (model with { Keys = model.Keys + $"({pasted.Text})" }, []),
            Message.Resized size => (model with { Columns = size.Columns, Rows = size.Rows }, []),
            Message.Resumed => (model with { Resumed = model.Resumed + 1 }, []),
            Message.Woke => (model with { Woken = model.Woken + 1, Wake = model.Woken == 0 ? model.Wake + TimeSpan.FromMinutes(1) : null }, []),
            Message.Said said => (model with { Said = said.Text }, []),
            Message.Heard => (model with { Told = model.Told + 1 }, []),
            _ => (model, []),
        };
    }

    private Picture Draw(Small model) => BreaksDrawing ? throw new InvalidOperationException("a bug") : new Picture(model.Columns, model.Rows,
    [
        Of($"keys {model.Keys}"), Of($"told {model.Told}"), Of($"said {model.Said}"), Of($"woken {model.Woken} resumed {model.Resumed}"),
    ]);

    private static Line Of(string text) => new([new Span(text, Role.Plain)]);
}
