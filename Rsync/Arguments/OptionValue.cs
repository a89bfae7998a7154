namespace Deploy.Rsync.Arguments;

/// <summary>One option of a group with the value that it takes, wherever that stands.</summary>
/// <param name="Name">Its long name without dashes, or the short letter.</param>
/// <param name="Value">Its value; null where it has none.</param>
/// <param name="Index">The word of the option.</param>
/// <param name="ValueIndex">The word that the value is the end of.</param>
internal readonly record struct OptionValue(string Name, string? Value, int Index, int ValueIndex)
{
    /// <summary>Each option of the words in order, those of short clusters one by one, read as rsync's popt reads them; operands are passed over.</summary>
    public static IEnumerable<OptionValue> All(IReadOnlyList<string> words)
    {
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string[] parts = word[2..].Split('=', 2);
                bool follows = parts.Length == 1 && OptionWords.LongWithValue.Contains(parts[0]) && at + 1 < words.Count;
                yield return new OptionValue(parts[0], follows ? words[at + 1] : parts.ElementAtOrDefault(1), at, follows ? at + 1 : at);
                at += follows ? 1 : 0;
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                for (int letter = 1, index = at; letter < word.Length; letter++)
                {
                    bool takes = OptionWords.ShortWithValue.Contains(word[letter], StringComparison.Ordinal);
                    bool follows = takes && letter + 1 == word.Length && at + 1 < words.Count;
                    at += follows ? 1 : 0;
                    yield return new OptionValue(word[letter].ToString(), follows ? words[at] : takes ? word[(letter + 1)..].TrimStart('=') : null, index, at); // popt takes -T=DIR as -TDIR
                    letter = takes ? word.Length : letter;
                }
            }
        }
    }
}
