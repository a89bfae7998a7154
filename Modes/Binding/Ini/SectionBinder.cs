using System.Globalization;
using Deploy.Config;
using Deploy.Config.Ini;

namespace Deploy.Modes.Binding.Ini;

/// <summary>Takes the keys of one INI section, says what is wrong with them, and in the end which keys nobody took.</summary>
/// <remarks>
/// Keys are case-sensitive, as the original's were. Of several scalars the last wins, with a warning. An empty scalar counts as not set, with a warning, unless
/// <see cref="Kept"/> takes it: the original's <c>||</c> made it the default. A list written as a scalar, or the reverse, is an error: guessing could
/// widen an allow list or bring back <c>--delete</c>.
/// </remarks>
internal sealed class SectionBinder(string name, IniSection? section, ConfigReport report)
{
    /// <summary>Longest duration, seconds: 23 days; the system's timers take 24.</summary>
    private const int MaxSeconds = 23 * 24 * 60 * 60;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>A scalar that is there and not empty, or null.</summary>
    public Positioned<string>? Scalar(string key)
    {
        if (Kept(key) is not { } value)
        {
            return null;
        }

        if (value.Value.Length == 0)
        {
            report.Warn(value.Position, $"{key} is empty: as if it were not there");
            return null;
        }

        return value;
    }

    /// <summary>A scalar that is there, possibly empty, or null.</summary>
    public Positioned<string>? Kept(string key)
    {
        known.Add(key);
        IReadOnlyList<IniEntry> entries = section?.Of(key) ?? [];
        foreach (var entry in entries.Where(entry => entry.IsList))
        {
            report.Error(entry.Key.Position, $"{key} is one value: write {key} = …, without []");
        }

        if (entries.Count(entry => !entry.IsList) > 1)
        {
            report.Warn(entries[^1].Key.Position, $"{key} stands more than once in [{name}]; this one, the last, wins");
        }

        if (entries is not [.., { IsList: false } last])
        {
            return null;
        }

        report.Place($"{name}.{key}", last.Key.Position);
        return last.Value;
    }

    /// <summary>Where the value of this key stands, the last one; null when it is not there. Takes nothing and reports nothing.</summary>
    public Position? PlaceOf(string key) => section?.Of(key) is [.., var last] ? last.Value.Position : null;

    /// <summary>The values of a list in order, empty ones dropped with a warning; null when the key is not there at all.</summary>
    public IReadOnlyList<Positioned<string>>? List(string key)
    {
        known.Add(key);
        IReadOnlyList<IniEntry> entries = section?.Of(key) ?? [];
        foreach (var entry in entries)
        {
            if (!entry.IsList)
            {
                report.Error(entry.Key.Position, $"{key} is a list: write {key}[] = …");
            }
            else if (entry.Value.Value.Length == 0)
            {
                report.Warn(entry.Value.Position, $"{key}[] is empty: as if it were not there");
            }
        }

        if (entries.Count > 0)
        {
            report.Place($"{name}.{key}", entries[0].Key.Position);
        }

        return entries.Count == 0 ? null : entries.Where(entry => entry.Value.Value.Length > 0).Select(entry => entry.Value).ToList();
    }

    /// <summary>A whole number in the range, or null when it is not there or wrong.</summary>
    public int? Number(string key, int least, int most)
    {
        if (Scalar(key) is not { } value)
        {
            return null;
        }

        if (int.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        report.Error(value.Position, $"{key} is '{value.Value}': expected a number from {least} to {most}");
        return null;
    }

    /// <summary>A duration in whole seconds; <see cref="TimeSpan.Zero"/> for 0, null when it is not there or wrong.</summary>
    public TimeSpan? Seconds(string key)
    {
        if (Scalar(key) is not { } value)
        {
            return null;
        }

        if (int.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= MaxSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        report.Error(value.Position, $"{key} is '{value.Value}': expected seconds, a number from 0 to {MaxSeconds}");
        return null;
    }

    /// <summary>A yes or no: <c>true</c>, <c>on</c>, <c>1</c> in any case are yes, everything else is no (what is not plainly a no, with a warning). // original</summary>
    public bool? Flag(string key)
    {
        if (Scalar(key) is not { } value)
        {
            return null;
        }

        string word = value.Value.ToLowerInvariant();
        if (word is not ("true" or "on" or "1" or "false" or "off" or "0" or "no"))
        {
            report.Warn(value.Position, $"{key} is '{value.Value}', which means no: expected true, on, 1, false, off or 0");
        }

        return word is "true" or "on" or "1";
    }

    /// <summary>Takes a key that we know and that does nothing; says so when it is there.</summary>
    public void WithoutEffect(string key, string why)
    {
        known.Add(key);
        if (section?.Of(key) is [var entry, ..])
        {
            report.Warn(entry.Key.Position, $"{key} has no effect: {why}");
        }
    }

    /// <summary>Warns of every key that was not taken, with the nearest one that could have been; call it last.</summary>
    public void WarnOfUnknownKeys()
    {
        foreach (string key in section?.Keys ?? [])
        {
            if (!known.Contains(key))
            {
                string hint = NearestName.Find(key, known) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;
                report.Warn(section!.Of(key)[0].Key.Position, $"unknown key '{key}' in [{name}]{hint}");
            }
        }
    }
}
