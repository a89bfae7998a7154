using System.Globalization;

namespace Deploy.Tui.Filters;

/// <summary>Numbers with a unit, as a filter has them. Null is none.</summary>
internal static class FilterQuantities
{
    /// <summary><c>60s</c>, <c>5m</c>, <c>2h</c>, <c>3d</c>; without a unit seconds.</summary>
    public static double? Seconds(string text) => Read(text, static unit => unit switch
    {
        "" or "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => null,
    });

    /// <summary><c>10k</c>, <c>5M</c>, <c>2G</c>, <c>1T</c>, in powers of 1000, case aside, with or without a B behind; without a unit bytes.</summary>
    public static double? Bytes(string text) => Read(text, static unit => unit.ToUpperInvariant().TrimEnd('B') switch
    {
        "" => 1,
        "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        _ => null,
    });

    /// <summary>With sign or fraction, no unit.</summary>
    public static double? Number(string text) => Read(text, static unit => unit.Length == 0 ? 1 : null);

    private static double? Read(string text, Func<string, double?> factor)
    {
        int end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        return double.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && factor(text[end..]) is { } times
            ? number * times
            : null;
    }
}
