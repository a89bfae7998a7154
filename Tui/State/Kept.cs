namespace Deploy.Tui.State;

/// <summary>The operator's choices that outlast the dashboard: the state file.</summary>
internal sealed record Kept
{
    /// <summary>Whose fleet it was: the filters are of that one.</summary>
    public string? Place { get; init; }

    /// <summary>The screen that was in front.</summary>
    public string? Screen { get; init; }

    /// <summary>The filter of each screen that has one.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>The sort of each list, e.g. <c>-skew</c>.</summary>
    public IReadOnlyDictionary<string, string> Sorts { get; init; } = new Dictionary<string, string>();

    /// <summary>Toggles that are on: <c>problems-first</c>, <c>wrap</c>, <c>times</c>.</summary>
    public IReadOnlyList<string> On { get; init; } = [];

    /// <summary>Commands of the palette, newest first; 50 at most.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}
