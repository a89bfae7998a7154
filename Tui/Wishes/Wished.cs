namespace Deploy.Tui.Wishes;

/// <summary>A wish, and what the operator should know before it is handed in.</summary>
/// <param name="Wish">What is wished; null where nothing can be.</param>
/// <param name="Trouble">Why nothing can be wished, in a few words; null where something can.</param>
/// <param name="Warnings">A line each.</param>
/// <param name="IsAboveGuard">Whether some host deletes far more than was meant: then the number of hosts is typed, however few they are.</param>
internal sealed record Wished(JobWish? Wish, string? Trouble, IReadOnlyList<string> Warnings, bool IsAboveGuard = false)
{
    /// <summary>Nothing can be wished.</summary>
    public static Wished None(string trouble) => new(null, trouble, []);
}
