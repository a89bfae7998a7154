namespace Deploy.Modes.Agent;

/// <summary>The deny list for configured rsync options: what lets an origin, or whoever wrote the line, run or write something else.</summary>
/// <remarks>In an INI file that worked it is a warning and the option stays; in TOML it is an error.</remarks>
internal static class DeniedOptions
{
    /// <summary>Short options of rsync with a value, in the same word or the next: rsync(1), 3.5.0.</summary>
    private const string ValueLetters = "eMfTB@";

    private const string Hides = "would hide what is done";

    /// <param name="Index">Which word.</param>
    /// <param name="Why">What is wrong with it; follows the option in a sentence.</param>
    internal readonly record struct Denied(int Index, string Why)
    {
        /// <summary>True for what is never handed to rsync, wherever it stands.</summary>
        public bool IsTakenOut => Why == Hides;
    }

    /// <summary>Every word on the list, in order.</summary>
    /// <param name="words">The group's options as words; never a pattern, an origin or a target.</param>
    /// <param name="allowedPaths">Roots below which directories may lie.</param>
    public static IReadOnlyList<Denied> Find(IReadOnlyList<string> words, IReadOnlyList<string> allowedPaths)
    {
        var found = new List<Denied>();
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            string next = at + 1 < words.Count ? words[at + 1] : string.Empty;
            string? why = word.StartsWith("--", StringComparison.Ordinal) ? Long(word, next, allowedPaths)
                : word.Length > 1 && word[0] == '-' ? Short(word, next, allowedPaths)
                : null;
            if (why is not null)
            {
                found.Add(new Denied(at, why));
            }
        }

        return found;
    }

    private static string? Long(string word, string next, IReadOnlyList<string> allowedPaths)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        return name switch
        {
            "rsh" or "rsync-path" or "remote-option" => "starts other programs",
            "daemon" or "config" => "makes rsync a daemon",
            "log-file" or "write-batch" or "only-write-batch" => "writes a file outside the target",
            "files-from" or "read-batch" => "lets another file say what is synced",
            "old-args" or "trust-sender" or "insecure-links" or "copy-devices" or "write-devices" => "turns off a protection against the origin",
            "remove-source-files" => "deletes at the origin",
            "filter" or "exclude" or "include" => Clears(equals < 0 ? next : word[(equals + 1)..]),
            "temp-dir" or "partial-dir" or "backup-dir" or "link-dest" or "copy-dest" or "compare-dest" => Directory(equals < 0 ? next : word[(equals + 1)..], allowedPaths),
            "quiet" or "list-only" => Hides,
            _ => null,
        };
    }

    private static string? Short(string word, string next, IReadOnlyList<string> allowedPaths)
    {
        for (int at = 1; at < word.Length; at++)
        {
            switch (word[at])
            {
                case 'e' or 'M':
                    return "starts other programs";
                case 'T':
                    return Directory(Value(), allowedPaths);
                case 'f':
                    return Clears(Value());
                case 'q':
                    return Hides;
                default:
                    if (ValueLetters.Contains(word[at], StringComparison.Ordinal))
                    {
                        return null;
                    }

                    break;
            }

            // popt takes -T=DIR as -TDIR.
            string Value() => at + 1 < word.Length ? word[(at + 1)..].TrimStart('=') : next;
        }

        return null;
    }

    /// <summary>A rule that clears the list of patterns, those that protect the target among them.</summary>
    private static string? Clears(string rule) => rule.Trim() is ['!', ..] or "clear" ? "clears the patterns that protect the target" : null;

    /// <summary>Null for a directory within the target, or below an allowed root by its name alone: links are another check's work.</summary>
    private static string? Directory(string path, IReadOnlyList<string> allowedPaths)
    {
        bool climbs = path.Split('/').Contains("..");
        bool below = allowedPaths.Any(root => (path + "/").StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal));
        return climbs || (path.StartsWith('/') && !below) ? "names a directory outside the allowed paths" : null;
    }
}
