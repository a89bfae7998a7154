using System.Globalization;
using System.Text;
using Deploy.Config.Toml;

namespace Deploy.Tests.Config.Toml;

/// <summary>TOML values as text: on one line without places, to compare them.</summary>
internal static class TomlPrinter
{
    /// <summary>Every value, in order, exactly: two are equal when their shapes are.</summary>
    public static string Shape(TomlValue value) => value switch
    {
        TomlValue.Text(var text, _) => Quoted(text),
        TomlValue.Integer(var number, _) => number.ToString(CultureInfo.InvariantCulture),
        TomlValue.Real(var number, _) => "float " + number.ToString("R", CultureInfo.InvariantCulture),
        TomlValue.Flag(var flag, _) => flag ? "true" : "false",
        TomlValue.Moment(var kind, var moment, _) => $"{kind} {moment}",
        TomlValue.List list => $"[{string.Join(", ", list.Items.Select(Shape))}]",
        TomlValue.Table table => $"{{{string.Join(", ", table.Entries.Select(entry => $"{Name(entry.Key.Value)} = {Shape(entry.Value)}"))}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>A key as it may stand in a file: bare where it can be.</summary>
    public static string Name(string key) => key.Length > 0 && key.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-') ? key : Quoted(key);

    /// <summary>A string as TOML writes it between double quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char unit in text)
        {
            quoted.Append(unit switch
            {
                '"' or '\\' => $"\\{unit}",
                '\n' => "\\n",
                < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => unit.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
