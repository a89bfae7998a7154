namespace Deploy.Tui.Overlays;

/// <summary>Goes on with what is typed.</summary>
internal static class Completion
{
    /// <summary>As far as all that begin so agree; null where none does.</summary>
    public static string? Of(string typed, IEnumerable<string> all)
    {
        string? longest = null;
        foreach (string one in all)
        {
            if (one.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            {
                longest = longest is null ? one : longest[..longest.AsSpan().CommonPrefixLength(one)];
            }
        }

        return longest is { } found && found.Length >= typed.Length ? found : null;
    }
}
