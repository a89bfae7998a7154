using Deploy.Model.Jobs;
using Deploy.Tui.State;

namespace Deploy.Tui.Screens.Fleet;

/// <summary>The state of this screen.</summary>
internal sealed record FleetPane
{
    public ListState List { get; init; } = new();

    /// <summary>The hosts that are shown, filtered and sorted: made anew as rarely as does no harm, for of 10,000 hosts it takes a few milliseconds.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>When they were made; null before.</summary>
    public DateTimeOffset? Made { get; init; }

    /// <summary>The names that they were made of, and the groups: other ones make widths anew.</summary>
    public IReadOnlyList<string>? Of { get; init; }

    public IReadOnlyList<GroupFacts>? Groups { get; init; }

    /// <summary>Columns of the longest name, and of the longest group.</summary>
    public (int Host, int Group) Widths { get; init; } = (HostColumns.LeastHost, HostColumns.LeastGroup);
}
