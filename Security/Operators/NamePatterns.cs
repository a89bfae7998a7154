using System.IO.Enumeration;

namespace Deploy.Security.Operators;

/// <summary>A list of names with <c>*</c> and <c>?</c>: <c>site,shop-*</c>. Case counts.</summary>
/// <param name="Patterns">Each not empty.</param>
internal sealed record NamePatterns(IReadOnlyList<string> Patterns)
{
    /// <summary>True for a name that one of them fits.</summary>
    public bool Fit(string name) => Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false));

    /// <summary>As it was written.</summary>
    public override string ToString() => string.Join(',', Patterns);
}
