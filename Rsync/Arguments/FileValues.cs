namespace Deploy.Rsync.Arguments;

/// <summary>
/// Files that a group's options name by a relative path: rsync was always started in <c>/</c>, and now starts in its target, where the origin puts what it likes. They go on to mean what they meant.
/// Directories like <c>--backup-dir</c> are relative to the target on purpose, and stay.
/// </summary>
internal static class FileValues
{
    private static readonly HashSet<string> Files = new(StringComparer.Ordinal)
    {
        "exclude-from", "include-from", "files-from", "password-file", "early-input", "log-file", "read-batch", "write-batch", "only-write-batch", "config",
    };

    /// <summary>The same words, with these paths from <c>/</c> on.</summary>
    public static IReadOnlyList<string> FromRoot(IReadOnlyList<string> words)
    {
        string[] rooted = [.. words];
        foreach (var option in OptionValue.All(words))
        {
            if (option.Value is { } value && Rooted(option.Name, value) is { } path && path != value)
            {
                rooted[option.ValueIndex] = rooted[option.ValueIndex][..^value.Length] + path;
            }
        }

        return rooted;
    }

    /// <summary>
    /// The path of a rule that takes in a file, <c>merge FILE</c> or <c>. FILE</c> with modifiers, '/' among them (rsync.1, MERGE-FILE FILTER RULES); empty where it names none, as <c>.C</c>, which takes
    /// <c>.cvsignore</c>; null for any other rule.
    /// </summary>
    public static string? MergedFile(string rule)
    {
        int prefix = rule.StartsWith("merge", StringComparison.Ordinal) ? "merge".Length : rule.StartsWith('.') ? 1 : 0;
        int blank = prefix == 0 ? -1 : rule.AsSpan(prefix).IndexOfAny(' ', '_');
        return prefix == 0 ? null : blank < 0 ? string.Empty : rule[(prefix + blank + 1)..];
    }

    private static string? Rooted(string name, string value) => name switch
    {
        "filter" or "f" => MergedFile(value) is { Length: > 0 } file ? value[..^file.Length] + FromRoot(file) : null,
        "files-from" when value.Contains(':', StringComparison.Ordinal) => null, // a file of another host
        _ => Files.Contains(name) ? FromRoot(value) : null,
    };

    private static string FromRoot(string path) => path.Length == 0 || path == "-" || path.StartsWith('/') ? path : "/" + path;
}
