using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>Which hosts an order means.</summary>
internal static class ChosenHosts
{
    /// <summary>The marked ones, in the order of lists; else the one under the cursor. Empty where there is none.</summary>
    public static IReadOnlyList<string> OfCursor(TuiModel model) => Marked(model) is { Count: > 0 } marked ? marked
        : model.Fleet.Keys is { Count: > 0 } keys ? [keys[model.Fleet.List.PlaceIn(keys)]]
        : [];

    /// <summary>On the page of a host that one; else the marked ones; else all that are shown.</summary>
    public static IReadOnlyList<string> OfPalette(TuiModel model) => model.Place is { Screen: ScreenName.Host, Host: { } host } ? [host]
        : Marked(model) is { Count: > 0 } marked ? marked
        : model.Fleet.Keys;

    /// <summary>Those of the marked ones that are there; a mark outlasts the filter that hides its row.</summary>
    public static IReadOnlyList<string> Marked(TuiModel model) => model.Fleet.List.Marked.IsEmpty ? [] : [.. model.Hosts.Names.Where(model.Fleet.List.Marked.Contains)];
}
