using System.Globalization;

namespace Deploy.Config.Toml;

/// <summary>Reads dates and times: <c>1979-05-27T07:32:00.5+01:00</c> and its parts (RFC 3339).</summary>
internal static class TomlMoments
{
    private const string DateForm = "a date is written 1979-05-27; text needs quotes";
    private const string TimeForm = "a time is written 07:32:00 or 07:32:00.5; text needs quotes";
    private const string OffsetForm = "after a time with a date stands nothing, Z, or an offset such as +01:00";

    /// <summary>True when this word is to be a date or a time: it begins as one does.</summary>
    public static bool IsMeant(ReadOnlySpan<char> word) => BeginsAsTime(word) || (word.Length > 4 && word[4] == '-' && !word[..4].ContainsAnyExceptInRange('0', '9'));

    /// <summary>True when a word is as long as a date and looks like one: a blank and a time may follow.</summary>
    public static bool MayGoOn(ReadOnlySpan<char> word, ReadOnlySpan<char> after) => word.Length == 10 && IsMeant(word) && after is [' ', .. var time] && BeginsAsTime(time);

    /// <summary>The moment, or null and what is wrong.</summary>
    public static TomlValue.Moment? Read(ReadOnlySpan<char> word, Position position, out string? wrong)
    {
        wrong = null;
        if (BeginsAsTime(word))
        {
            return PassTime(ref word, out string time, out wrong) && IsAtEnd(word, TimeForm, out wrong)
                ? new TomlValue.Moment(TomlMomentKind.LocalTime, time, position)
                : null;
        }

        if (!PassDate(ref word, out string date, out wrong))
        {
            return null;
        }

        if (word.IsEmpty)
        {
            return new TomlValue.Moment(TomlMomentKind.LocalDate, date, position);
        }

        if (word[0] is not ('T' or 't' or ' '))
        {
            wrong = DateForm;
            return null;
        }

        word = word[1..];
        if (!PassTime(ref word, out string timeOfDay, out wrong))
        {
            return null;
        }

        var kind = word.IsEmpty ? TomlMomentKind.LocalDateTime : TomlMomentKind.OffsetDateTime;
        return PassOffset(ref word, out string offset, out wrong) && IsAtEnd(word, OffsetForm, out wrong)
            ? new TomlValue.Moment(kind, $"{date}T{timeOfDay}{offset}", position)
            : null;
    }

    private static bool BeginsAsTime(ReadOnlySpan<char> word) => word is [>= '0' and <= '9', >= '0' and <= '9', ':', ..];

    private static bool PassDate(ref ReadOnlySpan<char> rest, out string date, out string? wrong)
    {
        date = string.Empty;
        if (!HasForm(rest, "dddd-dd-dd"))
        {
            wrong = DateForm;
            return false;
        }

        int year = Number(rest[..4]);
        int month = Number(rest[5..7]);
        int day = Number(rest[8..10]);

        // DateTime knows no year 0; RFC 3339 does, and it is a leap year.
        wrong = month is < 1 or > 12 ? "a month lies between 01 and 12"
            : day < 1 || day > DateTime.DaysInMonth(year == 0 ? 4 : year, month) ? "this month does not have this day"
            : null;
        date = rest[..10].ToString();
        rest = rest[10..];
        return wrong is null;
    }

    private static bool PassTime(ref ReadOnlySpan<char> rest, out string time, out string? wrong)
    {
        time = string.Empty;
        if (!HasForm(rest, "dd:dd:dd"))
        {
            wrong = TimeForm;
            return false;
        }

        // Second 60 is a leap second (RFC 3339, 5.7).
        wrong = Number(rest[..2]) > 23 ? "an hour lies between 00 and 23"
            : Number(rest[3..5]) > 59 ? "a minute lies between 00 and 59"
            : Number(rest[6..8]) > 60 ? "a second lies between 00 and 59, or is a leap second, 60"
            : null;
        time = rest[..8].ToString();
        rest = rest[8..];
        if (wrong is null && rest is ['.', ..])
        {
            int end = rest[1..].IndexOfAnyExceptInRange('0', '9');
            end = end < 0 ? rest.Length : end + 1;
            wrong = end == 1 ? TimeForm : null;
            time += rest[..end].TrimEnd('0').TrimEnd('.').ToString();
            rest = rest[end..];
        }

        return wrong is null;
    }

    private static bool PassOffset(ref ReadOnlySpan<char> rest, out string offset, out string? wrong)
    {
        wrong = null;
        int length = rest switch
        {
            [] => 0,
            ['Z' or 'z', ..] => 1,
            ['+' or '-', .. var time] when HasForm(time, "dd:dd") => 6,
            _ => -1,
        };
        if (length < 0)
        {
            wrong = OffsetForm;
        }
        else if (length == 6 && (Number(rest[1..3]) > 23 || Number(rest[4..6]) > 59))
        {
            wrong = "an offset lies between -23:59 and +23:59";
        }

        offset = length < 1 ? string.Empty : rest[..length].ToString().ToUpperInvariant();
        rest = rest[Math.Max(0, length)..];
        return wrong is null;
    }

    private static bool IsAtEnd(ReadOnlySpan<char> rest, string form, out string? wrong)
    {
        wrong = rest.IsEmpty ? null : form;
        return wrong is null;
    }

    /// <summary>True when the text begins as the form says: <c>d</c> is a digit, the rest is itself.</summary>
    private static bool HasForm(ReadOnlySpan<char> text, string form)
    {
        if (text.Length < form.Length)
        {
            return false;
        }

        for (int i = 0; i < form.Length; i++)
        {
            if (form[i] == 'd' ? !char.IsAsciiDigit(text[i]) : text[i] != form[i])
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
