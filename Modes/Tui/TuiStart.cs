using Deploy.Tui;
using Deploy.Tui.State;

namespace Deploy.Modes.Tui;

/// <summary>What a dashboard is started with, all told: whose fleet, how it looks, where choices are kept.</summary>
internal sealed record TuiStart
{
    private const int MostFramesPerSecond = 60;
    private const int FramesHere = 20; // tui.md
    private const int FramesOverSsh = 4; // tui.md: each is a packet or more on a line that may be slow

    public required IFleet Fleet { get; init; }

    public required TuiSetup Setup { get; init; }

    /// <summary>The name of a theme.</summary>
    public required string Theme { get; init; }

    /// <summary>Pictures a second, at most.</summary>
    public required int FramesPerSecond { get; init; }

    /// <summary>Where the operator's choices outlast it; null where the environment names no place.</summary>
    public string? StateFile { get; init; }

    /// <summary>The names of the themes, the default first.</summary>
    public static IReadOnlyList<string> Themes { get; } = [.. Deploy.Tui.Screen.Theme.All.Select(theme => theme.Name)];

    /// <summary>Whether the locale's letters are not UTF-8: the first of these that is set decides. // POSIX.1-2017 8.2</summary>
    /// <param name="variable">Reads the environment.</param>
    public static bool IsAscii(Func<string, string?> variable)
    {
        string locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? "C";
        return !locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) && !locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether there is a terminal that can draw: both ways, and one that moves its cursor.</summary>
    /// <param name="terminal">The process's own.</param>
    /// <param name="variable">Reads the environment.</param>
    public static bool CanDraw(Output.Terminal terminal, Func<string, string?> variable) => terminal.InIsTerminal && terminal.OutIsTerminal && variable("TERM") is { } kind && kind != "dumb";

    /// <summary>The theme: the one that is named, none of colours where <c>NO_COLOR</c> is set, else the 16 of the terminal. // no-color.org</summary>
    public static string ThemeOf(string? given, Func<string, string?> variable) => given ?? (variable("NO_COLOR") is null ? Themes[0] : "mono");

    /// <summary>Pictures a second: as given, else few over SSH.</summary>
    public static int FramesOf(int? given, Func<string, string?> variable) => Math.Clamp(given ?? (variable("SSH_CONNECTION") is null ? FramesHere : FramesOverSsh), 1, MostFramesPerSecond);
}
