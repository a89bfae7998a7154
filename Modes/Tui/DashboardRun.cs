using Deploy.Output;

namespace Deploy.Modes.Tui;

/// <summary>The dashboard on the real terminal: the one place where its parts are put together.</summary>
internal static class DashboardRun
{
    /// <summary>Until it is left: its exit code, or null where there is no terminal to take.</summary>
    public static Task<int?> RunAsync(TuiStart start, Terminal terminal, TimeProvider time) => Task.FromResult<int?>(null);
}
