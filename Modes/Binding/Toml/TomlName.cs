using System.Text;

namespace Deploy.Modes.Binding.Toml;

/// <summary>Names of keys with their tables, as they stand in a TOML file: <c>sync.site.origin</c>, <c>hosts."web-[01-20]".port</c>.</summary>
internal static class TomlName
{
    /// <summary>The name of a key in a table; in quotes where it has other characters than a bare key may have.</summary>
    /// <param name="table">The table's name; empty for the file itself.</param>
    /// <param name="key">The key, as it reads without quotes.</param>
    public static string Join(string table, string key)
    {
        bool isBare = key.Length > 0 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        string written = isBare ? key : Quote(key);
        return table.Length == 0 ? written : $"{table}.{written}";
    }

    /// <summary>A string in double quotes, with escapes for what may not stand there as it is.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in value)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(letter) => $"\\u{(int)letter:X4}",
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
