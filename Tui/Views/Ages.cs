using System.Globalization;

namespace Deploy.Tui.Views;

/// <summary>Moments and time spans, coarsely: what is shown of a host at rest changes once a minute at most.</summary>
internal static class Ages
{
    /// <summary><c>&lt;30s</c>, <c>&lt;1m</c>, then whole minutes, hours, days: <c>12m</c>, <c>3h</c>, <c>9d</c>; what lies ahead is <c>&lt;30s</c>.</summary>
    public static string Of(TimeSpan age) => age < TimeSpan.FromSeconds(30) ? "<30s"
        : age < TimeSpan.FromMinutes(1) ? "<1m"
        : age < TimeSpan.FromHours(1) ? Whole(age.TotalMinutes, 'm')
        : age < TimeSpan.FromDays(1) ? Whole(age.TotalHours, 'h')
        : Whole(Math.Min(9999, age.TotalDays), 'd');

    /// <summary><c>14:01</c> of today, <c>Nov 20</c> of this year, else <c>2025-11-20</c>.</summary>
    public static string Moment(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (there, here) = (TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(now, zone));
        string format = there.Date == here.Date ? "HH:mm" : there.Year == here.Year ? "MMM d" : "yyyy-MM-dd";
        return there.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary><c>14:02</c>.</summary>
    public static string Clock(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>+1s</c>, <c>-272s</c>, <c>0s</c>; from 1000 s on minutes, then hours and days; <c>?</c> for null.</summary>
    public static string Skew(double? seconds)
    {
        if (seconds is not { } skew || !double.IsFinite(skew))
        {
            return "?";
        }

        double size = Math.Abs(skew);
        var (number, unit) = size < 999.5 ? (skew, 's') : size < 60_000 ? (skew / 60, 'm') : size < 3_600_000 ? (skew / 3600, 'h') : (Math.Clamp(skew / 86400, -99_999, 99_999), 'd');
        double whole = Math.Round(number);
        return whole == 0 ? "0s" : whole.ToString("+0;-0", CultureInfo.InvariantCulture) + unit;
    }

    private static string Whole(double number, char unit) => Math.Floor(number).ToString(CultureInfo.InvariantCulture) + unit;
}
