using Deploy.Model.Text;

namespace Deploy.Config.Toml;

/// <summary>The mistakes of one file, as they are found.</summary>
internal sealed class TomlErrors(string file)
{
    /// <summary>How much of a key or a word is quoted, UTF-16 units. Strings are never quoted: they may be secrets.</summary>
    private const int QuotedUnits = 40;

    private readonly List<ConfigError> told = [];
    private int count;

    /// <summary>What <see cref="TomlDocument.Errors"/> says.</summary>
    public IReadOnlyList<ConfigError> InOrder()
    {
        // A list that never closes is found at its end and stands at its beginning.
        var ordered = told.OrderBy(error => error.Position.Line).ThenBy(error => error.Position.Column).ToList();
        if (count > told.Count)
        {
            ordered.Add(new ConfigError(Position.Whole(file), $"{count - told.Count} more errors like these; is this a TOML file?"));
        }

        return ordered;
    }

    public void Add(Position position, string what)
    {
        count++;
        if (told.Count < TomlReader.MaxErrors)
        {
            told.Add(new ConfigError(position, what));
        }
    }

    /// <summary>A key or a table's name as messages show it: safe to print, not too long.</summary>
    public static string Shown(string name) => SafeText.Of(name, QuotedUnits);

    /// <summary>The first parts of a key, with dots.</summary>
    public static string Shown(IReadOnlyList<Positioned<string>> key, int parts) => Shown(string.Join('.', key.Take(parts).Select(part => part.Value)));
}
