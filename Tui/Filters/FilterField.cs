using Deploy.Model.Text;

namespace Deploy.Tui.Filters;

/// <summary>A field that a filter may ask for, and how its values are compared.</summary>
/// <typeparam name="T">A row of the list.</typeparam>
/// <param name="name">In front of the colon: lower case.</param>
/// <param name="shape">A value as an example, for the line that says what is expected.</param>
/// <param name="read">Makes a test of what is typed; null where that is no such value.</param>
internal sealed class FilterField<T>(string name, string shape, Func<FilterComparison, string, Func<T, bool>?> read)
{
    public string Name => name;

    /// <summary>What may stand behind the colon, e.g. <c>up, suspect, down</c> or <c>&gt;60s</c>.</summary>
    public string Shape => shape;

    /// <summary>The test; null where the value is none of this field.</summary>
    public Func<T, bool>? Read(FilterComparison comparison, string value) => read(comparison, value);

    /// <summary>Words of which the row has some, e.g. its groups: one that starts so, case aside.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="values">Of a row.</param>
    /// <param name="known">All that there are, where that is certain: another word is a mistake then.</param>
    public static FilterField<T> Words(string name, Func<T, IEnumerable<string>> values, IReadOnlyList<string>? known = null) =>
        new(name, known is null ? "a word" : string.Join(", ", known), (comparison, word) => comparison switch
        {
            not (FilterComparison.None or FilterComparison.Equal) => null,
            _ when known is not null && !known.Any(one => Is(comparison, one, word)) => null,
            _ => row => values(row).Any(one => Is(comparison, one, word)),
        });

    /// <summary>One word, or null for none; else as <see cref="Words"/>.</summary>
    public static FilterField<T> Word(string name, Func<T, string?> value, IReadOnlyList<string>? known = null) =>
        Words(name, row => value(row) is { } word ? [word] : [], known);

    /// <summary>Text in which what is typed stands somewhere, case aside; <c>=</c> in front is all of it.</summary>
    public static FilterField<T> Text(string name, Func<T, string?> text) => new(name, "a piece of the text", (comparison, piece) => comparison switch
    {
        FilterComparison.None => row => text(row)?.Contains(piece, StringComparison.OrdinalIgnoreCase) == true,
        FilterComparison.Equal => row => string.Equals(text(row), piece, StringComparison.OrdinalIgnoreCase),
        _ => null,
    });

    /// <summary>A host's name: a piece of it, or folded hosts: <c>web-[001-040]</c>.</summary>
    public static FilterField<T> Host(string name, Func<T, string> host) => Hosts(name, row => [host(row)]);

    /// <summary>Hosts, some of which are meant: as <see cref="Host"/>.</summary>
    public static FilterField<T> Hosts(string name, Func<T, IEnumerable<string>> hosts) => new(name, "a piece of a name, or web-[001-040]", (comparison, piece) =>
    {
        if (comparison is not (FilterComparison.None or FilterComparison.Equal))
        {
            return null;
        }

        return piece.Contains('[', StringComparison.Ordinal)
            ? Model.Hosts.FrozenHosts.TryParse(piece, out var folded, out _) ? row => hosts(row).Any(folded.Contains) : null
            : comparison == FilterComparison.Equal
            ? row => hosts(row).Any(host => host.Equals(piece, StringComparison.OrdinalIgnoreCase))
            : row => hosts(row).Any(host => host.Contains(piece, StringComparison.OrdinalIgnoreCase));
    });

    /// <summary>A version: <c>3.4.3</c> alone is that one and those below it (3.4.3.1), with a sign older or newer ones.</summary>
    public static FilterField<T> Version(string name, Func<T, string?> version) => new(name, "<3.4.3", (comparison, wanted) => !char.IsAsciiDigit(wanted[0])
        ? null
        : comparison == FilterComparison.None
        ? row => version(row) is { } has && (has == wanted || has.StartsWith(wanted + ".", StringComparison.Ordinal))
        : row => version(row) is { } has && comparison.Holds(VersionOrder.Compare(has, wanted)));

    /// <summary>A time span: <c>60s</c>, <c>5m</c>, <c>2h</c>, <c>3d</c>; a number alone is seconds. Alone it means at least that long.</summary>
    public static FilterField<T> Age(string name, Func<T, TimeSpan?> age) => Quantity(name, ">60s", FilterQuantities.Seconds, row => age(row)?.TotalSeconds);

    /// <summary>A size in bytes: <c>10k</c>, <c>5M</c>, <c>2G</c>, in powers of 1000. Alone it means at least that much.</summary>
    public static FilterField<T> Size(string name, Func<T, long?> bytes) => Quantity(name, ">10M", FilterQuantities.Bytes, row => bytes(row));

    /// <summary>A number. Alone it means exactly that.</summary>
    public static FilterField<T> Number(string name, Func<T, double?> number) => Quantity(name, ">0", FilterQuantities.Number, number, FilterComparison.Equal);

    private static FilterField<T> Quantity(string name, string shape, Func<string, double?> read, Func<T, double?> value, FilterComparison alone = FilterComparison.AtLeast) =>
        new(name, shape, (comparison, text) => read(text) is not { } wanted
            ? null
            : row => value(row) is { } has && (comparison == FilterComparison.None ? alone : comparison).Holds(has.CompareTo(wanted)));

    private static bool Is(FilterComparison comparison, string one, string word) =>
        comparison == FilterComparison.Equal ? one.Equals(word, StringComparison.OrdinalIgnoreCase) : one.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{name}: {SafeText.Of(shape)}";
}
