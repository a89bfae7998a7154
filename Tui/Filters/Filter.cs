using System.Buffers;
using System.Text;

namespace Deploy.Tui.Filters;

/// <summary>A filter that was read: which rows it lets pass.</summary>
/// <remarks>
/// <code>
/// filter      = word *(blank word)                all of them must hold
/// word        = ["!"] [field ":"] value *("|" value)    one of the values must hold; ! turns it round; without a field the first of the fields
/// value       = ["&lt;" / "&lt;=" / "&gt;" / "&gt;=" / "="] text
/// text        = 1*(no blank, "|", quote) / quote *(any; \" and \\) quote
/// </code>
/// </remarks>
/// <typeparam name="T">A row of the list.</typeparam>
internal sealed class Filter<T>
{
    private readonly IReadOnlyList<FilterWord<T>> words;

    private Filter(IReadOnlyList<FilterWord<T>> words) => this.words = words;

    /// <summary>Lets every row pass.</summary>
    public static Filter<T> None { get; } = new([]);

    public bool IsNone => words.Count == 0;

    /// <summary>Whether the row is shown.</summary>
    public bool Lets(T row)
    {
        foreach (var word in words)
        {
            if (!word.Lets(row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a filter. Never throws; linear in the length.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="fields">Those of the list; the first is the one that a word without a field means.</param>
    public static FilterReading<T> Parse(string text, IReadOnlyList<FilterField<T>> fields)
    {
        var reader = new FilterReader<T>(text, fields);
        var read = reader.Read();
        return read is null ? new(null, reader.Mistake) : new(read.Count == 0 ? None : new Filter<T>(read), null);
    }

    /// <summary>As it is typed: read again it is the same filter.</summary>
    public override string ToString() => string.Join(' ', words);
}

/// <summary>One word of a filter.</summary>
/// <param name="Field">As typed; null where none was.</param>
/// <param name="IsNot">Whether it is turned round.</param>
/// <param name="Values">One of these.</param>
internal sealed record FilterWord<T>(string? Field, bool IsNot, IReadOnlyList<FilterValue<T>> Values)
{
    public bool Lets(T row)
    {
        foreach (var value in Values)
        {
            if (value.Test(row))
            {
                return !IsNot;
            }
        }

        return IsNot;
    }

    public override string ToString() => new StringBuilder(IsNot ? "!" : string.Empty).Append(Field is null ? string.Empty : Field + ":").AppendJoin('|', Values).ToString();
}

/// <summary>One alternative of a word.</summary>
/// <param name="Comparison">Its sign.</param>
/// <param name="Text">Without quotes.</param>
/// <param name="Test">What it asks of a row.</param>
internal sealed record FilterValue<T>(FilterComparison Comparison, string Text, Func<T, bool> Test)
{
    /// <summary>In quotes where it would be read as something else without.</summary>
    public override string ToString() => Comparison.Sign() + (Text.AsSpan().ContainsAny(FilterSigns.All)
        ? "\"" + Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
        : Text);
}

/// <summary>Characters that mean something in a filter.</summary>
internal static class FilterSigns
{
    public static readonly SearchValues<char> All = SearchValues.Create(" \t|\"!:<>=");
}
