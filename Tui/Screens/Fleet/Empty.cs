using Deploy.Tui.Screen;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>Why there is no host to see, and what to do.</summary>
internal static class Empty
{
    public static IEnumerable<Line> Lines(TuiModel model, int columns, string filter)
    {
        yield return Line.Empty;
        var (why, next) = model.Hosts.Count > 0 && filter.Length > 0 ? ($"No host of {model.Hosts.Count} is let pass by the filter.", "esc clears it, / changes it.")
            : model.Links.IsEmpty ? ($"Connecting to {model.Setup.Place}.", "q quits.")
            : model.Links.Values.FirstOrDefault(link => link.Trouble is not null) is { } lost ? ($"No connection: {lost.Trouble}", lost.Again is null ? "It is not asked again by itself: q quits." : "It is asked again by itself.")
            : ("No hosts are known there.", "A proxy's hosts stand in [hosts] of its proxy.toml; agents are named by --hosts. r asks again.");
        yield return new LineMaker(columns).Add("   ").Add(why).Make();
        yield return new LineMaker(columns).Add("   ").Add(next, Role.Quiet).Make();
    }
}
