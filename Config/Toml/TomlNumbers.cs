using System.Buffers;
using System.Globalization;

namespace Deploy.Config.Toml;

/// <summary>Reads numbers.</summary>
/// <remarks>
/// <code>
/// integer   [+-] digits              no 0 before other digits; 64 bits with sign
///           0xdead 0o755 0b11        no sign, small letter; digits may begin with 0
/// float     [+-] digits .digits      either the fraction or the exponent or both
///           [+-] digits e[+-]digits  the exponent may begin with 0
///           [+-]inf [+-]nan
/// digits    an underscore may stand between two
/// </code>
/// </remarks>
internal static class TomlNumbers
{
    private const string Underscores = "in a number an underscore stands between two digits only";
    private const string OutOfRange = "an integer lies between -9223372036854775808 and 9223372036854775807";

    private static readonly SearchValues<char> DigitsAndUnderscore = SearchValues.Create("0123456789_");

    /// <summary>True when this word is to be a number, rather than text without quotes.</summary>
    public static bool IsMeant(ReadOnlySpan<char> word) => word switch
    {
        ['+' or '-', .. var rest] => rest is "inf" or "nan" || IsMeantWithoutSign(rest),
        "inf" or "nan" => true,
        _ => IsMeantWithoutSign(word),
    };

    /// <summary>The number, or null and what is wrong: null as well when this is text after all, such as <c>10.0.0.1</c> and <c>5s</c>.</summary>
    public static TomlValue? Read(ReadOnlySpan<char> word, Position position, out string? wrong)
    {
        var digits = word[0] is '+' or '-' ? word[1..] : word;
        if (digits is "inf" or "nan")
        {
            wrong = null;
            double special = digits is "nan" ? double.NaN : double.PositiveInfinity;
            return new TomlValue.Real(word[0] == '-' ? -special : special, position);
        }

        if (digits is ['0', 'x' or 'o' or 'b' or 'X' or 'O' or 'B', .. var rest])
        {
            return ReadPrefixed(char.ToLowerInvariant(digits[1]), rest, position, isPlain: digits.Length == word.Length && char.IsAsciiLetterLower(digits[1]), out wrong);
        }

        return ReadDecimal(word, digits, position, out wrong);
    }

    private static bool IsMeantWithoutSign(ReadOnlySpan<char> word) => word is [>= '0' and <= '9', ..] or ['.', >= '0' and <= '9', ..];

    private static TomlValue.Integer? ReadPrefixed(char prefix, ReadOnlySpan<char> digits, Position position, bool isPlain, out string? wrong)
    {
        uint radix = prefix switch { 'x' => 16, 'o' => 8, _ => 2 };
        ulong number = 0;
        bool fits = true;
        char before = '_';
        foreach (char c in digits)
        {
            uint digit = c switch
            {
                >= '0' and <= '9' => (uint)(c - '0'),
                >= 'a' and <= 'f' => (uint)(c - 'a' + 10),
                >= 'A' and <= 'F' => (uint)(c - 'A' + 10),
                _ => radix,
            };
            if (c == '_' ? before == '_' : digit >= radix)
            {
                wrong = c == '_' ? Underscores : char.IsAsciiLetterOrDigit(c) ? $"'{c}' is no digit of a number that begins with 0{prefix}" : null;
                return null;
            }

            if (c != '_')
            {
                fits &= number <= (ulong)long.MaxValue / radix;
                number = unchecked((number * radix) + digit);
            }

            before = c;
        }

        wrong = digits.IsEmpty ? $"digits are missing after 0{prefix}"
            : before == '_' ? Underscores
            : !isPlain ? "a number in hexadecimal, octal or binary begins with 0x, 0o or 0b, in small letters, without a sign"
            : !fits || number > long.MaxValue ? OutOfRange
            : null;
        return wrong is null ? new TomlValue.Integer((long)number, position) : null;
    }

    private static TomlValue? ReadDecimal(ReadOnlySpan<char> word, ReadOnlySpan<char> digits, Position position, out string? wrong)
    {
        var rest = digits;
        int whole = PassDigits(ref rest, out wrong);
        bool isReal = false;
        if (wrong is null && rest is ['.', ..])
        {
            isReal = true;
            rest = rest[1..];
            if ((PassDigits(ref rest, out wrong) == 0 || whole == 0) && wrong is null && rest is [] or ['e' or 'E', ..])
            {
                wrong = "a decimal point stands between two digits: 0.5, 5.0";
            }
        }

        if (wrong is null && rest is ['e' or 'E', ..])
        {
            isReal = true;
            rest = rest is [_, '+' or '-', ..] ? rest[2..] : rest[1..];
            if (PassDigits(ref rest, out wrong) == 0 && wrong is null && rest.IsEmpty)
            {
                wrong = "digits are missing after the e: 1e6";
            }
        }

        if (wrong is not null || !rest.IsEmpty)
        {
            return null;
        }

        if (whole > 1 && digits[0] == '0')
        {
            wrong = "a number does not begin with 0; octal is written 0o755";
            return null;
        }

        string plain = word.ToString().Replace("_", string.Empty, StringComparison.Ordinal);
        if (isReal)
        {
            double real = double.Parse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture);
            wrong = double.IsInfinity(real) ? "a float lies between -1.8e308 and 1.8e308" : null;
            return wrong is null ? new TomlValue.Real(real, position) : null;
        }

        wrong = long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? null : OutOfRange;
        return wrong is null ? new TomlValue.Integer(number, position) : null;
    }

    /// <summary>Passes digits with underscores between them; how many units that were.</summary>
    private static int PassDigits(ref ReadOnlySpan<char> rest, out string? wrong)
    {
        int length = rest.IndexOfAnyExcept(DigitsAndUnderscore);
        length = length < 0 ? rest.Length : length;
        var digits = rest[..length];
        wrong = digits is ['_', ..] or [.., '_'] || digits.IndexOf("__") >= 0 ? Underscores : null;
        rest = rest[length..];
        return length;
    }
}
