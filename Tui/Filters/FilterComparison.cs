namespace Deploy.Tui.Filters;

/// <summary>The sign in front of a value.</summary>
internal enum FilterComparison
{
    /// <summary>No sign: the field says what it means.</summary>
    None,
    Equal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// <summary>What the signs mean, and how they are written.</summary>
internal static class FilterComparisons
{
    /// <summary>Whether it holds, by an order of what is there and what is wanted.</summary>
    public static bool Holds(this FilterComparison comparison, int order) => comparison switch
    {
        FilterComparison.Less => order < 0,
        FilterComparison.AtMost => order <= 0,
        FilterComparison.More => order > 0,
        FilterComparison.AtLeast => order >= 0,
        _ => order == 0,
    };

    /// <summary>As it is typed; empty for none.</summary>
    public static string Sign(this FilterComparison comparison) => comparison switch
    {
        FilterComparison.Equal => "=",
        FilterComparison.Less => "<",
        FilterComparison.AtMost => "<=",
        FilterComparison.More => ">",
        FilterComparison.AtLeast => ">=",
        _ => string.Empty,
    };

    /// <summary>The sign that a text starts with; <see cref="FilterComparison.None"/> where it starts with none.</summary>
    public static FilterComparison At(ReadOnlySpan<char> text) => text switch
    {
        ['<', '=', ..] => FilterComparison.AtMost,
        ['>', '=', ..] => FilterComparison.AtLeast,
        ['<', ..] => FilterComparison.Less,
        ['>', ..] => FilterComparison.More,
        ['=', ..] => FilterComparison.Equal,
        _ => FilterComparison.None,
    };
}
