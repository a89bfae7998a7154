namespace Deploy.Rsync.Arguments;

/// <summary>A group's own option words, without those that would blind us, and what they mean for our own options.</summary>
/// <remarks>
/// Words are read as rsync's popt reads them: no abbreviations, short options in clusters, a value in the same word or in the next.
/// A value is never taken for an option: in <c>--exclude -q</c> the <c>-q</c> is a pattern.
/// </remarks>
internal sealed record OptionWords
{
    internal const string ShortWithValue = "efBTM@"; // rsync 3.0 to 3.5, options.c: short options that take a value

    /// <summary>Long options that take a value, rsync 3.0 to 3.5 (options.c, long_options).</summary>
    internal static readonly HashSet<string> LongWithValue = new(StringComparer.Ordinal)
    {
        "address", "backup-dir", "block-size", "bwlimit", "cc", "checksum-choice", "checksum-seed", "chmod", "chown", "compare-dest",
        "compress-choice", "compress-level", "compress-threads", "config", "confine-root", "contimeout", "copy-as", "copy-dest", "debug", "dparam",
        "early-input", "exclude", "exclude-from", "files-from", "filter", "groupmap", "iconv", "include", "include-from", "info", "link-dest",
        "log-file", "log-file-format", "log-format", "max-alloc", "max-delete", "max-size", "min-size", "modify-window", "only-write-batch",
        "out-format", "outbuf", "partial-dir", "password-file", "port", "protocol", "read-batch", "remote-option", "rsh", "rsync-path",
        "skip-compress", "sockopts", "stderr", "stop-after", "stop-at", "suffix", "temp-dir", "time-limit", "timeout", "usermap",
        "write-batch", "zc", "zl", "zt",
    };

    /// <summary>Long options that leave stdout empty or change what the run is (rsync.1); taken out.</summary>
    private static readonly HashSet<string> Blinding = new(StringComparer.Ordinal) { "quiet", "list-only", "msgs2stderr", "stderr" };

    /// <summary>The words that go to rsync, in their order.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>What was taken out, as the operator wrote it, e.g. <c>-q in -avq</c>.</summary>
    public required IReadOnlyList<string> TakenOut { get; init; }

    /// <summary>The last option when it takes a value and has none, or null. It would swallow the first of our options.</summary>
    public required string? WithoutValue { get; init; }

    /// <summary>Words that are neither an option nor the value of the one before: rsync takes each for another origin.</summary>
    public required IReadOnlyList<string> Operands { get; init; }

    /// <summary>True when the group sets rsync's I/O timeout itself.</summary>
    public required bool SetsTimeout { get; init; }

    /// <summary>True when the group turns kinds of messages on or off itself (<c>--info</c>), which beats <c>--verbose</c>.</summary>
    public required bool SetsInfo { get; init; }

    /// <summary>True when the group asks for a dry run (<c>-n</c>, <c>--dry-run</c>): a sync of it would write nothing and look done.</summary>
    public required bool SetsDryRun { get; init; }

    /// <summary>The last <c>--max-delete</c>, null for none; 0 for what is no plain number, by which nothing is deleted too much.</summary>
    public required int? MaxDelete { get; init; }

    public static OptionWords Read(IReadOnlyList<string> options)
    {
        var words = new List<string>(options.Count);
        var takenOut = new List<string>();
        var operands = new List<string>();
        string? withoutValue = null;
        bool timeout = false;
        bool info = false;
        bool dryRun = false;
        int? maxDelete = null;
        for (int i = 0; i < options.Count; i++)
        {
            string word = options[i];
            if (word == "--")
            {
                takenOut.Add(word); // what follows it, ours included, would be operands
                continue;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string name = word[2..].Split('=', 2)[0];
                bool valueFollows = LongWithValue.Contains(name) && !word.Contains('=', StringComparison.Ordinal);
                timeout |= name == "timeout";
                info |= name == "info";
                dryRun |= name == "dry-run";
                maxDelete = name == "max-delete" ? Plain(valueFollows ? options.ElementAtOrDefault(i + 1) : word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]) : maxDelete;
                if (valueFollows && i + 1 == options.Count)
                {
                    withoutValue = word;
                }

                if (Blinding.Contains(name))
                {
                    takenOut.Add(word);
                    i += valueFollows ? 1 : 0;
                    continue;
                }

                words.Add(word);
                if (valueFollows && i + 1 < options.Count)
                {
                    words.Add(options[++i]);
                }
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                string? kept = WithoutQuiet(word, out bool valueFollows, ref dryRun);
                if (kept != word)
                {
                    takenOut.Add(word == "-q" ? word : $"-q in {word}");
                }

                if (kept is not null)
                {
                    words.Add(kept);
                }

                if (valueFollows && i + 1 == options.Count)
                {
                    withoutValue = word;
                }
                else if (valueFollows)
                {
                    words.Add(options[++i]);
                }
            }
            else
            {
                words.Add(word);
                operands.Add(word);
            }
        }

        return new OptionWords { Words = words, TakenOut = takenOut, Operands = operands, WithoutValue = withoutValue, SetsTimeout = timeout, SetsInfo = info, SetsDryRun = dryRun, MaxDelete = maxDelete };
    }

    /// <summary>popt reads 010 as 8 and -1 as none: what is not plainly a number is the smallest.</summary>
    private static int Plain(string? value) =>
        value is ['0'] or [>= '1' and <= '9', ..] && int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : 0;

    /// <summary>The cluster without its <c>q</c>s; null when nothing is left. Letters after an option that takes a value are that value.</summary>
    private static string? WithoutQuiet(string cluster, out bool valueFollows, ref bool dryRun)
    {
        valueFollows = false;
        var kept = new System.Text.StringBuilder("-");
        for (int i = 1; i < cluster.Length; i++)
        {
            if (ShortWithValue.Contains(cluster[i], StringComparison.Ordinal))
            {
                kept.Append(cluster.AsSpan(i));
                valueFollows = i + 1 == cluster.Length;
                break;
            }

            dryRun |= cluster[i] == 'n';
            if (cluster[i] != 'q')
            {
                kept.Append(cluster[i]);
            }
        }

        return kept.Length > 1 ? kept.ToString() : null;
    }
}
