using Deploy.Rsync.Arguments;

namespace Deploy.Modes.Agent;

/// <summary>The deny list for configured rsync options: what lets an origin, or whoever wrote the line, run or write something else.</summary>
/// <remarks>In an INI file that worked it is a warning and the option stays; in TOML it is an error. rsync's popt knows no abbreviations, so names are whole here too.</remarks>
internal static class DeniedOptions
{
    private const string Hides = "would hide what is done";

    /// <param name="Index">Which word.</param>
    /// <param name="Why">What is wrong with it; follows the option in a sentence.</param>
    internal readonly record struct Denied(int Index, string Why)
    {
        /// <summary>True for what is never handed to rsync, wherever it stands.</summary>
        public bool IsTakenOut => Why == Hides;
    }

    /// <summary>Every word on the list, in order, with the first that is wrong with it.</summary>
    /// <param name="words">The group's options as words; never a pattern, an origin or a target.</param>
    /// <param name="allowedPaths">Roots below which directories may lie.</param>
    public static IReadOnlyList<Denied> Find(IReadOnlyList<string> words, IReadOnlyList<string> allowedPaths) =>
    [
        .. OptionValue.All(words)
            .Select(option => (option.Index, Why: Why(option.Name, option.Value ?? string.Empty, allowedPaths)))
            .Where(found => found.Why is not null)
            .DistinctBy(found => found.Index)
            .Select(found => new Denied(found.Index, found.Why!)),
    ];

    private static string? Why(string name, string value, IReadOnlyList<string> allowedPaths) => name switch
    {
        "rsh" or "e" or "rsync-path" or "remote-option" or "M" => "starts other programs",
        "early-input" => "shows a file of this host to the origin",
        "daemon" or "server" or "sender" or "config" or "dparam" => "makes rsync a daemon",
        "log-file" or "write-batch" or "only-write-batch" => "writes a file outside the target",
        "files-from" or "read-batch" => "lets another file say what is synced",
        "old-args" or "trust-sender" or "insecure-links" or "copy-devices" or "write-devices" => "turns off a protection against the origin",
        "keep-dirlinks" or "K" => "writes through links that lie in the target, and so outside it",
        "remove-source-files" or "remove-sent-files" => "deletes at the origin",
        "filter" or "f" when FileValues.MergedFile(value.Trim()) is not null => "takes in a file of rules, which may clear the patterns that protect the target",
        "filter" or "f" or "exclude" or "include" => Clears(value),
        "temp-dir" or "T" or "partial-dir" or "backup-dir" or "link-dest" or "copy-dest" or "compare-dest" => Directory(value, allowedPaths),
        "quiet" or "q" or "list-only" => Hides,
        _ => null,
    };

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
