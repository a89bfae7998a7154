using System.Globalization;

namespace Deploy.Tui.Pieces;

/// <summary>Sizes and times in few letters, for columns.</summary>
internal static class ShortText
{
    private const string Units = "BKMGTPE"; // powers of 1000, as Output.ByteSize

    /// <summary><c>999B</c>, <c>24.8M</c>.</summary>
    public static string Size(long bytes)
    {
        var (value, unit) = Scaled(bytes, bytes);
        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary><c>605/992 MB</c>: both in the unit of the second.</summary>
    public static string Of(long done, long total)
    {
        var (whole, unit) = Scaled(total, total);
        string format = unit == 0 || whole >= 100 ? "0" : "0.0";
        return $"{Scaled(done, total).Value.ToString(format, CultureInfo.InvariantCulture)}/{whole.ToString(format, CultureInfo.InvariantCulture)} {(unit == 0 ? "B" : unit == 1 ? "kB" : Units[unit] + "B")}";
    }

    /// <summary><c>01:12</c>, <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time) => time < TimeSpan.Zero ? "00:00"
        : time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes:00}:{time.Seconds:00}");

    /// <summary><c>41s</c>, <c>1m04s</c>, <c>2h05m</c>, <c>3d</c>.</summary>
    public static string Took(TimeSpan time) => time.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)time.TotalSeconds)}s")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds:00}s")
        : time.TotalDays < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes:00}m")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d");

    /// <summary><c>14:02</c> of today, else <c>Nov 20</c>, of another year <c>2025-11</c>: it does not change by itself while one looks.</summary>
    public static string When(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (then, today) = (TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(now, zone));
        return then.ToString(then.Date == today.Date ? "HH:mm" : then.Year == today.Year ? "MMM dd" : "yyyy-MM", CultureInfo.InvariantCulture);
    }

    /// <summary><c>14:00:58</c> of today, else <c>Nov 20 14:00</c>, of another year <c>2025-11-20</c>.</summary>
    public static string WhenExactly(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (then, today) = (TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(now, zone));
        return then.ToString(then.Date == today.Date ? "HH:mm:ss" : then.Year == today.Year ? "MMM dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>A number of bytes in the unit in which another is best read.</summary>
    private static (double Value, int Unit) Scaled(long bytes, long by)
    {
        int unit = 0;
        double value = bytes;
        for (double scale = by; scale >= 999.95 && unit < Units.Length - 1; scale /= 1000)
        {
            value /= 1000;
            unit++;
        }

        return (value, unit);
    }
}
