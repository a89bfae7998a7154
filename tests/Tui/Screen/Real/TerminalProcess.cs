using Deploy.Output;
using Deploy.Processes.Native;
using Deploy.Tests.Tui.Looping;
using Deploy.Tui;
using Deploy.Tui.Keys;
using Deploy.Tui.Loop;
using Deploy.Tui.Screen;
using Deploy.Tui.Screen.Real;

namespace Deploy.Tests.Tui.Screen.Real;

/// <summary>A small dashboard on the terminal that it was started on, as a process of its own: it does to itself what a key says.</summary>
internal static class TerminalProcess
{
    /// <summary>Exit code 3 where there is no terminal; 128 and the signal where one ended it.</summary>
    public static async Task<int> RunAsync()
    {
        using var terminal = RealTerminal.Open(TimeProvider.System);
        if (terminal is null)
        {
            Terminal.Open().WriteError("no terminal"); // System.Console would change the terminal itself
            return 3;
        }

        var parts = new DashboardParts<Small>(new Small(), Update, model => new Picture(model.Columns, model.Rows, [new Line([new Span($"keys {model.Keys}.", Role.Plain)]), new Line([new Span($"size {model.Columns}x{model.Rows} resumed {model.Resumed}.", Role.Plain)])]), _ => null);
        var end = await new Dashboard<Small>(parts, new DashboardOptions { ExportDirectory = "/nonexistent" }, terminal, new FakeFleet(), TimeProvider.System).RunAsync(CancellationToken.None);
        Terminal.Open().WriteHint(end.Say ?? "nothing to say");
        return end.Signal is { } signal ? 128 + signal : 0;
    }

    private static (Small Model, IReadOnlyList<Effect> Effects) Update(Small model, Message message)
    {
        switch (message)
        {
            case Message.Pressed { Key: { Name: KeyName.Rune } key }:
                return (model with { Keys = model.Keys + key }, Do(key.ToString()));
            case Message.Pressed pressed:
                return (model with { Keys = $"{model.Keys}<{pressed.Key}>" }, []);
            case Message.Pasted pasted:
                return (model with { Keys = $"{model.Keys}({pasted.Text})" }, []);
            case Message.Resized size:
                return (model with { Columns = size.Columns, Rows = size.Rows }, []);
            case Message.Resumed:
                return (model with { Resumed = model.Resumed + 1 }, []);
            default:
                return (model, []);
        }
    }

    private static IReadOnlyList<Effect> Do(string key)
    {
        switch (key)
        {
            case "q":
                return [new Effect.Quit("left")];
            case "^Z":
                return [new Effect.Suspend()];
            case "T":
                _ = Libc.kill(Environment.ProcessId, 15);
                break;
            case "I":
                _ = Libc.kill(Environment.ProcessId, 2);
                break;
            case "H":
                _ = Libc.kill(Environment.ProcessId, 1);
                break;
            case "Z":
                _ = Libc.kill(Environment.ProcessId, 20);
                break;
            case "S":
                _ = Libc.kill(Environment.ProcessId, 19);
                break;
            case "C":
                throw new InvalidOperationException("a bug");
            case "U":
                new Thread(() => throw new InvalidOperationException("a bug elsewhere")).Start();
                break;
            case "X":
                Environment.Exit(9);
                break;
        }

        return [];
    }
}
