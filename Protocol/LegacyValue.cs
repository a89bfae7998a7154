namespace Deploy.Protocol;

/// <summary>A value of legacy JSON, as peers send it; equality is by reference where there are children.</summary>
internal abstract record LegacyValue;

/// <summary>A string, in ByteText.</summary>
internal sealed record LegacyString(string Text) : LegacyValue;

/// <summary>A number, <c>true</c> or <c>false</c>, as it was written.</summary>
internal sealed record LegacyNumber(string Written) : LegacyValue;

/// <summary>null, and the content of an empty body.</summary>
internal sealed record LegacyNull : LegacyValue
{
    public static LegacyNull Value { get; } = new();
}

/// <summary>A list.</summary>
internal sealed record LegacyList(IReadOnlyList<LegacyValue> Items) : LegacyValue;

/// <summary>An object; members in the order they came, of a name that came twice the last (as JSON::PP has it).</summary>
internal sealed record LegacyObject(IReadOnlyList<KeyValuePair<string, LegacyValue>> Members) : LegacyValue
{
    /// <summary>The member of this name, or null when there is none.</summary>
    public LegacyValue? Get(string name)
    {
        foreach (var member in Members)
        {
            if (member.Key == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>The member as text: a string, or a number as written; null for anything else and when there is none.</summary>
    public string? GetText(string name) => Get(name) switch
    {
        LegacyString text => text.Text,
        LegacyNumber number => number.Written,
        _ => null,
    };

    /// <summary>The strings of a list member; empty for anything else.</summary>
    public IReadOnlyList<string> GetTexts(string name) =>
        Get(name) is LegacyList list ? [.. list.Items.OfType<LegacyString>().Select(item => item.Text)] : [];
}

/// <summary>What became of a body that should be JSON.</summary>
/// <param name="Value">The value; null when nothing could be read.</param>
/// <param name="Problems">What could not be read or was read as it stood, in words with line numbers; remote text in it is not neutralised. Empty for valid JSON.</param>
/// <param name="Whole">False when the end is missing or a line was lost, so that more may have stood there.</param>
internal sealed record LegacyReading(LegacyValue? Value, IReadOnlyList<string> Problems, bool Whole);
