using System.CommandLine;
using Deploy.Modes.Client;

namespace Deploy.Modes.Tui;

/// <summary>The options of <c>deploy tui</c>: where to look, as the client has it, and how it looks.</summary>
internal sealed class TuiOptions
{
    private const int MostFrames = 60;
    private const int LeastDemo = 50, MostDemo = 20_000;

    /// <summary>Those that it shares with the client.</summary>
    public ClientOptions Client { get; } = new();

    public Option<string?> Theme { get; } = OptionKinds.Of<string?>("--theme", "NAME", "ansi, mono or safe (no red and green); ansi, with $NO_COLOR mono", string.Join(", ", TuiStart.Themes), text => TuiStart.Themes.Contains(text) ? text : null);

    public Option<int?> Frames { get; } = OptionKinds.Number("--fps", "N", "pictures a second, at most; 20, over SSH 4", 1, MostFrames);

    public Option<bool> ReadOnly { get; } = new("--read-only") { Description = "nothing can be ordered from it" };

    public Option<bool> Demo { get; } = new("--demo") { Description = "a made-up fleet: nothing is asked, nothing is real" };

    public Option<int?> DemoHosts { get; } = OptionKinds.Number("--demo-hosts", "N", "how many hosts it has; 500", LeastDemo, MostDemo);

    /// <summary>All of them, by what they are about.</summary>
    public IReadOnlyList<HelpGroup> Groups =>
    [
        new("Hosts", [Client.Via, Client.Hosts, Client.Direct, Client.Port, Client.Parallel, Demo, DemoHosts]),
        new("The dashboard", [ReadOnly, Theme, Frames]),
        new("Configuration", [Client.Identity, Client.KnownAgents, Client.Config, Client.Debug]),
    ];
}
