using Deploy.Output;
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
        : model.Place.Screen == ScreenName.Fleet ? model.Fleet.Keys
        : FleetRows.Made(model).Fleet.Keys; // behind another screen the list stands still, and what its filter asks for may have changed

    /// <summary>What the operator does not see of the hosts that an order means; null for nothing.</summary>
    public static string? Unseen(TuiModel model, IReadOnlyList<string> hosts)
    {
        var list = model.Fleet.List;
        if (model.Place.Screen == ScreenName.Host)
        {
            return null;
        }

        if (model.Place.Screen != ScreenName.Fleet)
        {
            return !list.Marked.IsEmpty ? "these are the hosts that are marked on 1 Fleet" : "these are all hosts of 1 Fleet" + (list.Filter.Length > 0 ? $", filter {list.Filter}" : string.Empty);
        }

        int hidden = list.Filter.Length > 0 ? hosts.Except(model.Fleet.Keys).Count() : 0;
        return hidden > 0 ? $"marked, but hidden by the filter: {CountText.Hosts(hidden)}" : null;
    }

    /// <summary>Those of the marked ones that are there; a mark outlasts the filter that hides its row.</summary>
    public static IReadOnlyList<string> Marked(TuiModel model) => model.Fleet.List.Marked.IsEmpty ? [] : [.. model.Hosts.Names.Where(model.Fleet.List.Marked.Contains)];
}
