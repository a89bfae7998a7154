namespace Deploy.Config.Ini;

/// <summary>A file in the original's INI dialect, as values with their positions; made by <see cref="IniReader"/>.</summary>
internal sealed class IniDocument
{
    /// <summary>The section of keys that stand before any <c>[section]</c>. // original: its INI reader</summary>
    public const string NoSection = "list";

    private readonly Dictionary<string, IniSection> byName;

    internal IniDocument(string file, IReadOnlyList<IniSection> sections)
    {
        File = file;
        Sections = sections;
        byName = sections.ToDictionary(section => section.Name, StringComparer.Ordinal);
    }

    /// <summary>The path as it was given.</summary>
    public string File { get; }

    /// <summary>All sections in the order in which they first appear; equal ones are merged.</summary>
    public IReadOnlyList<IniSection> Sections { get; }

    /// <summary>The section of exactly this name, or null.</summary>
    public IniSection? Section(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One section: all entries of that name in the file, in order.</summary>
internal sealed class IniSection
{
    private readonly Dictionary<string, List<IniEntry>> byKey = new(StringComparer.Ordinal);
    private readonly List<IniEntry> entries = [];

    internal IniSection(string name, Position position)
    {
        Name = name;
        Position = position;
    }

    public string Name { get; }

    /// <summary>Of the name in its first header, or of the first key that stands before any section.</summary>
    public Position Position { get; }

    public IReadOnlyList<IniEntry> Entries => entries;

    /// <summary>Every key of the section once, in order of first appearance.</summary>
    public IEnumerable<string> Keys => byKey.Keys;

    /// <summary>The entries of this key, in order; empty when there is none. Of scalars the last one wins.</summary>
    public IReadOnlyList<IniEntry> Of(string key) => byKey.TryGetValue(key, out var found) ? found : [];

    internal void Add(IniEntry entry)
    {
        entries.Add(entry);
        if (byKey.TryGetValue(entry.Key.Value, out var found))
        {
            found.Add(entry);
        }
        else
        {
            byKey.Add(entry.Key.Value, [entry]);
        }
    }
}

/// <summary>One line <c>key = value</c> or <c>key[] = value</c>.</summary>
/// <param name="Key">Without its <c>[]</c>.</param>
/// <param name="IsList">Whether it had <c>[]</c>.</param>
/// <param name="Value">Trimmed, quotes kept, possibly empty; the position of an empty one is where it would begin.</param>
internal sealed record IniEntry(Positioned<string> Key, bool IsList, Positioned<string> Value);

/// <summary>What reading a file came to.</summary>
internal abstract record IniResult
{
    private IniResult()
    {
    }

    internal sealed record Read(IniDocument Document) : IniResult;

    /// <summary>Every error of the file, in order; at most <see cref="IniReader.MaxErrors"/> and one that says how many more.</summary>
    internal sealed record Failed(IReadOnlyList<ConfigError> Errors) : IniResult;
}
