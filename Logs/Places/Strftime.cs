using System.Globalization;
using System.Text;

namespace Deploy.Logs.Places;

/// <summary>
/// Names of log files by time, as strftime(3) makes them in the C locale: <c>%Y %C %y %G %g %m %d %e %j %H %k %I %l %M %S %p %b %h %B %a %A %u %w %U %V %W %F %T %D %R %s %Z %z %%</c>.
/// Any other conversion stays as it is written; a line break or a tab (<c>%n</c>, <c>%t</c>) helps no file name.
/// </summary>
internal static class Strftime
{
    /// <summary>The name at this time.</summary>
    /// <param name="pattern">From the configuration alone: nothing remote ever gets into a name.</param>
    /// <param name="time">The instant.</param>
    /// <param name="zone">Whose local time is meant.</param>
    public static string Format(string pattern, DateTimeOffset time, TimeZoneInfo zone)
    {
        if (!pattern.Contains('%', StringComparison.Ordinal))
        {
            return pattern;
        }

        var local = TimeZoneInfo.ConvertTime(time, zone);
        var text = new StringBuilder(pattern.Length + 16);
        for (int at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '%' && at + 1 < pattern.Length && Convert(pattern[at + 1], local, zone) is { } converted)
            {
                text.Append(converted);
                at++;
            }
            else
            {
                text.Append(pattern[at]);
            }
        }

        return text.ToString();
    }

    private static string? Convert(char conversion, DateTimeOffset at, TimeZoneInfo zone) => conversion switch
    {
        'Y' => Digits(at.Year, 1),
        'C' => Digits(at.Year / 100, 2),
        'y' => Digits(at.Year % 100, 2),
        'G' => Digits(ISOWeek.GetYear(at.DateTime), 1),
        'g' => Digits(ISOWeek.GetYear(at.DateTime) % 100, 2),
        'm' => Digits(at.Month, 2),
        'd' => Digits(at.Day, 2),
        'e' => Padded(at.Day),
        'j' => Digits(at.DayOfYear, 3),
        'H' => Digits(at.Hour, 2),
        'k' => Padded(at.Hour),
        'I' => Digits(Hour12(at), 2),
        'l' => Padded(Hour12(at)),
        'M' => Digits(at.Minute, 2),
        'S' => Digits(at.Second, 2),
        'p' => at.Hour < 12 ? "AM" : "PM",
        'b' or 'h' => CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames[at.Month - 1],
        'B' => CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[at.Month - 1],
        'a' => CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames[(int)at.DayOfWeek],
        'A' => CultureInfo.InvariantCulture.DateTimeFormat.DayNames[(int)at.DayOfWeek],
        'u' => Digits(at.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)at.DayOfWeek, 1),
        'w' => Digits((int)at.DayOfWeek, 1),
        'U' => Digits(Week(at, DayOfWeek.Sunday), 2),
        'V' => Digits(ISOWeek.GetWeekOfYear(at.DateTime), 2),
        'W' => Digits(Week(at, DayOfWeek.Monday), 2),
        'F' => $"{Digits(at.Year, 1)}-{Digits(at.Month, 2)}-{Digits(at.Day, 2)}",
        'T' => $"{Digits(at.Hour, 2)}:{Digits(at.Minute, 2)}:{Digits(at.Second, 2)}",
        'D' => $"{Digits(at.Month, 2)}/{Digits(at.Day, 2)}/{Digits(at.Year % 100, 2)}",
        'R' => $"{Digits(at.Hour, 2)}:{Digits(at.Minute, 2)}",
        's' => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'Z' => ZoneName(at, zone),
        'z' => (at.Offset < TimeSpan.Zero ? "-" : "+") + at.Offset.ToString("hhmm", CultureInfo.InvariantCulture),
        '%' => "%",
        _ => null,
    };

    private static string Digits(int number, int width) => number.ToString("D" + width, CultureInfo.InvariantCulture);

    private static string Padded(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(2);

    private static int Hour12(DateTimeOffset at) => at.Hour % 12 == 0 ? 12 : at.Hour % 12;

    /// <summary>Weeks that begin on this day; 0 before the year's first one.</summary>
    private static int Week(DateTimeOffset at, DayOfWeek first) => (at.DayOfYear + 6 - (((int)at.DayOfWeek - (int)first + 7) % 7)) / 7;

    /// <summary>The zone's abbreviation, e.g. <c>CET</c>: built without cultures, the class library has these for names, but for UTC, which it spells out.</summary>
    private static string ZoneName(DateTimeOffset at, TimeZoneInfo zone) =>
        (zone.IsDaylightSavingTime(at) ? zone.DaylightName : zone.StandardName) is var name && name.Contains(' ', StringComparison.Ordinal) ? "UTC" : name;
}
