namespace Deploy.Config.Toml;

/// <summary>Reads values of one word: numbers, dates and times, <c>true</c> and <c>false</c>; and says of other words what they lack.</summary>
internal static class TomlWords
{
    /// <summary>The value; null when it is none.</summary>
    /// <param name="word">Not empty.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="key">Whose value it is, as it is written; empty in a list.</param>
    /// <param name="wrong">Why it is none. It quotes only words that are no secret.</param>
    public static TomlValue? Read(ReadOnlySpan<char> word, Position position, ReadOnlySpan<char> key, out string wrong)
    {
        string? reason = null;
        TomlValue? value = word switch
        {
            "true" or "false" => new TomlValue.Flag(word is "true", position),
            _ when TomlMoments.IsMeant(word) => TomlMoments.Read(word, position, out reason),
            _ when TomlNumbers.IsMeant(word) => TomlNumbers.Read(word, position, out reason),
            _ => null,
        };
        wrong = value is not null ? string.Empty : reason ?? NoValue(word, key);
        return value;
    }

    private static string NoValue(ReadOnlySpan<char> word, ReadOnlySpan<char> key)
    {
        const int longest = 9; // "undefined"
        string lower = word.Length > longest ? string.Empty : word.ToString().ToLowerInvariant();
        return lower switch
        {
            "on" or "off" or "yes" or "no" => $"'{word}' is no TOML value: expected true or false, a number, or a string in quotes",
            "true" or "false" or "inf" or "nan" => $"'{word}' is no TOML value: expected {lower}, in small letters",
            "null" or "nil" or "none" or "undefined" => $"'{word}' is no TOML value: what has no value is left out, with its key",
            _ when word[0] is '\u201C' or '\u201D' or '\u201E' or '\u2018' or '\u2019' => "TOML knows straight quotes only: \" or '",
            _ => $"this is no TOML value: text needs quotes: {(key.IsEmpty ? string.Empty : $"{TomlErrors.Shown(key.Trim().ToString())} = ")}{(word.Contains('\\') ? "'…'" : "\"…\"")}",
        };
    }
}
