using Deploy.Tui.Screen;

namespace Deploy.Tui.Loop;

/// <summary>How a dashboard is shown, and where it writes.</summary>
internal sealed record DashboardOptions
{
    /// <summary>Frames a second at most for what happens by itself on a terminal of this host.</summary>
    public const int LocalFrames = 20;

    /// <summary>The same over SSH.</summary>
    public const int RemoteFrames = 4;

    /// <summary>Frames a second at most for what happens by itself; what a key does is shown at once, at most 20 times a second.</summary>
    public int FramesPerSecond { get; init; } = LocalFrames;

    public Theme Theme { get; init; } = Theme.Ansi;

    /// <summary>Whether the terminal shows ASCII alone.</summary>
    public bool IsAscii { get; init; }

    /// <summary>Where exports are written.</summary>
    public required string ExportDirectory { get; init; }

    /// <summary>The file of <see cref="State.Kept"/>; null keeps nothing.</summary>
    public string? KeepPath { get; init; }
}
