using Deploy.Config;
using Deploy.Model.Text;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Ini;

namespace Deploy.Modes.Agent.Ini;

/// <summary>Values that the original put on a shell's command line: split into words as a shell does, quotes and backslashes, no expansion.</summary>
internal sealed class WordValue(ConfigReport report)
{
    /// <summary>The one word of this value; empty when it is not there or has none, null when it is wrong, which is reported.</summary>
    public string? One(string key, Positioned<string>? value)
    {
        if (value is not { } given)
        {
            return string.Empty;
        }

        var words = Split(key, given);
        if (words is { Count: > 1 })
        {
            report.Error(words[1].Position, $"{key} is one word, and '{words[1].Value}' is a second: quote a blank that belongs to it");
            return null;
        }

        return words switch
        {
            null => null,
            [var word] => word.Value,
            _ => string.Empty,
        };
    }

    /// <summary>All words of all values, in order; null when the key is not there.</summary>
    public IReadOnlyList<Positioned<string>>? All(string key, IReadOnlyList<Positioned<string>>? values) =>
        values?.SelectMany(value => Split(key, value) ?? []).ToList();

    /// <summary>
    /// A remote shell, which rsync itself splits into program and arguments: one quoted word loses its quotes, anything else stays as written, since
    /// rsync reads quotes as well. Null when it is not there or wrong.
    /// </summary>
    public string? Whole(string key, Positioned<string>? value)
    {
        if (value is not { } given || Split(key, given) is not { } words)
        {
            return null;
        }

        return words is [var word] ? word.Value : given.Value;
    }

    /// <summary>Patterns: the first word of each value, and further ones that are <c>--exclude=…</c> or <c>--exclude …</c> of the same key.</summary>
    public IReadOnlyList<string> Patterns(string key, IReadOnlyList<Positioned<string>>? values)
    {
        var patterns = new List<string>();
        string option = "--" + key;
        foreach (var value in values ?? [])
        {
            if (Split(key + "[]", value) is not { Count: > 0 } words)
            {
                continue;
            }

            patterns.Add(words[0].Value);
            for (int at = 1; at < words.Count; at++)
            {
                string word = words[at].Value;
                if (word.StartsWith(option + "=", StringComparison.Ordinal))
                {
                    patterns.Add(word[(option.Length + 1)..]);
                }
                else if (word == option && at + 1 < words.Count)
                {
                    patterns.Add(words[++at].Value);
                }
                else
                {
                    report.Error(words[at].Position, $"{key}[] is one pattern, and '{word}' is a second word: quote a blank that belongs to it, or write two lines");
                    break;
                }
            }

            if (words.Count > 1)
            {
                report.Warn(words[1].Position, $"{key}[] has more than one word: one line for each pattern is clearer");
            }
        }

        return patterns;
    }

    /// <summary>The words with their positions; null after reporting a quote that never closes.</summary>
    private List<Positioned<string>>? Split(string key, Positioned<string> value)
    {
        var line = ShellWords.Split(value.Value);
        if (line is ShellLine.Unterminated open)
        {
            report.Error(value.Position.Right(open.Column - 1), $"{key}: the quote {open.Quote} never closes");
            return null;
        }

        var split = (ShellLine.Split)line;
        foreach (var need in split.Needs)
        {
            // A shell leaves a pattern that matches no file as it is, and rsync reads it itself; a first word means nothing here.
            if (need.Kind is ShellNeedKind.Operator or ShellNeedKind.Expansion or ShellNeedKind.Tilde)
            {
                report.Warn(value.Position.Right(need.Column - 1), $"{key}: '{need.What}' is taken as it stands, no shell reads it any more");
            }
        }

        return split.Words.Select(word => new Positioned<string>(word.Text, value.Position.Right(word.Column - 1))).ToList();
    }
}
