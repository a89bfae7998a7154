using Deploy.Config;
using Deploy.Config.Toml;

namespace Deploy.Modes.Binding.Toml;

/// <summary>Takes the keys of one TOML table, says what is wrong with them, and in the end which keys nobody took. Everything wrong is an error: TOML files are ours, no old one has to load.</summary>
/// <remarks>Names are case-sensitive. A key that is there and wrong counts as not there for what comes after, so that one mistake gives one message.</remarks>
/// <param name="path">Its dotted name, e.g. <c>sync.site.guard</c>; empty for the file itself.</param>
/// <param name="table">The table, or null where the file has none.</param>
/// <param name="at">Where the table begins, or the file as a whole.</param>
/// <param name="report">Takes errors, warnings, and where each key stands.</param>
internal sealed class TableBinder(string path, TomlValue.Table? table, Position at, ConfigReport report)
{
    private readonly List<string> known = [];

    /// <summary>False where the table may have lost something: the file has syntax errors, or something else stands in the table's place. Both were reported; what is missing is then no mistake of its own.</summary>
    public bool IsWhole => !IsReplaced && !report.IsIncomplete;

    private bool IsReplaced { get; init; }

    /// <summary>Its dotted name.</summary>
    public string Path => path;

    /// <summary>Where the table begins, or the file as a whole.</summary>
    public Position At => at;

    /// <summary>The binder of a whole file.</summary>
    public static TableBinder Of(TomlDocument document, ConfigReport report) => new(string.Empty, document.Root, Position.Whole(document.File), report);

    /// <summary>A string, or null when it is not there or wrong.</summary>
    /// <param name="key">The key.</param>
    /// <param name="example">A value for the message, without quotes.</param>
    public Positioned<string>? Text(string key, string example) => Take(key) switch
    {
        null => null,
        TomlValue.Text(var text, var position) when IsPrintable(text) => new(text, position),
        TomlValue.Text text => Wrong<Positioned<string>?>(text.Position, $"{key} holds a control character: expected text, e.g. {key} = \"{example}\""),
        var other => Wrong<Positioned<string>?>(other.Position, $"{key} is {other.What}: expected a string, e.g. {key} = \"{example}\""),
    };

    /// <summary>A string that is not empty; an empty one counts as not there.</summary>
    public Positioned<string>? Filled(string key, string example) => Text(key, example) is { Value.Length: > 0 } text ? text : null;

    /// <summary>A path from / on, or null when it is not there, empty or wrong.</summary>
    public Positioned<string>? AbsolutePath(string key, string example)
    {
        if (Filled(key, example) is not { } given)
        {
            return null;
        }

        return ConfigPath.IsAbsolute(given.Value)
            ? given
            : Wrong<Positioned<string>?>(given.Position, $"{key} is '{given.Value}': expected an absolute path without '..', e.g. {key} = \"{example}\"");
    }

    /// <summary>A list of strings, or null when it is not there or wrong.</summary>
    public IReadOnlyList<Positioned<string>>? Texts(string key, string example)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case TomlValue.List list:
                var texts = new List<Positioned<string>>();
                foreach (var item in list.Items)
                {
                    if (item is TomlValue.Text { Value.Length: > 0 } text && IsPrintable(text.Value))
                    {
                        texts.Add(new(text.Value, text.Position));
                    }
                    else
                    {
                        report.Error(item.Position, item is TomlValue.Text ? $"{key}: a string of this list is empty or holds a control character: expected e.g. \"{example}\"" : $"{key}: {item.What} in a list of strings: expected e.g. \"{example}\"");
                    }
                }

                return texts;
            case var other:
                return Wrong<IReadOnlyList<Positioned<string>>?>(other.Position, $"{key} is {other.What}: expected a list of strings, e.g. {key} = [\"{example}\"]");
        }
    }

    /// <summary>A whole number in the range, or null when it is not there or wrong.</summary>
    public Positioned<int>? Number(string key, int least, int most, int example) => Take(key) switch
    {
        null => null,
        TomlValue.Integer(var number, var position) when number >= least && number <= most => new((int)number, position),
        TomlValue.Integer(var number, var position) => Wrong<Positioned<int>?>(position, $"{key} is {number}: expected a number from {least} to {most}"),
        var other => Wrong<Positioned<int>?>(other.Position, $"{key} is {other.What}: expected a number from {least} to {most}, e.g. {key} = {example}"),
    };

    /// <summary>A yes or no, or null when it is not there or wrong.</summary>
    public bool? Flag(string key) => Take(key) switch
    {
        null => null,
        TomlValue.Flag(var flag, _) => flag,
        var other => Wrong<bool?>(other.Position, $"{key} is {other.What}: expected {key} = true or {key} = false"),
    };

    /// <summary>A duration with its unit, or null when it is not there or wrong.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        string range = $"a duration from {Quantities.Print(least)} to {Quantities.Print(most)}, e.g. {key} = \"{Quantities.Print(TimeSpan.FromSeconds(Math.Clamp(30, Math.Max(1, least.TotalSeconds), most.TotalSeconds)))}\" (units ms, s, m, h, d)";
        return Take(key) switch
        {
            null => null,
            TomlValue.Text(var text, _) when Quantities.TryDuration(text, out var time) && time >= least && time <= most => time,
            TomlValue.Text(var text, var position) => Wrong<TimeSpan?>(position, $"{key} is '{text}': expected {range}"),
            TomlValue.Integer(var number, var position) => Wrong<TimeSpan?>(position, $"{key} is {number} without a unit: expected {range}"),
            var other => Wrong<TimeSpan?>(other.Position, $"{key} is {other.What}: expected {range}"),
        };
    }

    /// <summary>A size in bytes, written with its unit, or null when it is not there or wrong.</summary>
    public int? Size(string key, int least, int most)
    {
        string range = $"a size from {Quantities.PrintSize(least)} to {Quantities.PrintSize(most)}, e.g. {key} = \"1MiB\" (units B, KiB, MiB, GiB)";
        return Take(key) switch
        {
            null => null,
            TomlValue.Text(var text, _) when Quantities.TrySize(text, out long bytes) && bytes >= least && bytes <= most => (int)bytes,
            TomlValue.Text(var text, var position) => Wrong<int?>(position, $"{key} is '{text}': expected {range}"),
            TomlValue.Integer(var number, var position) => Wrong<int?>(position, $"{key} is {number} without a unit: expected {range}"),
            var other => Wrong<int?>(other.Position, $"{key} is {other.What}: expected {range}"),
        };
    }

    /// <summary>One of these words, or null when it is not there or wrong.</summary>
    public Positioned<string>? OneOf(string key, params string[] words)
    {
        if (Text(key, words[0]) is not { } given)
        {
            return null;
        }

        return words.Contains(given.Value, StringComparer.Ordinal) ? given : Wrong<Positioned<string>?>(given.Position, $"{key} is '{given.Value}': expected {string.Join(", ", words[..^1])} or {words[^1]}{Meant(given.Value, words)}");
    }

    /// <summary>True where a key is not there in an <see cref="IsWhole"/> table, or holds an empty string or list. What is there and wrong is not lacking, nor what is there and misspelt.</summary>
    public bool Lacks(string key) => table?.Find(key)?.Value switch
    {
        null => IsWhole && !Untaken().Any(other => NearestName.Find(other.Value, [key]) is not null),
        TomlValue.Text text => text.Value.Length == 0,
        TomlValue.List list => list.Items.Count == 0,
        _ => false,
    };

    /// <summary>Reports a key that must be there and <see cref="Lacks"/>.</summary>
    /// <param name="key">The key, which was taken before.</param>
    /// <param name="what">What it says, e.g. <c>what is read</c>.</param>
    /// <param name="example">A value as it stands in the file, with its quotes.</param>
    public void Require(string key, string what, string example)
    {
        if (Lacks(key))
        {
            string expected = $"expected {what}, e.g. {key} = {example}";
            var there = table?.Find(key)?.Value;
            report.Error(there?.Position ?? at, there is null ? $"[{path}] has no {key}: {expected}" : $"{key} is empty: {expected}");
        }
    }

    /// <summary>Any value, for a key that takes more than one type; null when it is not there.</summary>
    public TomlValue? Take(string key)
    {
        if (!known.Contains(key))
        {
            known.Add(key);
        }

        if (table?.Find(key) is not { } entry)
        {
            return null;
        }

        report.Place(TomlName.Join(path, key), entry.Key.Position);
        return entry.Value;
    }

    /// <summary>The table of this key; one that is not there takes nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="header">What should stand there where something else does, for the message; null for its name.</param>
    public TableBinder Table(string key, string? header = null)
    {
        string name = TomlName.Join(path, key);
        return Take(key) switch
        {
            null => new TableBinder(name, null, at, report) { IsReplaced = IsReplaced },
            TomlValue.Table inner => new TableBinder(name, inner, table!.Find(key)!.Key.Position, report),
            var other => Wrong(other.Position, $"{name} is {other.What}: expected a table, {(header is null ? $"[{name}]" : $"e.g. [{header}]")}", new TableBinder(name, null, other.Position, report) { IsReplaced = true }),
        };
    }

    /// <summary>The tables within the table of this key, by names of the operator's own: <c>[sync.site]</c>, <c>[sync.docs]</c>. What is no table is reported and left out.</summary>
    /// <param name="key">The key.</param>
    /// <param name="example">A name, for messages.</param>
    /// <param name="mayQuote">False where what stands in the place of a name may be a secret: a message then says where and nothing of it.</param>
    public IReadOnlyList<(Positioned<string> Name, TableBinder Table)> Tables(string key, string example, bool mayQuote = true)
    {
        string header = TomlName.Join(TomlName.Join(path, key), example);
        return Table(key, header).Tables($"a table with a name of your own, e.g. [{header}], and this key in it", mayQuote);
    }

    /// <summary>As <see cref="Tables(string, string, bool)"/>: those in this table that nobody took yet.</summary>
    /// <param name="expected">For messages: what stands there, with an example.</param>
    /// <param name="mayQuote">As there.</param>
    public IReadOnlyList<(Positioned<string> Name, TableBinder Table)> Tables(string expected, bool mayQuote = true)
    {
        var tables = new List<(Positioned<string>, TableBinder)>();
        foreach (var name in Untaken().ToList())
        {
            if (Take(name.Value) is TomlValue.Table)
            {
                tables.Add((name, Table(name.Value)));
            }
            else
            {
                report.Error(name.Position, $"{(mayQuote ? TomlName.Join(path, name.Value) : $"what stands here in [{path}]")} is {table!.Find(name.Value)!.Value.What}: expected {expected}");
            }
        }

        return tables;
    }

    /// <summary>The keys that stand there, in order.</summary>
    public IEnumerable<Positioned<string>> Keys() => table?.Entries.Select(entry => entry.Key) ?? [];

    /// <summary>Where a key stands; the table's own place where it does not.</summary>
    public Position PlaceOf(string key) => table?.Find(key)?.Key.Position ?? at;

    /// <summary>The keys that nobody took yet, in order.</summary>
    public IEnumerable<Positioned<string>> Untaken() => Keys().Where(key => !known.Contains(key.Value, StringComparer.Ordinal));

    /// <summary>Says that a key is read and does nothing yet; call it where its value was taken.</summary>
    public void WithoutEffect(string key, string why)
    {
        if (table?.Find(key) is { } entry)
        {
            report.Warn(entry.Key.Position, $"{key} has no effect in this version: {why}");
        }
    }

    /// <summary>Reports something about this table or a value in it.</summary>
    public void Error(Position position, string what) => report.Error(position, what);

    /// <summary>As <see cref="Error"/>.</summary>
    public void Warn(Position position, string what) => report.Warn(position, what);

    /// <summary>Reports every key that was not taken, with the nearest one that could have been; call it last.</summary>
    /// <param name="elsewhere">Words of the original, or of other tables, and what to write instead.</param>
    public void Close(IReadOnlyDictionary<string, string>? elsewhere = null)
    {
        foreach (var key in Untaken())
        {
            string hint = elsewhere?.GetValueOrDefault(key.Value) is { } instead ? $": {instead}"
                : Meant(key.Value, known) is { Length: > 0 } meant ? meant
                : $"; known here: {string.Join(", ", known)}";
            report.Error(key.Position, $"unknown key '{key.Value}' in {(path.Length == 0 ? "the file" : $"[{path}]")}{hint}");
        }
    }

    private static string Meant(string name, IEnumerable<string> words) => NearestName.Find(name, words) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;

    private static bool IsPrintable(string text) => !text.Any(char.IsControl);

    private T Wrong<T>(Position position, string what, T instead)
    {
        report.Error(position, what);
        return instead;
    }

    private T? Wrong<T>(Position position, string what)
    {
        report.Error(position, what);
        return default;
    }
}
