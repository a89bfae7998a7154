using Deploy.Tui.Keys;

namespace Deploy.Tui.State;

/// <summary>What the keys of lists do, the same on every screen.</summary>
internal static class ListKeys
{
    /// <summary>The list after a key; null where the key is none of a list.</summary>
    /// <param name="list">Before.</param>
    /// <param name="keys">Its rows.</param>
    /// <param name="action">What the key does.</param>
    /// <param name="shown">How many rows are seen.</param>
    public static ListState? Do(ListState list, IReadOnlyList<string> keys, KeyAction action, int shown)
    {
        int place = list.PlaceIn(keys);
        int page = Math.Max(1, shown - 1);
        return action switch
        {
            KeyAction.Up => list.To(keys, place - 1, shown),
            KeyAction.Down => list.To(keys, place + 1, shown),
            KeyAction.PageUp => list.To(keys, place - page, shown),
            KeyAction.PageDown => list.To(keys, place + page, shown),
            KeyAction.First => list.To(keys, 0, shown),
            KeyAction.Last => list.To(keys, keys.Count - 1, shown),
            KeyAction.Mark when keys.Count == 0 => list,
            KeyAction.Mark => (list with { Marked = list.Marked.Contains(keys[place]) ? list.Marked.Remove(keys[place]) : list.Marked.Add(keys[place]) }).To(keys, place + 1, shown),
            KeyAction.MarkAll => list with { Marked = list.Marked.Union(keys) },
            KeyAction.MarkNone => list with { Marked = [] },
            _ => null,
        };
    }
}
