using Deploy.Model;
using Deploy.Output;
using Deploy.Tui.Loop;
using Deploy.Tui.Screen;
using Deploy.Tui.Screen.Real;
using Deploy.Tui.State;
using Deploy.Tui.Views;

namespace Deploy.Modes.Tui;

/// <summary>The dashboard on the real terminal: the one place where its parts are put together.</summary>
internal static class DashboardRun
{
    private const int SignalExit = 128; // and the signal, as shells have it

    private static readonly TimeSpan SayTime = TimeSpan.FromSeconds(1);

    /// <summary>Until it is left: its exit code, or null where there is no terminal to take.</summary>
    /// <param name="start">What it is started with.</param>
    /// <param name="terminal">Says what there is to say once the terminal is given back.</param>
    /// <param name="time">The clock.</param>
    public static async Task<int?> RunAsync(TuiStart start, Terminal terminal, TimeProvider time)
    {
        var (kept, trouble) = start.StateFile is { } path ? KeptFile.Read(path) : (new Kept(), null);
        var (model, effects) = Updating.Start(start.Setup with { Kept = kept });
        model = trouble is null ? model : model with { Notice = new Notice(trouble, IsTrouble: true) };
        var parts = new DashboardParts<TuiModel>(model, Update, Views.Draw, one => one.Wake) { FirstEffects = effects };
        var options = new DashboardOptions
        {
            FramesPerSecond = start.FramesPerSecond,
            Theme = Theme.Find(start.Theme)!,
            IsAscii = start.Setup.IsAscii,
            ExportDirectory = ".",
            KeepPath = start.StateFile,
        };
        DashboardEnd end;
        using (var screen = RealTerminal.Open(time))
        {
            if (screen is null)
            {
                return null;
            }

            end = await new Dashboard<TuiModel>(parts, options, screen, start.Fleet, time).RunAsync(CancellationToken.None).ConfigureAwait(false);
        }

        if (end.Say is { } say)
        {
            await SayAsync(terminal, say, time).ConfigureAwait(false);
        }

        return end.Signal is { } signal ? SignalExit + signal : ExitCodes.Ok;
    }

    /// <summary>A terminal that takes nothing, and was left for that, must not hold the process for this line.</summary>
    private static async Task SayAsync(Terminal terminal, string line, TimeProvider time)
    {
        try
        {
            await Task.Run(() => terminal.Error.WriteLine(line)).WaitAsync(SayTime, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It is in nobody's sight.
        }
    }

    private static (TuiModel Model, IReadOnlyList<Deploy.Tui.Effect> Effects) Update(TuiModel model, Deploy.Tui.Message message)
    {
        var step = Updating.Update(model, message);
        return (step.Model, step.Effects);
    }
}
