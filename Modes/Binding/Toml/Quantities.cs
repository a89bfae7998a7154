using System.Globalization;

namespace Deploy.Modes.Binding.Toml;

/// <summary>Durations and sizes with their units, as the TOML files have them: <c>500ms</c>, <c>5s</c>, <c>1h30m</c>, <c>64KiB</c>.</summary>
internal static class Quantities
{
    /// <summary>Longest duration that a setting may be: what an INI file may say too; the system's timers take 24 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(23);

    private const int MaxDigits = 12; // fits a long whatever the unit

    private static readonly (string Unit, long Size)[] Times = [("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond)];
    private static readonly (string Unit, long Size)[] Sizes = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    /// <summary>True for whole numbers each with one of ms, s, m, h, d, the larger units first; <c>0s</c> is zero.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        bool ok = TrySum(text, Times, out long ticks);
        duration = new TimeSpan(ticks);
        return ok;
    }

    /// <summary>True for whole numbers each with one of B, KiB, MiB, GiB; bytes.</summary>
    public static bool TrySize(string text, out long bytes) => TrySum(text, Sizes, out bytes);

    /// <summary>The shortest text that <see cref="TryDuration"/> reads as this, whole milliseconds, not negative.</summary>
    public static string Print(TimeSpan duration) => Print(duration.Ticks, Times, "0s");

    /// <summary>The shortest text that <see cref="TrySize"/> reads as this; not negative.</summary>
    public static string PrintSize(long bytes) => Print(bytes, Sizes, "0B");

    private static bool TrySum(string text, (string Unit, long Size)[] units, out long sum)
    {
        sum = 0;
        int at = 0;
        long last = long.MaxValue;
        while (at < text.Length)
        {
            int digits = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > MaxDigits)
            {
                return false;
            }

            int letters = text.AsSpan(at + digits).IndexOfAnyInRange('0', '9');
            string unit = letters < 0 ? text[(at + digits)..] : text.Substring(at + digits, letters);
            long size = units.FirstOrDefault(known => known.Unit == unit).Size;
            Int128 total = sum + ((Int128)long.Parse(text.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture) * size);
            if (size == 0 || size >= last || total > long.MaxValue)
            {
                return false;
            }

            (sum, last) = ((long)total, size);
            at += digits + unit.Length;
        }

        return text.Length > 0;
    }

    private static string Print(long value, (string Unit, long Size)[] units, string zero)
    {
        string text = string.Empty;
        foreach (var (unit, size) in units)
        {
            text += value / size > 0 ? (value / size).ToString(CultureInfo.InvariantCulture) + unit : string.Empty;
            value %= size;
        }

        return text.Length == 0 ? zero : text;
    }
}
