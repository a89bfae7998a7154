using System.Text;
using Deploy.Model.Text;

namespace Deploy.Tui.Filters;

/// <summary>Reads one filter; the grammar is at <see cref="Filter{T}"/>.</summary>
internal sealed class FilterReader<T>(string text, IReadOnlyList<FilterField<T>> fields)
{
    private int at;

    /// <summary>Why it could not be read; null before, and where it could.</summary>
    public FilterMistake? Mistake { get; private set; }

    /// <summary>Its words; null where there is a mistake.</summary>
    public IReadOnlyList<FilterWord<T>>? Read()
    {
        List<FilterWord<T>> words = [];
        while (SkipBlanks())
        {
            if (Word() is not { } word)
            {
                return null;
            }

            words.Add(word);
        }

        return words;
    }

    private bool SkipBlanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at < text.Length;
    }

    private FilterWord<T>? Word()
    {
        bool isNot = text[at] == '!';
        at += isNot ? 1 : 0;
        int start = at;
        string? name = FieldName();
        var field = name is null ? fields[0] : fields.FirstOrDefault(one => one.Name == name.ToLowerInvariant());
        if (field is null)
        {
            return Wrong($"there is no field '{SafeText.Of(name!, 40)}': {string.Join(", ", fields.Select(one => one.Name))}", start);
        }

        List<FilterValue<T>> values = [];
        do
        {
            if (Value(field) is not { } value)
            {
                return null;
            }

            values.Add(value);
        }
        while (at < text.Length && text[at++] == '|');
        return new FilterWord<T>(name is null ? null : field.Name, isNot, values);
    }

    /// <summary>What stands in front of a colon; null where there is none before the value ends.</summary>
    private string? FieldName()
    {
        int end = text.AsSpan(at).IndexOfAny(":\" \t|");
        if (end < 0 || text[at + end] != ':')
        {
            return null;
        }

        string name = text.Substring(at, end);
        at += end + 1;
        return name;
    }

    private FilterValue<T>? Value(FilterField<T> field)
    {
        int start = at;
        var comparison = FilterComparisons.At(text.AsSpan(at));
        at += comparison.Sign().Length;
        string? value = at < text.Length && text[at] == '"' ? Quoted() : Bare();
        if (value is null)
        {
            return null;
        }

        if (value.Length == 0)
        {
            Wrong($"{field.Name}: expected {field.Shape}", start);
            return null;
        }

        if (at < text.Length && text[at] is not (' ' or '\t' or '|'))
        {
            Wrong("a quote stands around a whole value", at);
            return null;
        }

        if (field.Read(comparison, value) is not { } test)
        {
            Wrong($"{field.Name}: '{SafeText.Of(comparison.Sign() + value, 40)}': expected {field.Shape}", start);
            return null;
        }

        return new FilterValue<T>(comparison, value, test);
    }

    private string Bare()
    {
        int length = text.AsSpan(at).IndexOfAny(" \t|\"");
        string value = length < 0 ? text[at..] : text.Substring(at, length);
        at += value.Length;
        return value;
    }

    private string? Quoted()
    {
        int start = at++;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != '"')
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at++]);
        }

        if (at >= text.Length)
        {
            Wrong("the quote is not closed", start);
            return null;
        }

        at++;
        return value.ToString();
    }

    private FilterWord<T>? Wrong(string what, int offset)
    {
        Mistake = new FilterMistake(what, offset);
        return null;
    }
}
