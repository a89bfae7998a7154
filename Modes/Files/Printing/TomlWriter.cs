using System.Globalization;
using System.Text;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes.Files.Printing;

/// <summary>A value as it stands in a TOML file: told apart from a string that is still to be quoted.</summary>
internal readonly record struct TomlText(string Toml)
{
    public override string ToString() => Toml;
}

/// <summary>Writes a TOML file line by line: tables, keys, comments behind values and before them.</summary>
internal sealed class TomlWriter
{
    private readonly StringBuilder text = new();

    /// <summary>A header, with an empty line before it unless it is the first thing.</summary>
    /// <param name="parts">The dotted name, part by part; each is quoted where it must be.</param>
    public void Table(params string[] parts)
    {
        Blank();
        text.Append('[').Append(Name(parts)).Append("]\n");
    }

    /// <summary><c>key = value</c>, and a comment behind it where there is one.</summary>
    public void Value(string key, string value, string? comment = null) =>
        text.Append(TomlName.Join(string.Empty, key)).Append(" = ").Append(value).Append(comment is null ? string.Empty : "  # " + OneLine(comment)).Append('\n');

    /// <summary>An empty line, unless there is one or nothing yet.</summary>
    public void Blank()
    {
        if (text.Length > 0 && !(text.Length > 1 && text[^1] == '\n' && text[^2] == '\n'))
        {
            text.Append('\n');
        }
    }

    /// <summary>A line of comment.</summary>
    public void Comment(string comment) => text.Append("# ").Append(OneLine(comment)).Append('\n');

    public override string ToString() => text.ToString();

    /// <summary>A dotted name.</summary>
    public static string Name(params string[] parts) => parts.Aggregate(string.Empty, TomlName.Join);

    /// <summary>A string: in single quotes where it holds backslashes or double quotes and may stand so, else in double quotes with escapes.</summary>
    public static TomlText Text(string value)
    {
        bool plain = !value.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter));
        return plain && value.AsSpan().IndexOfAny('\\', '"') >= 0 && !value.Contains('\'') ? new($"'{value}'") : new(TomlName.Quote(value));
    }

    public static TomlText List(IEnumerable<string> values) => new($"[{string.Join(", ", values.Select(value => Text(value).Toml))}]");

    public static TomlText Flag(bool value) => new(value ? "true" : "false");

    public static TomlText Number(long value) => new(value.ToString(CultureInfo.InvariantCulture));

    public static TomlText Duration(TimeSpan value) => Text(Quantities.Print(value));

    private static string OneLine(string comment) => Model.Text.SafeText.Of(comment, Model.Text.SafeTextKeep.Tab);
}
