using System.Collections.Immutable;

namespace Deploy.Tui.State;

/// <summary>A list on the screen: where the cursor is, what is marked, filtered and sorted. By the rows' keys, so that rows may come and go.</summary>
internal sealed record ListState
{
    /// <summary>The key of the row under the cursor; null is the first row.</summary>
    public string? At { get; init; }

    /// <summary>The place of that row when it was last seen: where it is gone, the cursor stays there.</summary>
    public int Place { get; init; }

    /// <summary>The first row that is shown.</summary>
    public int Top { get; init; }

    public ImmutableHashSet<string> Marked { get; init; } = [];

    /// <summary>As it was typed; empty for none.</summary>
    public string Filter { get; init; } = string.Empty;

    /// <summary>The name of the column that it is sorted by; null is the list's own order.</summary>
    public string? Sort { get; init; }

    public bool IsDescending { get; init; }

    public bool ProblemsFirst { get; init; }

    /// <summary>Columns that the text is moved to the left.</summary>
    public int Aside { get; init; }

    /// <summary>The place of the cursor among these rows; 0 where there are none.</summary>
    public int PlaceIn(IReadOnlyList<string> keys)
    {
        if (Place < keys.Count && Place >= 0 && (At is null || keys[Place] == At))
        {
            return Place;
        }

        for (int place = 0; At is not null && place < keys.Count; place++)
        {
            if (keys[place] == At)
            {
                return place;
            }
        }

        return Math.Clamp(Place, 0, Math.Max(0, keys.Count - 1));
    }

    /// <summary>The cursor on a place, and as much scrolled as it takes to see it.</summary>
    /// <param name="keys">The rows.</param>
    /// <param name="place">Where; what is outside is the first or last.</param>
    /// <param name="shown">How many rows are seen.</param>
    public ListState To(IReadOnlyList<string> keys, int place, int shown)
    {
        place = Math.Clamp(place, 0, Math.Max(0, keys.Count - 1));
        int top = Math.Clamp(Top, Math.Max(0, place - Math.Max(1, shown) + 1), place);
        return this with { At = place < keys.Count ? keys[place] : null, Place = place, Top = Math.Clamp(top, 0, Math.Max(0, keys.Count - Math.Max(1, shown))) };
    }

    /// <summary>The first row to show, now: the cursor is always seen.</summary>
    public int TopFor(IReadOnlyList<string> keys, int shown) => To(keys, PlaceIn(keys), shown).Top;
}
