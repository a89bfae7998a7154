using System.Globalization;
using Deploy.Model;

namespace Deploy.Jobs.Rollouts;

/// <summary>Some of the hosts: a number of them, or whole percent of all.</summary>
/// <param name="Value">0 to <see cref="Limits.Hosts"/>, or 1 to 100 percent.</param>
/// <param name="IsPercent">What it counts.</param>
internal readonly record struct Portion(int Value, bool IsPercent)
{
    /// <summary>Reads <c>12</c> or <c>10%</c>; blanks around it do not count.</summary>
    public static bool TryParse(string text, out Portion portion)
    {
        text = text.Trim(' ');
        bool percent = text.EndsWith('%');
        bool read = int.TryParse(percent ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out int value);
        portion = new Portion(value, percent);
        return read && (percent ? value is >= 1 and <= 100 : value <= Limits.Hosts);
    }

    /// <summary>How many of so many hosts; of percent rounded up, so at least one.</summary>
    public int Of(int hosts) => IsPercent ? (int)((((long)hosts * Value) + 99) / 100) : Value;

    public override string ToString() => IsPercent ? $"{Value}%" : $"{Value}";
}
