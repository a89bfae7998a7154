using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Deploy.Tests.Config.Toml;

/// <summary>A document that was made, not read: its statements as text, and the shape that reading it must give.</summary>
/// <param name="Statements">Each a key with its value, or a header; several lines where a value has them; without the last line's end.</param>
/// <param name="LineEnd">LF or CR LF, between all of them.</param>
/// <param name="Shape">As <see cref="TomlPrinter.Shape"/>.</param>
internal sealed record TomlMade(IReadOnlyList<string> Statements, string LineEnd, string Shape)
{
    public string Text => string.Concat(Statements.Select(statement => statement.Replace("\n", LineEnd, StringComparison.Ordinal) + LineEnd));
}

/// <summary>Makes documents of every form that TOML has.</summary>
internal static class TomlGen
{
    private const int DeepestValue = 3;

    private static readonly Gen<char> Unit = Gen.Frequency(
        (8, Gen.Elements("abcXYZ019_- .=[]{},#;:/\\\"'\t".ToCharArray())),
        (2, Gen.Choose(' ', '~').Select(unit => (char)unit)),
        (1, Gen.Elements('\u0000', '\u0007', '\n', '\r', '\u007f', '\u0085', 'é', '\u2028', '\uFEFF', '\uFFFF')));

    private static readonly Gen<string> AnyText = Gen.Frequency((6, Unit.Select(unit => unit.ToString())), (1, Gen.Elements("🙂", "\U00010080", "e\u0301", "\r\n")))
        .ListOf().Select(string.Concat);

    private static readonly Gen<(string Written, string Shape)> Text = Gen.OneOf(AnyText, AnyText, AnyText.Select(text => text + "\"\""))
        .SelectMany(text => Gen.Elements([.. Forms(text)])).Select(form => (form.Written, TomlPrinter.Quoted(form.Text)));

    private static readonly Gen<(string Written, string Shape)> Integer = ArbMap.Default.GeneratorFor<long>().SelectMany(small => ArbMap.Default.GeneratorFor<DoNotSize<long>>()
        .SelectMany(large => Gen.Elements(small, large.Item)))
        .SelectMany(number => Gen.Elements([.. Forms(number)]).Select(written => (written, number.ToString(CultureInfo.InvariantCulture))));

    private static readonly Gen<(string Written, string Shape)> Real = ArbMap.Default.GeneratorFor<double>()
        .SelectMany(number => Gen.Elements([.. Forms(number)]).Select(written => (written, "float " + number.ToString("R", CultureInfo.InvariantCulture))));

    private static readonly Gen<(string Written, string Shape)> Moment =
        from seconds in Gen.Choose(0, int.MaxValue)
        from days in Gen.Choose(0, 3_600_000)
        from fraction in Gen.Elements("", ".0", ".5", ".050", ".123456789012")
        from separator in Gen.Elements("T", "t", " ")
        from offset in Gen.Elements("", "Z", "z", "-00:00", "+23:59")
        from kind in Gen.Elements(TomlMoment.Date, TomlMoment.Time, TomlMoment.Both)
        select Of(DateTime.MinValue.AddDays(days).AddSeconds(seconds % 86_400), fraction, separator, offset, kind);

    private static readonly Gen<(string Written, string Shape)> Scalar =
        Gen.Frequency((4, Text), (2, Integer), (2, Real), (1, Gen.Elements(("true", "true"), ("false", "false"))), (2, Moment));

    private static readonly Gen<string> Blanks = Gen.Elements("", " ", " ", "\t ");

    /// <summary>Between the elements of a list.</summary>
    private static readonly Gen<string> Space = Gen.Frequency((5, Blanks), (1, Gen.Elements("\n", "\n\t", " # a [comment = \"\n  ", "\n\n#\n")));

    private static readonly Gen<string> Comment = Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements(" # one, [two] = \"three", "\t#", "#'''")));

    /// <summary>What keys a document has, and how headers write them.</summary>
    private sealed record Keys(Gen<string> Any, Func<string, Gen<string>> InHeader);

    private enum TomlMoment
    {
        Date,
        Time,
        Both,
    }

    /// <summary>Any document with any keys.</summary>
    public static Gen<TomlMade> Document { get; } = Documents(new Keys(Gen.OneOf(AnyText, Gen.Elements("a", "b", "c", "true", "1", "-", "2026-01-01", "")), Written));

    /// <summary>Documents whose keys are plain words, in headers without quotes, so that a line which begins with one can be taken for nothing but a statement.</summary>
    public static Gen<TomlMade> PlainDocument { get; } = Documents(
        new Keys(Gen.Choose(0, 25).SelectMany(letter => Gen.Choose(0, 99).Select(number => $"{(char)('a' + letter)}{number}")), Gen.Constant));

    private static Gen<TomlMade> Documents(Keys keys) =>
        from body in Body(keys, [], 2)
        from end in Gen.Elements("\n", "\r\n")
        select new TomlMade(body.Statements, end, $"{{{string.Join(", ", body.Entries)}}}");

    /// <summary>What stands below one header: keys with values, keys with dots, then tables and lists of tables.</summary>
    private static Gen<(List<string> Statements, List<string> Entries)> Body(Keys keys, string[] path, int levels) =>
        from names in keys.Any.ListOf().Select(names => names.Distinct().Take(6).ToList())
        from kinds in Gen.Choose(0, levels > 0 ? 8 : 5).ListOf(names.Count)
        from parts in Gen.CollectToList(names.Zip(kinds.Order()), pair => Part(keys, [.. path, pair.First], pair.Second, levels))
        select (parts.SelectMany(part => part.Statements).ToList(), names.Zip(parts, (name, part) => $"{TomlPrinter.Name(name)} = {part.Shape}").ToList());

    private static Gen<(List<string> Statements, string Shape)> Part(Keys keys, string[] path, int kind, int levels) => kind switch
    {
        <= 4 => from name in Written(path[^1])
                from line in Line(name, Value(keys, DeepestValue))
                select (new List<string> { line.Written }, line.Shape),
        5 => from names in keys.Any.ListOf().Select(names => names.Append("k").Distinct().Take(3).ToList())
             from lines in Gen.CollectToList(names, name => Written(path[^1]).SelectMany(first => Written(name).SelectMany(second => Line($"{first} . {second}", Value(keys, 1)))))
             select (lines.Select(line => line.Written).ToList(), $"{{{string.Join(", ", names.Zip(lines, (name, line) => $"{TomlPrinter.Name(name)} = {line.Shape}"))}}}"),
        <= 7 => from header in Header(keys, path, "[", "]")
                from body in Body(keys, path, levels - 1)
                select (body.Statements.Prepend(header).ToList(), $"{{{string.Join(", ", body.Entries)}}}"),
        _ => from count in Gen.Choose(1, 3)
             from headers in Header(keys, path, "[[", "]]").ListOf(count)
             from bodies in Body(keys, path, levels - 1).ListOf(count)
             select (headers.Zip(bodies).SelectMany(table => table.Second.Statements.Prepend(table.First)).ToList(),
                 $"[{string.Join(", ", bodies.Select(body => $"{{{string.Join(", ", body.Entries)}}}"))}]"),
    };

    private static Gen<(string Written, string Shape)> Line(string name, Gen<(string Written, string Shape)> values) =>
        from before in Gen.Elements("", "", "# a comment\n", "\n  ", "\t")
        from sign in Gen.Elements("=", " = ", "\t= ")
        from value in values
        from comment in Comment
        select ($"{before}{name}{sign}{value.Written}{comment}", value.Shape);

    private static Gen<string> Header(Keys keys, string[] path, string open, string close) =>
        from names in Gen.CollectToList(path, keys.InHeader)
        from dot in Gen.Elements(".", " . ")
        from blank in Blanks
        from comment in Comment
        select $"{blank}{open}{blank}{string.Join(dot, names)}{blank}{close}{comment}";

    private static Gen<(string Written, string Shape)> Value(Keys keys, int deepest) => deepest == 0
        ? Scalar
        : Gen.Frequency((5, Scalar), (1, ListOf(keys, deepest - 1)), (1, BracesOf(keys, deepest - 1)));

    private static Gen<(string Written, string Shape)> ListOf(Keys keys, int deepest) =>
        from items in Value(keys, deepest).ListOf().Select(items => items.Take(4).ToList())
        from spaces in Space.ListOf(2 * items.Count)
        from end in Space
        from comma in Gen.Elements("", items.Count > 0 ? "," : "")
        select ($"[{string.Join(',', items.Select((item, i) => spaces[2 * i] + item.Written + spaces[(2 * i) + 1]))}{comma}{end}]",
            $"[{string.Join(", ", items.Select(item => item.Shape))}]");

    private static Gen<(string Written, string Shape)> BracesOf(Keys keys, int deepest) =>
        from names in keys.Any.ListOf().Select(names => names.Distinct().Take(3).ToList())
        from written in Gen.CollectToList(names, Written)
        from values in Value(keys, deepest).ListOf(names.Count)
        from blank in Blanks
        select ($"{{{blank}{string.Join("," + blank, written.Zip(values, (name, value) => $"{name}{blank}={blank}{value.Written}{blank}"))}}}",
            $"{{{string.Join(", ", names.Zip(values, (name, value) => $"{TomlPrinter.Name(name)} = {value.Shape}"))}}}");

    /// <summary>A key in one of the forms that it can have.</summary>
    private static Gen<string> Written(string key)
    {
        string plain = TomlPrinter.Name(key);
        return Gen.Elements([plain, plain, TomlPrinter.Quoted(key), .. key.Any(unit => IsControl(unit) || unit == '\'') ? (string[])[] : [$"'{key}'"]]);
    }

    /// <summary>The forms in which a string can be written, with what each then says: in a string of several lines every line's end is LF.</summary>
    private static IEnumerable<(string Written, string Text)> Forms(string text)
    {
        yield return (TomlPrinter.Quoted(text), text);
        yield return ("\"" + string.Concat(text.EnumerateRunes().Select(rune => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"))) + "\"", text);
        if (!text.Any(unit => IsControl(unit) || unit == '\''))
        {
            yield return ($"'{text}'", text);
        }

        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (lines.Any(unit => IsControl(unit) && unit != '\n'))
        {
            yield break;
        }

        // A line's end right after the opening marks is no part of the string, so one is put there.
        yield return ($"\"\"\"\n{lines.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"\"\"", "\"\"\\\"", StringComparison.Ordinal)}\"\"\"", lines);
        if (!lines.StartsWith(' '))
        {
            yield return ($"\"\"\"\\\n \n\t{TomlPrinter.Quoted(lines)[1..^1]}\"\"\"", lines);
        }

        if (!lines.Contains("'''", StringComparison.Ordinal))
        {
            yield return ($"'''\n{lines}'''", lines);
        }
    }

    private static IEnumerable<string> Forms(long number)
    {
        string plain = number.ToString(CultureInfo.InvariantCulture);
        yield return plain;
        if (number >= 0)
        {
            yield return "+" + plain;
            yield return $"0x{number:x}";
            yield return $"0x0_{number:X16}";
            yield return "0o" + Convert.ToString(number, 8);
            yield return "0b0" + Convert.ToString(number, 2);
        }

        if (plain.Length > 4)
        {
            yield return $"{plain[..^3]}_{plain[^3..]}";
        }
    }

    private static IEnumerable<string> Forms(double number)
    {
        if (!double.IsFinite(number))
        {
            yield return double.IsNaN(number) ? "nan" : double.IsPositive(number) ? "inf" : "-inf";
            yield break;
        }

        string plain = number.ToString("R", CultureInfo.InvariantCulture);
        yield return plain.Contains('.') || plain.Contains('E') ? plain : plain + ".0";
        yield return plain.Contains('E') ? plain.Replace('E', 'e') : plain + "e0_0";
    }

    private static (string Written, string Shape) Of(DateTime at, string fraction, string separator, string offset, TomlMoment kind)
    {
        string date = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string time = at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string shortest = time + fraction.TrimEnd('0').TrimEnd('.');
        return kind switch
        {
            TomlMoment.Date => (date, $"LocalDate {date}"),
            TomlMoment.Time => (time + fraction, $"LocalTime {shortest}"),
            _ => (date + separator + time + fraction + offset, $"{(offset.Length > 0 ? "OffsetDateTime" : "LocalDateTime")} {date}T{shortest}{offset.ToUpperInvariant()}"),
        };
    }

    private static bool IsControl(char unit) => unit is (< ' ' and not '\t') or '\u007f';
}
